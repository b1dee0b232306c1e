/** Messages as Telegram really delivers them: in pieces, in topics, in answer to other chats, in somebody else's name. */
import { describe, expect, it, vi } from 'vitest';
import { failureReply, inputOf } from './scripted-desk.ts';
import { eventually, setStage } from './stage.ts';

const fieldsOf = (run: { input: unknown }) => (run.input as { fields: object }).fields;

/** What takes the place of the text of a message that has none. */
const without = (content: Record<string, unknown>) => ({ extra: { text: undefined, ...content } });

describe('a text that Telegram has cut', () => {
  it('is one text again, with its links where they were', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const half = `/post ${'Long story. '.repeat(200)}`.trim();
    anna.say(half);
    anna.say('More here.', {
      extra: { entities: [{ type: 'text_link', offset: 5, length: 4, url: 'https://example.org/' }] },
    });
    anna.say('/post next');
    await anna.chat.waitForMessage('post: next');
    expect(desk.runs.map(inputOf)).toEqual([
      `${half.slice('/post '.length)}\nMore here (https://example.org/).`,
      'next',
    ]);
  });

  it('is not waited for where it is short, nor joined with what was passed on', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    anna.say('/post short');
    anna.say('Something else');
    anna.say(`/post ${'x'.repeat(3000)}`);
    anna.forward('Of somebody else');
    await anna.chat.waitForMessage('post: xxx');
    await anna.chat.waitForMessage((message) => message.replyTo === 4);
    expect(desk.runs.map((run) => inputOf(run).length)).toEqual([5, 3000]);
  });

  it('is not published by half in a group, where the rest is kept from the bot', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team');
    desk.known.add(group.id);
    anna.in(group).say(`/post ${'x'.repeat(4050)}`);
    await group.waitForMessage('if it was cut, I do not see the rest');
    expect(desk.runs).toEqual([]);
  });
});

describe('a command in answer to a message', () => {
  it('is none in a topic, where everything answers the note that opened it', async () => {
    const { telegram, desk } = await setStage();
    const group = telegram.group('Forum');
    desk.known.add(group.id);
    const topic = group.topic('Campaign');
    telegram.user('Anna').in(group, topic).say('/schedule when:now Words');
    expect((await group.waitForMessage('schedule:')).topic).toBe(topic);
    expect(desk.runs.map(({ input }) => input)).toEqual([{ kind: 'text', text: 'when:now Words' }]);
  });

  it('is read as strictly as any other', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const original = anna.say('The words');
    anna.reply(original, '/schedule when:tomorrow 9:00');
    await anna.chat.waitForMessage('when:"tomorrow 9:00"');
    anna.reply(original, '/schedule whn:tomorrow');
    await anna.chat.waitForMessage('Did you mean “when”?');
    expect(desk.runs).toEqual([]);
    anna.reply(original, '/schedule to:x to:tumblr when:now');
    await anna.chat.waitForMessage('schedule:');
    expect(desk.runs.map(fieldsOf)).toEqual([{ to: 'x,tumblr', when: 'now', text: 'The words' }]);
  });

  it('takes the whole album in a group where the bot sees it', async () => {
    const { telegram, desk, inbox } = await setStage();
    const remembered = vi.spyOn(inbox, 'remember');
    const anna = telegram.user('Anna');
    const group = telegram.group('Team');
    desk.known.add(group.id);
    const [first] = await anna.in(group).sendAlbum([{}, {}, {}], { caption: 'Holiday' });
    await eventually(() => remembered.mock.calls.length > 0, 'the album');
    anna.in(group).reply(first!, '/schedule when:now');
    await group.waitForMessage(/schedule:|Only one picture/);
    expect(desk.runs.map(({ media }) => media.length)).toEqual([3]);
  });

  it('takes what can be seen of a message in another chat, or says how to show it', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const origin = { type: 'hidden_user', date: 1, sender_user_name: 'Bo' };
    anna.say('/schedule when:now', { extra: { external_reply: { origin } } });
    await anna.chat.waitForMessage('Forward it to me');
    expect(desk.runs).toEqual([]);
    const quote = { text: 'Marked words', position: 0, is_manual: true };
    anna.say('/schedule when:now', { extra: { external_reply: { origin }, quote } });
    await anna.chat.waitForMessage('schedule:');
    expect(desk.runs.map(fieldsOf)).toEqual([{ when: 'now', text: 'Marked words' }]);
  });
});

it('the next words answer a question of one line, also without a reply; after that they are words again', async () => {
  const { telegram, desk } = await setStage();
  const anna = telegram.user('Anna');
  const original = anna.say('The words');
  anna.reply(original, '/schedule');
  await anna.chat.waitForMessage('Reply to this message');
  anna.say('tomorrow 9:00');
  await anna.chat.waitForMessage('schedule: {');
  expect(desk.runs.map(fieldsOf)).toEqual([{ when: 'tomorrow 9:00', text: 'The words' }]);
  const next = anna.say('tomorrow 10:00');
  await anna.chat.waitForMessage('Shall I post these words', { after: next });
  expect(desk.runs).toHaveLength(1);
});

it('who may not post is told so once, and is offered nothing', async () => {
  const { telegram, desk } = await setStage();
  desk.refused = failureReply('You are in no team of this bot.');
  const eve = telegram.user('Eve');
  eve.say('Hello');
  eve.sendPhoto();
  eve.say('/help');
  await eve.chat.waitForMessage('help:');
  expect(eve.chat.botMessages().map(({ text }) => text.split('\n')[0])).toEqual([
    '❌ You are in no team of this bot.',
    'help: ',
  ]);
  desk.refused = undefined;
  eve.say('Hello again');
  await eve.chat.waitForMessage('Shall I post these words for you?');
});

it('what cannot be posted is named; the notes of Telegram itself are passed over', async () => {
  const { telegram } = await setStage();
  const anna = telegram.user('Anna');
  anna.say('', without({ pinned_message: { message_id: 1, date: 0, chat: { id: 1, type: 'private' } } }));
  anna.say('', without({ dice: { emoji: '🎲', value: 3 } }));
  anna.say('', without({ checklist: { title: 'To do', tasks: [] } }));
  await anna.chat.waitForMessage('A checklist cannot be posted');
  expect(anna.chat.botMessages().map(({ text }) => text.split('\n')[0])).toEqual([
    '❌ A die cannot be posted.',
    '❌ A checklist cannot be posted.',
  ]);
});

it('who writes in the name of a channel is told how to write as a person', async () => {
  const { telegram, desk } = await setStage();
  const group = telegram.group('Team');
  desk.known.add(group.id);
  const sender_chat = { id: -1009, type: 'channel', title: 'News' };
  telegram.user('Anna').in(group).say('/post x', { extra: { sender_chat } });
  await group.waitForMessage('in the name of a channel');
  expect(desk.runs).toEqual([]);
});
