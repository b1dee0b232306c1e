import { describe, expect, it } from 'vitest';
import { failureReply, inputOf } from './scripted-desk.ts';
import { setStage } from './stage.ts';

describe('a command in reply to a message', () => {
  it('takes that message’s words and media', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const original = anna.sendPhoto({ caption: 'Note: to:everyone, the sale "begins"' });
    await anna.chat.waitForMessage('Shall I post');
    anna.reply(original, '/schedule to:x when:"tomorrow 9:00"');
    await anna.chat.waitForMessage('schedule:');
    expect(desk.runs[0]!.input).toEqual({
      kind: 'fields',
      fields: { to: 'x', when: 'tomorrow 9:00', text: 'Note: to:everyone, the sale "begins"' },
    });
    expect(desk.runs[0]!.media).toHaveLength(1);
  });

  it('reads bare words as what is still missing, else as words of its own', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const original = anna.forward('The original');
    anna.reply(original, '/schedule tomorrow 9:00');
    await anna.chat.waitForMessage('tomorrow 9:00');
    anna.reply(original, '/schedule when:monday Have a look:');
    await anna.chat.waitForMessage('monday');
    expect(desk.runs.map((run) => run.input)).toEqual([
      { kind: 'fields', fields: { when: 'tomorrow 9:00', text: 'The original' } },
      { kind: 'fields', fields: { when: 'monday', text: 'Have a look:\n\nThe original' } },
    ]);
  });

  it('asks for what is missing', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const original = anna.forward('The original');
    anna.reply(original, '/schedule');
    const question = await anna.chat.waitForMessage('/schedule: when');
    expect(question.forceReply).toBe(true);
    anna.reply(question, 'fri 18:30');
    await anna.chat.waitForMessage('fri 18:30');
    expect(desk.runs[0]!.input).toEqual({
      kind: 'fields',
      fields: { when: 'fri 18:30', text: 'The original' },
    });
  });

  it('takes only the words that the person marked in it', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const original = anna.forward('Before. The point. After.');
    anna.reply(original, '/schedule when:now', {
      quote: { text: 'The point.', position: 8, is_manual: true },
    });
    await anna.chat.waitForMessage('The point.');
    expect(inputOf(desk.runs[0]!)).toBe('{"when":"now","text":"The point."}');
  });

  it('means nothing special for other commands, nor in reply to the bot itself', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const original = anna.forward('The original');
    anna.reply(original, '/post own words');
    const answer = await anna.chat.waitForMessage('post: own words');
    anna.reply(answer, '/schedule when:now mine');
    await anna.chat.waitForMessage('schedule: when:now mine');
    expect(desk.runs.map((run) => run.input.kind)).toEqual(['text', 'text']);
  });

  it('takes a whole album that it was shown before', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const album = await anna.sendAlbum([{}, {}, {}], { caption: 'Holiday' });
    await anna.chat.waitForMessage('Shall I post these 3 files');
    anna.reply(album[1]!, '/schedule when:now');
    await anna.chat.waitForMessage('schedule:');
    expect(desk.runs[0]!.media).toHaveLength(3);
    expect(inputOf(desk.runs[0]!)).toContain('Holiday');
    // Also after its offer was taken.
    await anna.press(anna.chat.botMessages()[0]!, 'Schedule this');
    anna.reply(album[2]!, '/schedule when:later');
    await anna.chat.waitForMessage('later');
    expect(desk.runs.at(-1)!.media).toHaveLength(3);
  });

  it('does not take a part for the whole of an album that it was never shown', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team');
    desk.known.add(group.id);
    const album = await anna.in(group).sendAlbum([{}, {}], { caption: 'Holiday', only: [] });
    anna.in(group).reply(album[0]!, '/schedule when:now');
    await group.waitForMessage('Only one picture of this album reached me');
    expect(desk.runs).toHaveLength(0);
  });
});

describe('what is sent without a command in a private chat', () => {
  it('gets a button; pressed, the command asks for the rest and takes the message over', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const forwarded = anna.forward({ photo: { caption: 'From a channel' } });
    const offer = await anna.chat.waitForMessage('Shall I post this for you?');
    expect(offer.replyTo).toBe(forwarded.id);
    expect(offer.buttons).toEqual([[expect.objectContaining({ label: 'Schedule this', style: 'primary' })]]);
    expect(await anna.press(offer, 'Schedule this')).toEqual({ alert: false });
    const question = await anna.chat.waitForMessage('When it goes out');
    anna.reply(question, 'tomorrow 9:00');
    await anna.chat.waitForMessage('schedule: {');
    expect(desk.runs[0]!.input).toEqual({
      kind: 'fields',
      fields: { when: 'tomorrow 9:00', text: 'From a channel' },
    });
    expect(desk.runs[0]!.media).toHaveLength(1);
    expect(anna.chat.messages().find((message) => message.id === offer.id)!.buttons).toEqual([]);
  });

  it('is taken once, however often the button is pressed', async () => {
    const { telegram } = await setStage();
    const anna = telegram.user('Anna');
    anna.say('Only words');
    const offer = await anna.chat.waitForMessage('Shall I post these words');
    const answers = await Promise.all([1, 2, 3].map(() => anna.press(offer, 'Schedule this')));
    expect(answers.filter((answer) => answer.text?.includes('taken already'))).toHaveLength(2);
    const questions = anna.chat.botMessages().filter((message) => message.forceReply);
    expect(questions).toHaveLength(1);
  });

  it('may be answered again when the command refuses the answer', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    desk.onRun = (request) =>
      inputOf(request).includes('someday')
        ? failureReply('That time was not understood.')
        : { tone: 'success', title: ['Scheduled'], blocks: [] };
    anna.say('Words');
    await anna.press(await anna.chat.waitForMessage('Shall I'), 'Schedule this');
    const question = await anna.chat.waitForMessage('When it goes out');
    anna.reply(question, 'someday');
    // The refusal asks again: words in answer to it are not taken for something to post.
    const refusal = await anna.chat.waitForMessage('not understood');
    expect(refusal.forceReply).toBe(true);
    anna.reply(refusal, 'someday soon');
    await expect.poll(() => desk.runs.length).toBe(2);
    anna.reply(question, 'monday');
    await anna.chat.waitForMessage('Scheduled');
    expect(desk.runs).toHaveLength(3);
    anna.reply(refusal, 'tuesday');
    await anna.chat.waitForMessage('Shall I', { after: refusal });
    expect(desk.runs).toHaveLength(3);
  });

  it('is still known after a restart, and so is the question', async () => {
    const stage = await setStage();
    const { telegram, desk } = stage;
    const anna = telegram.user('Anna');
    anna.say('Words to keep');
    const offer = await anna.chat.waitForMessage('Shall I');
    await stage.restart();
    await anna.press(offer, 'Schedule this');
    const question = await anna.chat.waitForMessage('When it goes out');
    await stage.restart();
    anna.reply(question, 'monday');
    await anna.chat.waitForMessage('monday');
    expect(inputOf(desk.runs[0]!)).toContain('Words to keep');
  });

  it('is refused at once when it is too large or nothing that can be posted', async () => {
    const { telegram } = await setStage();
    const anna = telegram.user('Anna');
    anna.sendVideo({ size: 30 * 1024 * 1024, name: 'film.mp4' });
    await anna.chat.waitForMessage('film.mp4 (30 MB)');
    anna.sendVoice();
    await anna.chat.waitForMessage('A voice message cannot be posted');
  });

  it('is no offer in a group', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team');
    desk.known.add(group.id);
    await anna.in(group).sendAlbum([{}, {}], { caption: 'just looking' });
    anna.in(group).say('small talk');
    anna.in(group).say('/help');
    await group.waitForMessage('help:');
    expect(group.botMessages()).toHaveLength(1);
  });
});
