import { describe, expect, it } from 'vitest';
import type { Reply } from '../../../src/core/reply.ts';
import { failureReply, info, type ScriptedDesk } from './scripted-desk.ts';
import { eventually, setStage } from './stage.ts';

const withButtons = (title: string, ...actions: string[]): Reply => ({
  tone: 'info',
  title: [title],
  blocks: [],
  buttons: [
    actions.map((action) => ({
      label: action,
      style: action === 'post.drop' ? 'danger' : 'default',
      action,
    })),
  ],
});

/** Acts once, as the real desk does. */
function actOnce(desk: ScriptedDesk): void {
  let done = false;
  desk.onPress = () => {
    if (done) return failureReply('That was done already.');
    done = true;
    return { tone: 'success', title: ['Dropped'], blocks: [], card: 'K7QPD' };
  };
}

describe('pressed buttons', () => {
  it('put the outcome in the place of the message, and report its card', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    desk.onRun = () => withButtons('Sure?', 'post.drop', 'post.keep');
    actOnce(desk);
    anna.say('/post x');
    const asked = await anna.chat.waitForMessage('Sure?');
    expect(asked.buttons[0]).toEqual([
      { label: 'post.drop', data: 'post.drop', style: 'danger' },
      { label: 'post.keep', data: 'post.keep' },
    ]);
    expect(await anna.press(asked, 'post.drop')).toEqual({ alert: false });
    const now = await anna.chat.waitForMessage('Dropped');
    expect(now).toMatchObject({ id: asked.id, buttons: [], edits: 1 });
    expect(desk.presses[0]).toMatchObject({
      identity: `telegram:${anna.id}`,
      action: 'post.drop',
      messageId: String(asked.id),
      conversation: { id: String(anna.id), kind: 'direct' },
    });
    expect(desk.cards).toEqual([
      { post: 'K7QPD', message: expect.objectContaining({ messageId: String(asked.id) }) },
    ]);
  });

  it('act once when pressed twice, and by two people at once; everybody is answered', async () => {
    const { telegram, desk } = await setStage();
    const [anna, ben] = [telegram.user('Anna'), telegram.user('Ben')];
    const group = telegram.group('Team');
    desk.known.add(group.id);
    desk.onRun = () => withButtons('Sure?', 'post.drop');
    actOnce(desk);
    anna.in(group).say('/post x');
    const asked = await group.waitForMessage('Sure?');
    const answers = await Promise.all([
      anna.in(group).press(asked, 'post.drop'),
      anna.in(group).press(asked, 'post.drop'),
      ben.in(group).press(asked, 'post.drop'),
    ]);
    expect(answers.filter((answer) => answer.alert)).toHaveLength(2);
    expect(answers.find((answer) => answer.alert)!.text).toContain('That was done already.');
    expect(group.messages().find((message) => message.id === asked.id)!.text).toContain('Dropped');
    expect(group.botMessages()).toHaveLength(1);
  });

  it('show a refusal to the person only, and leave the message as it is', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    desk.onRun = () => withButtons('Sure?', 'post.drop');
    desk.onPress = () => failureReply('This needs the role editor.');
    anna.say('/post x');
    const asked = await anna.chat.waitForMessage('Sure?');
    const answer = await anna.press(asked, 'post.drop');
    expect(answer).toEqual({ alert: true, text: expect.stringContaining('This needs the role editor.') });
    expect(anna.chat.botMessages()).toHaveLength(1);
    expect(anna.chat.botMessages()[0]!.edits).toBe(0);
  });

  it('tell what is too long for a pop-up in a message', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    desk.onRun = () => withButtons('Sure?', 'post.drop');
    desk.onPress = () => failureReply(`Because ${'of this '.repeat(40)}`);
    anna.say('/post x');
    const asked = await anna.chat.waitForMessage('Sure?');
    expect(await anna.press(asked, 'post.drop')).toEqual({ alert: false });
    expect((await anna.chat.waitForMessage('Because of this')).replyTo).toBe(asked.id);
  });

  it('are answered although the outcome changes nothing, or the message is gone', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    desk.onRun = () => withButtons('Same', 'queue.page:1');
    desk.onPress = () => withButtons('Same', 'queue.page:1');
    anna.say('/post x');
    const asked = await anna.chat.waitForMessage('Same');
    expect(await anna.press(asked, 'queue.page:1')).toEqual({ alert: false });
    desk.onPress = () => info('Somewhere else');
    anna.chat.delete(asked);
    expect(await anna.press(asked, 'queue.page:1')).toEqual({ alert: false });
    expect((await anna.chat.waitForMessage('Somewhere else')).id).not.toBe(asked.id);
  });

  it('are answered when the desk takes long, and the outcome follows', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    let release = (): void => undefined;
    desk.onRun = () => withButtons('Sure?', 'post.drop');
    desk.onPress = () =>
      new Promise((resolve) => {
        release = () => resolve(failureReply('After all, no.'));
      });
    anna.say('/post x');
    const asked = await anna.chat.waitForMessage('Sure?');
    expect(await anna.press(asked, 'post.drop')).toEqual({ alert: false });
    release();
    await anna.chat.waitForMessage('After all, no.');
  });

  it('too old to be answered still do their work', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    desk.onRun = () => withButtons('Sure?', 'post.drop');
    actOnce(desk);
    anna.say('/post x');
    const asked = await anna.chat.waitForMessage('Sure?');
    telegram.faults.refuse(
      'answerCallbackQuery',
      'Bad Request: query is too old and response timeout expired or query ID is invalid',
    );
    anna.press(asked, 'post.drop').catch(() => undefined);
    await anna.chat.waitForMessage('Dropped');
    await eventually(() => telegram.calls('answerCallbackQuery').length === 1);
  });
});

describe('actions that ask for words', () => {
  const question = {
    title: 'Edit #K7QPD',
    label: 'The new words',
    value: 'Old & <words>',
    max: 20,
    multiline: true,
  };

  it('ask by a forced reply that shows the words as they are, and go on with the answer', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    desk.onRun = () => ({ ...withButtons('Card', 'edit.text:K7QPD'), card: 'K7QPD' });
    desk.onPress = ({ answer }) => ({
      tone: 'success',
      title: [`Now: ${answer}`],
      blocks: [],
      card: 'K7QPD',
    });
    desk.questions.set('edit.text:K7QPD', question);
    anna.say('/post x');
    const card = await anna.chat.waitForMessage('Card');
    expect(await anna.press(card, 'edit.text:K7QPD')).toEqual({ alert: false });
    const asked = await anna.chat.waitForMessage('The new words');
    expect(asked.forceReply).toBe(true);
    expect(asked.text).toContain('at most 20 characters');
    expect(asked.html).toContain('<code>Old &amp; &lt;words&gt;</code>');
    expect(desk.presses).toHaveLength(0);
    anna.reply(asked, 'New words');
    const answer = await anna.chat.waitForMessage('Now: New words');
    expect(desk.presses[0]).toMatchObject({ action: 'edit.text:K7QPD', answer: 'New words' });
    await eventually(() => desk.cards.at(-1)?.message.messageId === String(answer.id));
    // The older card must not invite to a second life.
    await eventually(
      () => anna.chat.messages().find((message) => message.id === card.id)!.buttons.length === 0,
    );
  });

  it('keep the question over a restart, until an answer is taken', async () => {
    const stage = await setStage();
    const { telegram, desk } = stage;
    const anna = telegram.user('Anna');
    desk.onRun = () => withButtons('Card', 'edit.text:K7QPD');
    desk.onPress = ({ answer }) => (answer === 'bad' ? failureReply('Not that.') : info(`Now: ${answer}`));
    desk.questions.set('edit.text:K7QPD', question);
    anna.say('/post x');
    await anna.press(await anna.chat.waitForMessage('Card'), 'edit.text:K7QPD');
    const asked = await anna.chat.waitForMessage('The new words');
    await stage.restart();
    anna.reply(asked, 'bad');
    await anna.chat.waitForMessage('Not that.');
    anna.reply(asked, 'far too long for what is possible');
    await anna.chat.waitForMessage('33 characters; 20 are possible');
    telegram.user('Zoe');
    anna.reply(asked, 'good');
    await anna.chat.waitForMessage('Now: good');
    expect(desk.presses.map((press) => press.answer)).toEqual(['bad', 'good']);
    // Answered: the same reply is now a message like any other.
    anna.reply(asked, 'again');
    await anna.chat.waitForMessage('Shall I post these words');
  });

  it('are for the person who was asked, in a group', async () => {
    const { telegram, desk } = await setStage();
    const [anna, ben] = [telegram.user('Anna <3'), telegram.user('Ben')];
    const group = telegram.group('Team');
    desk.known.add(group.id);
    desk.onRun = () => withButtons('Card', 'edit.text:K7QPD');
    desk.questions.set('edit.text:K7QPD', question);
    anna.in(group).say('/post x');
    await anna.in(group).press(await group.waitForMessage('Card'), 'edit.text:K7QPD');
    const asked = await group.waitForMessage('The new words');
    expect(asked.html).toContain(`<a href="tg://user?id=${anna.id}">Anna &lt;3</a>`);
    ben.in(group).reply(asked, 'not mine');
    anna.in(group).reply(asked, 'mine');
    await group.waitForMessage('with mine');
    expect(desk.presses.map((press) => press.answer)).toEqual(['mine']);
  });

  it('want words', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    desk.onRun = () => withButtons('Card', 'edit.text:K7QPD');
    desk.questions.set('edit.text:K7QPD', question);
    anna.say('/post x');
    await anna.press(await anna.chat.waitForMessage('Card'), 'edit.text:K7QPD');
    const asked = await anna.chat.waitForMessage('The new words');
    anna.sendPhoto({ replyTo: asked });
    await anna.chat.waitForMessage('needs an answer in words');
    anna.reply(asked, 'words');
    await anna.chat.waitForMessage('with words');
  });
});
