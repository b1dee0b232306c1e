import { describe, expect, it } from 'vitest';
import { createTelegramFrontEnd } from '../../../src/chat/telegram/index.ts';
import { createSeededRandom } from '../../helpers/manual-clock.ts';
import { createMemoryInbox } from '../../helpers/memory-inbox.ts';
import { info, inputOf } from './scripted-desk.ts';
import { createHurriedClock, eventually, setStage } from './stage.ts';

describe('the start', () => {
  it('makes the bot ready, and the stop leaves nothing running', async () => {
    const { telegram, frontEnd, desk } = await setStage({ start: false });
    expect(frontEnd.status().state).toBe('connecting');
    await frontEnd.start(desk);
    await telegram.waitForRequest('getUpdates', 1);
    telegram.user('Anna').say('/help');
    await telegram.waitForRequest('sendMessage', 1);
    await eventually(() => frontEnd.status().state === 'ready');
    // The stage's clock is in a hurry, and so is the end of a stop: what is sent in that moment may arrive after it.
    await telegram.waitForRequest('setMyCommands', 3);
    await frontEnd.stop();
    await frontEnd.stop();
    expect(frontEnd.status()).toEqual({ state: 'down', detail: 'stopped' });
    const seen = telegram.requests.length;
    telegram.user('Ben').say('/help');
    // Ben's message is there for whoever polls next, and nobody else has polled.
    const poll = await fetch(`${telegram.url}/bot${telegram.token}/getUpdates`, {
      method: 'POST',
      body: '{}',
    });
    expect(await poll.text()).toContain('Ben');
    expect(telegram.requests.slice(seen).map((request) => request.method)).toEqual(['getUpdates']);
  });

  it('is refused with a wrong token: the variable is named, the token is not', async () => {
    const { telegram, frontEnd, desk } = await setStage({ start: false });
    const token = telegram.token;
    telegram.token = '7000000001:Renewed';
    const error = await frontEnd.start(desk).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'TOKEN_REFUSED',
      message: expect.stringContaining('TELEGRAM_TOKEN'),
    });
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(token);
    expect(frontEnd.status().state).toBe('down');
  });

  it('goes on trying when Telegram cannot be reached yet', async () => {
    const { telegram, frontEnd, desk } = await setStage({ start: false });
    telegram.faults.dropBefore('getMe');
    telegram.faults.serverError('getMe', 2);
    await frontEnd.start(desk);
    expect(frontEnd.status()).toMatchObject({
      state: 'connecting',
      detail: expect.stringContaining('could not be reached'),
    });
    const anna = telegram.user('Anna');
    anna.say('/help');
    await anna.chat.waitForMessage('help:');
    expect(telegram.calls('getMe')).toHaveLength(4);
  });

  it('can be stopped while it still tries', async () => {
    const frontEnd = createTelegramFrontEnd({
      token: '1:nobody',
      apiUrl: 'http://127.0.0.1:9',
      inbox: createMemoryInbox(),
      clock: createHurriedClock(1),
      random: createSeededRandom(),
      log: {
        debug() {},
        info() {},
        warn() {},
        error() {},
        child: () => {
          throw new Error('no child is needed');
        },
      },
    });
    const { desk } = await setStage({ start: false });
    await frontEnd.start(desk);
    const before = Date.now();
    await frontEnd.stop();
    expect(Date.now() - before).toBeLessThan(500);
  });

  it('takes a webhook away that an earlier run had set', async () => {
    const stage = await setStage({ webhook: true });
    const { telegram, desk } = stage;
    await stage.frontEnd.stop();
    expect(telegram.webhook?.url).toBe(stage.webhookUrl);
    const anna = telegram.user('Anna');
    const polling = createTelegramFrontEnd({
      token: telegram.token,
      apiUrl: telegram.url,
      inbox: stage.inbox,
      clock: createHurriedClock(),
      random: createSeededRandom(),
      log: stage.logger,
    });
    await polling.start(desk);
    anna.say('/help');
    await anna.chat.waitForMessage('help:');
    expect(telegram.webhook).toBeUndefined();
    await polling.stop();
  });
});

describe('polling', () => {
  it('is ready as soon as Telegram answers, not after the first long wait', async () => {
    const { telegram, frontEnd } = await setStage();
    await eventually(() => frontEnd.status().state === 'ready');
    expect(telegram.calls('getUpdates')[0]!.params.timeout).toBe(0);
    await telegram.waitForRequest('getUpdates', 2);
    expect(telegram.calls('getUpdates')[1]!.params.timeout).toBe(30);
  });

  it('survives broken connections, 5xx and 429', async () => {
    const { telegram, frontEnd, log } = await setStage();
    const anna = telegram.user('Anna');
    telegram.faults.dropBefore('getUpdates');
    telegram.faults.serverError('getUpdates', 2);
    telegram.faults.tooMany('getUpdates', 1);
    telegram.faults.dropAfter('getUpdates');
    anna.say('/post one');
    await anna.chat.waitForMessage('post: one');
    anna.say('/post two');
    await anna.chat.waitForMessage('post: two');
    // One line for a streak of failures, not one for each.
    expect(log.filter((line) => line.level === 'warn').length).toBeLessThan(4);
    expect(telegram.calls('getUpdates').length).toBeGreaterThan(5);
    await eventually(() => frontEnd.status().state === 'ready');
  });

  it('loses no update whose delivery broke off, and repeats none', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    telegram.faults.dropAfter('getUpdates', 2);
    for (const number of [1, 2, 3]) anna.say(`/post ${number}`);
    await anna.chat.waitForMessage('post: 3');
    expect(desk.runs.map(inputOf)).toEqual(['1', '2', '3']);
  });

  it('steps back when another program polls with the same token, says so, and goes on', async () => {
    const { telegram, frontEnd } = await setStage();
    await telegram.waitForRequest('getUpdates', 1);
    const statuses: string[] = [];
    telegram.faults.conflict(3);
    const anna = telegram.user('Anna');
    anna.say('/help');
    await eventually(() => {
      const { state, detail } = frontEnd.status();
      if (state === 'down') statuses.push(detail ?? '');
      return statuses.length > 0;
    });
    expect(statuses[0]).toContain('Another program');
    anna.say('/post after');
    await anna.chat.waitForMessage('post: after');
    await eventually(() => frontEnd.status().state === 'ready');
  });

  it('ends, and says so, when the token is revoked meanwhile', async () => {
    const { telegram, frontEnd } = await setStage();
    await telegram.waitForRequest('getUpdates', 1);
    telegram.token = '7000000001:Renewed';
    telegram.user('Anna').say('/help');
    const { detail } = await eventually(() => frontEnd.status().state === 'down' && frontEnd.status());
    expect(detail).toContain('TELEGRAM_TOKEN');
  });

  it.each(['before', 'after'] as const)(
    'does not acknowledge what the database failed %s keeping',
    async (when) => {
      const { telegram, desk, inbox } = await setStage();
      await telegram.waitForRequest('getUpdates', 1);
      inbox.failNextKeep(2, when);
      const anna = telegram.user('Anna');
      anna.say('/post kept in the end');
      await anna.chat.waitForMessage('post: kept in the end');
      expect(desk.runs).toHaveLength(1);
    },
  );

  it('asks for the kinds of update that it can use, and no more', async () => {
    const { telegram } = await setStage();
    await telegram.waitForRequest('getUpdates', 1);
    expect(telegram.calls('getUpdates')[0]!.params.allowed_updates).toEqual(['message', 'callback_query']);
  });
});

describe('an update that comes twice', () => {
  it('is worked on once, also when a restart is in between', async () => {
    const stage = await setStage();
    const { telegram, desk } = stage;
    const anna = telegram.user('Anna');
    anna.say('/post once');
    await anna.chat.waitForMessage('post: once');
    const [update] = telegram.updates;
    telegram.redeliver(update!);
    anna.say('/help');
    await anna.chat.waitForMessage('help:');
    await stage.restart();
    telegram.redeliver(update!);
    anna.say('/post last');
    await anna.chat.waitForMessage('post: last');
    expect(desk.runs.map(inputOf)).toEqual(['once', '', 'last']);
  });
});

describe('a stop', () => {
  it('finishes what is in hand', async () => {
    const { telegram, frontEnd, desk } = await setStage();
    const anna = telegram.user('Anna');
    let release = (): void => undefined;
    desk.onRun = () =>
      new Promise((resolve) => {
        release = () => resolve({ tone: 'success', title: ['Finished'], blocks: [] });
      });
    anna.say('/post x');
    await eventually(() => desk.runs.length === 1);
    const stopping = frontEnd.stop();
    release();
    await stopping;
    expect(anna.chat.botMessages()[0]!.text).toBe('✅ Finished');
  });

  it('does not wait for ever; what was in hand is taken up again at the next start', async () => {
    const stage = await setStage();
    const { telegram, desk } = stage;
    const anna = telegram.user('Anna');
    desk.onRun = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    anna.say('/post x');
    anna.say('/post queued');
    await eventually(() => desk.runs.length === 1);
    await stage.frontEnd.stop();
    expect(desk.runs.map(inputOf)).toEqual(['x']);
    expect(desk.runs[0]!.signal.aborted).toBe(true);
    desk.onRun = (request) => ({ tone: 'info', title: [`again: ${inputOf(request)}`], blocks: [] });
    await stage.restart();
    await anna.chat.waitForMessage('again: x');
    anna.say('/post y');
    await anna.chat.waitForMessage('again: y');
    expect(desk.runs.map(inputOf)).toEqual(['x', 'x', 'queued', 'y']);
  });

  it('leaves what has not begun to the next start, and does not hang on what does not heed its signal', async () => {
    const stage = await setStage();
    const { telegram, desk } = stage;
    const anna = telegram.user('Anna');
    desk.onRun = () => new Promise(() => undefined);
    anna.say('/post deaf');
    anna.say('/post queued');
    await eventually(() => desk.runs.length === 1);
    await stage.frontEnd.stop();
    desk.onRun = (request) => ({ tone: 'info', title: [`now: ${inputOf(request)}`], blocks: [] });
    await stage.restart();
    await anna.chat.waitForMessage('now: queued');
    expect(desk.runs.map(inputOf)).toEqual(['deaf', 'deaf', 'queued']);
  });

  it('ends the long waits that Telegram asked for', async () => {
    const { telegram, frontEnd, desk } = await setStage();
    const anna = telegram.user('Anna');
    telegram.faults.tooMany('sendMessage', 25);
    anna.say('/post x');
    await eventually(() => desk.runs.length === 1);
    await telegram.waitForRequest('sendMessage', 1);
    const before = Date.now();
    await frontEnd.stop();
    expect(Date.now() - before).toBeLessThan(2_000);
  });
});

describe('a crash', () => {
  it('in the middle of a command leads to the same command again, and in the end to a word about it', async () => {
    const stage = await setStage({ start: false });
    const { telegram, desk, inbox } = stage;
    const anna = telegram.user('Anna');
    const message = anna.say('/post x');
    const id = `${telegram.bot.id}:${telegram.updates[0]!.update_id}`;
    // What a process leaves that died with this update in its hands.
    await inbox.keep([{ id, payload: JSON.stringify(telegram.updates[0]) }], new Date());
    await inbox.begin([id]);
    await stage.frontEnd.start(desk);
    const answer = await anna.chat.waitForMessage('post: x');
    expect(answer.replyTo).toBe(message.id);
    await stage.frontEnd.stop();
    expect(desk.runs).toHaveLength(1);

    anna.say('/post deadly');
    const deadly = telegram.updates[1]!;
    const deadlyId = `${telegram.bot.id}:${deadly.update_id}`;
    await inbox.keep([{ id: deadlyId, payload: JSON.stringify(deadly) }], new Date());
    for (let death = 0; death < 3; death += 1) {
      await inbox.begin([deadlyId]);
      await inbox.reopen(String(telegram.bot.id));
    }
    await stage.restart();
    await anna.chat.waitForMessage('I failed in the middle of this several times');
    await stage.restart();
    anna.say('/help');
    await anna.chat.waitForMessage('help:');
    expect(desk.runs.map((run) => run.command)).toEqual(['post', 'help']);
  });
});

describe('answers', () => {
  it('are tried again while Telegram is away', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    telegram.faults.serverError('sendMessage', 2);
    telegram.faults.dropBefore('sendMessage');
    anna.say('/post x');
    await anna.chat.waitForMessage('post: x');
    expect(desk.runs).toHaveLength(1);
    expect(telegram.calls('sendMessage')).toHaveLength(4);
  });

  it('stand although the place of their card is stored late or never, and so does the next one', async () => {
    const { telegram, desk, inbox } = await setStage();
    desk.onRun = ({ command }) => ({ ...info(`done: ${command}`), card: 'K7QPD' });
    const placed: ((error: Error) => void)[] = [];
    desk.cardPlaced = () => new Promise((_, reject) => placed.push(reject));
    const anna = telegram.user('Anna');
    anna.say('/post x');
    await anna.chat.waitForMessage('done: post');
    anna.say('/help');
    await anna.chat.waitForMessage('done: help');
    // Neither is over: a crash now would lead to both again, and to the places of their cards.
    expect(await inbox.reopen(String(telegram.bot.id))).toHaveLength(2);
    for (const fail of placed) fail(new Error('the database does not answer'));
    await eventually(async () => (await inbox.reopen(String(telegram.bot.id))).length === 0);
    expect(anna.chat.botMessages()).toHaveLength(2);
  });

  it('that cannot be given harm nobody else', async () => {
    const { telegram, desk } = await setStage();
    const [anna, ben] = [telegram.user('Anna'), telegram.user('Ben')];
    anna.say('/post from somebody who leaves');
    anna.blockBot();
    ben.say('/post from somebody who stays');
    await ben.chat.waitForMessage('stays');
    await eventually(() => desk.runs.length === 2);
  });
});
