import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, after as later, MINUTE, SECOND } from '../../../src/core/clock.ts';
import { failure, rateLimited } from '../../../src/core/errors.ts';
import { type Behaviour, failBefore, loseAnswer, loseRequest, refuse } from '../../helpers/played-network.ts';
import { buttonsOf, idIn, wordsOf } from '../../helpers/replies.ts';
import { type Stage, useStages } from '../../helpers/stage.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});

const unavailable = () =>
  failure('PlatformUnavailable', {
    code: 'PLATFORM_UNAVAILABLE',
    message: 'X does not answer.',
    hint: 'It is tried again.',
  });
const delivery = async (id: string, account = 'x1') =>
  (await stage.stores.deliveries.ofPost(stage.workspaceId, id)).find((each) => each.accountId === account);
const notices = () => stage.told.filter((each) => each.kind === 'send');

describe('a post on its way', () => {
  it('goes out at its moment, once, on every account, and the chat is told once', async () => {
    const reply = await stage.type('/schedule to:all when:"in 20 min" Hello');
    expect(wordsOf(reply)).toContain('Tue, 24 Nov 2026, 10:20 Europe/Rome (in 20 minutes)');
    await stage.pass(20 * MINUTE - SECOND);
    expect(stage.x.wall).toEqual([]);
    await stage.pass(SECOND);
    expect(stage.x.wall.map((each) => each.text)).toEqual(['Hello']);
    expect(stage.tumblr.wall.map((each) => each.text)).toEqual(['Hello']);
    expect(stage.x.wall[0]?.at).toEqual(new Date('2026-11-24T09:20:00Z'));
    await stage.pass(DAY);
    expect(stage.x.wall).toHaveLength(1);
    expect(notices()).toHaveLength(1);
    expect(wordsOf(notices()[0]!.reply)).toContain('published');
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'published', remoteId: 'x-1' });
  });

  it('goes out in time though its alarm does not ring: the process that set it knows', async () => {
    stage.engine.useAlarms({ set: async () => undefined, clear: async () => undefined });
    await stage.type('/schedule to:x when:"in 40 min" Later');
    await stage.type('/schedule to:x when:"in 20 min" Sooner');
    await stage.pass(20 * MINUTE);
    expect(stage.x.wall.map((each) => each.text)).toEqual(['Sooner']);
    await stage.pass(20 * MINUTE);
    expect(stage.x.wall.map((each) => each.text)).toEqual(['Sooner', 'Later']);
  });

  it('/post goes out at once and its card is edited in place', async () => {
    const reply = await stage.type('/post to:x Now');
    await stage.pass(0);
    expect(stage.x.wall).toHaveLength(1);
    const edits = stage.told.filter((each) => each.kind === 'edit' && each.reply.card === idIn(reply));
    expect(wordsOf(edits.at(-1)!.reply)).toContain('[ok] X @acme: published');
  });

  it('says nothing is published without an id in hand, and loses none of the journal', async () => {
    const reply = await stage.type('/post to:x Journal');
    await stage.pass(0);
    const found = await delivery(idIn(reply));
    expect(found?.attempts).toMatchObject([
      { outcome: 'accepted', remoteId: 'x-1', intent: { text: 'Journal' } },
    ]);
  });

  it('the more urgent goes first on one account, then the earlier', async () => {
    await stage.type('/schedule to:x when:"in 10 min" priority:low Low');
    await stage.type('/schedule to:x when:"in 10 min" Normal');
    await stage.type('/schedule to:x when:"in 10 min" priority:high High');
    await stage.pass(10 * MINUTE);
    expect(stage.x.wall.map((each) => each.text)).toEqual(['High', 'Normal', 'Low']);
  });

  it('never goes out after its expiry', async () => {
    stage.x.script.push(failBefore(unavailable()));
    const reply = await stage.type('/post to:x expires:"in 3 min" Sale ends');
    await stage.pass(DAY);
    expect(stage.x.wall).toEqual([]);
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'expired' });
    expect(wordsOf(notices().at(-1)!.reply)).toContain('expired');
  });
});

describe('when the network fails', () => {
  it('transient faults are retried later and later, then told with a retry button', async () => {
    for (let count = 0; count < 4; count += 1) stage.x.script.push(failBefore(unavailable()));
    const reply = await stage.type('/post to:x Try');
    const waits: number[] = [];
    for (let tries = 1; tries <= 3; tries += 1) {
      await stage.pass(0);
      const found = await delivery(idIn(reply));
      expect(found).toMatchObject({ state: 'scheduled', failures: tries });
      const wait = found!.nextAttemptAt!.getTime() - stage.clock.now().getTime();
      waits.push(wait);
      await stage.pass(wait);
    }
    expect(waits[0]! / 300_000).toBeCloseTo(1, 0);
    waits.forEach((wait, index) => {
      expect(Math.abs(wait - 300_000 * 2 ** index)).toBeLessThanOrEqual(0.2 * 300_000 * 2 ** index);
    });
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'failed' });
    const notice = notices().at(-1)!.reply;
    expect(wordsOf(notice)).toContain('X does not answer.');
    expect(buttonsOf(notice)).toContain(`retry.post:${idIn(reply)}`);
    await stage.press(`retry.post:${idIn(reply)}`);
    await stage.pass(0);
    expect(stage.x.wall).toHaveLength(1);
    expect(notices()).toHaveLength(2);
  });

  it('an answer that is lost after the effect is settled by looking, never by sending again', async () => {
    stage.x.script.push(loseAnswer);
    const reply = await stage.type('/post to:x Once');
    await stage.pass(0);
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'uncertain' });
    await stage.pass(MINUTE);
    expect(stage.x.wall).toHaveLength(1);
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'published', remoteId: 'x-1' });
    expect(stage.x.reconciled[0]).toMatchObject({ intent: { text: 'Once' } });
  });

  it('only a proven absence lets it be sent again', async () => {
    stage.x.script.push(loseRequest);
    await stage.type('/post to:x Again');
    await stage.pass(MINUTE);
    expect(stage.x.wall).toHaveLength(1);
    expect(stage.x.reconciled).toHaveLength(1);
  });

  it('when looking cannot tell, a person is asked, and may say so', async () => {
    stage.x.script.push(loseAnswer);
    for (let looks = 0; looks < 6; looks += 1)
      stage.x.looks.push({
        state: 'unknown',
        lookAgainAt: new Date(stage.clock.now().getTime() + (looks + 1) * MINUTE),
      });
    const reply = await stage.type('/post to:x Where');
    await stage.pass(HOUR);
    const id = idIn(reply);
    expect(stage.x.wall).toHaveLength(1);
    const notice = notices().at(-1)!.reply;
    expect(buttonsOf(notice)).toEqual([
      `retry.look:${id}:x1`,
      `retry.there:${id}:x1`,
      `retry.absent:${id}:x1`,
    ]);
    expect(wordsOf(await stage.press(`retry.there:${id}:x1`, 'no address'))).toContain('is no web address');
    await stage.press(`retry.there:${id}:x1`, 'https://x.com/acme/status/42');
    expect(await delivery(id)).toMatchObject({
      state: 'published',
      remoteId: '42',
      remoteUrl: 'https://x.com/acme/status/42',
    });
    expect(stage.x.wall).toHaveLength(1);
  });

  it('an error that nobody foresaw, after the fence, is uncertain too', async () => {
    stage.x.script.push(async (context, create) => {
      await context.creating({ text: 'odd', mediaCount: 0 });
      create();
      throw new TypeError('undefined is not a function');
    });
    await stage.type('/post to:x Odd');
    await stage.pass(MINUTE);
    expect(stage.x.wall).toHaveLength(1);
    expect(stage.x.reconciled).toHaveLength(1);
  });

  it('a rate limit holds the whole account until the instant that the network named, without spending a try', async () => {
    const reset = new Date(stage.clock.now().getTime() + 15 * MINUTE);
    stage.x.script.push(
      refuse(
        rateLimited(reset, {
          code: 'RATE_LIMITED',
          message: 'X asks to wait.',
          hint: 'Nothing is to be done.',
        }),
      ),
    );
    const first = await stage.type('/post to:x One');
    await stage.pass(SECOND);
    await stage.type('/post to:x Two');
    await stage.type('/post to:tumblr Elsewhere');
    await stage.pass(14 * MINUTE);
    expect(stage.x.wall).toEqual([]);
    expect(stage.tumblr.wall).toHaveLength(1);
    await stage.pass(2 * MINUTE);
    expect(stage.x.wall.map((each) => each.text)).toEqual(['One', 'Two']);
    expect(stage.x.wall[0]!.at.getTime()).toBeGreaterThanOrEqual(reset.getTime());
    expect(await delivery(idIn(first))).toMatchObject({ failures: 0 });
  });

  it('a withdrawn access fails one post, keeps the later ones waiting, and lets them out when it is mended', async () => {
    stage.x.script.push(
      refuse(
        failure('AuthRevoked', {
          code: 'AUTH_REVOKED',
          message: 'X refuses the token.',
          hint: 'Make a new one.',
        }),
      ),
    );
    const first = await stage.type('/post to:x First');
    const second = await stage.type('/schedule to:x when:"in 30 min" Second');
    await stage.pass(HOUR);
    expect(await delivery(idIn(first))).toMatchObject({ state: 'failed' });
    expect(await delivery(idIn(second))).toMatchObject({ state: 'scheduled' });
    expect((await delivery(idIn(second)))?.nextAttemptAt).toBeUndefined();
    expect(wordsOf(await stage.type('/accounts'))).toContain('X refuses the token. Make a new one.');
    await stage.press(`retry.post:${idIn(first)}`);
    await stage.pass(0);
    expect(stage.x.wall.map((each) => each.text).sort()).toEqual(['First', 'Second']);
  });

  it('refused content is not tried again, and may be mended', async () => {
    stage.x.script.push(
      refuse(
        failure('ContentRejected', {
          code: 'CONTENT_REJECTED',
          message: 'X: no such cashtag.',
          hint: 'Change the words.',
        }),
      ),
    );
    const reply = await stage.type('/post to:x Bad $words');
    await stage.pass(HOUR);
    expect(stage.x.wall).toEqual([]);
    await stage.press(`edit.words:${idIn(reply)}`, 'Good words');
    await stage.press(`retry.post:${idIn(reply)}`);
    await stage.pass(0);
    expect(stage.x.wall.map((each) => each.text)).toEqual(['Good words']);
  });

  it('one network that fails does not hide the other that worked', async () => {
    stage.x.script.push(
      refuse(
        failure('ContentRejected', {
          code: 'CONTENT_REJECTED',
          message: 'X says no.',
          hint: 'Change the words.',
        }),
      ),
    );
    const reply = await stage.type('/post to:all Both');
    await stage.pass(0);
    const notice = wordsOf(notices().at(-1)!.reply);
    expect(notice).toContain('1 of 2 published');
    expect(notice).toContain('[failed] X @acme: X says no.');
    expect(notice).toContain('[ok] Tumblr @acme: published');
    expect(idIn(reply)).not.toBe('');
  });
});

describe('steps and processing', () => {
  it('goes on from the last checkpoint and follows what the network still works on', async () => {
    const seen: unknown[] = [];
    stage.x.script.push(
      async (context) => {
        seen.push(context.checkpoint);
        return { state: 'pending', checkpoint: { media: 'm1' }, lookAgainAt: stage.clock.now() };
      },
      async (context, create) => {
        seen.push(context.checkpoint);
        await context.creating({ text: 'v', mediaCount: 1 });
        const id = create();
        return {
          state: 'pending',
          checkpoint: { media: 'm1', id },
          id,
          lookAgainAt: new Date(stage.clock.now().getTime() + MINUTE),
        };
      },
      async (context) => {
        seen.push(context.checkpoint);
        return { state: 'published', id: 'x-1' };
      },
    );
    const reply = await stage.type('/post to:x Video');
    await stage.pass(0);
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'processing', remoteId: 'x-1' });
    await stage.pass(MINUTE);
    expect(seen).toEqual([undefined, { media: 'm1' }, { media: 'm1', id: 'x-1' }]);
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'published' });
    expect(stage.x.wall).toHaveLength(1);
  });

  it('what the network has taken is followed through faults, past retries and expiry, and is never sent again', async () => {
    const pending: Behaviour = async (context, create) => {
      await context.creating({ text: 'v', mediaCount: 1 });
      const id = create();
      return {
        state: 'pending',
        checkpoint: { id },
        id,
        lookAgainAt: new Date(stage.clock.now().getTime() + MINUTE),
      };
    };
    stage.x.script.push(pending, ...Array.from({ length: 4 }, () => failBefore(unavailable())));
    const reply = await stage.type('/post to:x expires:"in 5 min" Taken');
    const id = idIn(reply);
    await stage.pass(5 * MINUTE);
    expect(await delivery(id)).toMatchObject({ state: 'processing', failures: 1 });
    await stage.pass(DAY);
    expect(stage.x.wall).toHaveLength(1);
    expect(await delivery(id)).toMatchObject({ state: 'uncertain' });
    expect(buttonsOf(notices().at(-1)!.reply)).toContain(`retry.look:${id}:x1`);
    await stage.press(`retry.look:${id}:x1`);
    await stage.pass(MINUTE);
    expect(stage.x.wall).toHaveLength(1);
    expect(await delivery(id)).toMatchObject({ state: 'published', remoteId: 'x-1' });
  });

  it('a processing that the network gives up on fails, and a retry begins anew', async () => {
    const seen: unknown[] = [];
    stage.x.script.push(
      async (context, create) => {
        await context.creating({ text: 'v', mediaCount: 1 });
        return {
          state: 'pending',
          checkpoint: { id: create() },
          lookAgainAt: new Date(stage.clock.now().getTime() + MINUTE),
        };
      },
      failBefore(
        failure('MediaRejected', {
          code: 'MEDIA_REJECTED',
          message: 'The video is damaged.',
          hint: 'Export it again.',
        }),
      ),
      async (context, create) => {
        seen.push(context.checkpoint);
        await context.creating({ text: 'v', mediaCount: 1 });
        return { state: 'published', id: create() };
      },
    );
    const reply = await stage.type('/post to:x Damaged');
    await stage.pass(2 * MINUTE);
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'failed' });
    await stage.press(`retry.post:${idIn(reply)}`);
    await stage.pass(0);
    expect(seen).toEqual([undefined]);
  });

  it('a network that never gets ready with a file ends the try, and a retry begins anew', async () => {
    const seen: unknown[] = [];
    const busy: Behaviour = async ({ checkpoint }) => {
      seen.push(checkpoint);
      return {
        state: 'pending',
        checkpoint: { media: 'm1' },
        lookAgainAt: later(stage.clock.now(), 30 * MINUTE),
      };
    };
    stage.x.script.push(...Array.from({ length: 6 }, () => busy));
    const id = idIn(await stage.type('/post to:x Stuck'));
    await stage.pass(2 * HOUR);
    expect(await delivery(id)).toMatchObject({ state: 'publishing' });
    await stage.pass(30 * MINUTE);
    expect(await delivery(id)).toMatchObject({ state: 'failed', error: { code: 'PREPARING_TOO_LONG' } });
    expect(wordsOf(notices().at(-1)!.reply)).toContain('did not get ready with the post within 2 h 30 min');
    stage.x.script.length = 0;
    stage.x.script.push(busy);
    await stage.press(`retry.post:${id}`);
    await stage.pass(30 * MINUTE);
    // The old checkpoint is gone, and so is the old time.
    expect(seen.slice(-2)).toEqual([{ media: 'm1' }, undefined]);
    expect(stage.x.wall).toHaveLength(1);
    expect(await delivery(id)).toMatchObject({ state: 'published' });
  });

  it('the time of a hold is not counted for preparing', async () => {
    const now = () => stage.clock.now();
    stage.x.script.push(async () => {
      await stage.stores.accounts.hold('x1', later(now(), 5 * HOUR), 'X asks to slow down.');
      return { state: 'pending', checkpoint: { media: 'm1' }, lookAgainAt: later(now(), MINUTE) };
    });
    stage.x.script.push(async () => ({
      state: 'pending',
      checkpoint: { media: 'm1' },
      lookAgainAt: later(now(), MINUTE),
    }));
    const id = idIn(await stage.type('/post to:x Held'));
    await stage.pass(5 * HOUR + MINUTE);
    expect(await delivery(id)).toMatchObject({ state: 'published' });
  });

  it('a try that gets stuck after an earlier one left is looked for before anybody says that nothing is out', async () => {
    const busy: Behaviour = async () => ({
      state: 'pending',
      checkpoint: { media: 'm1' },
      lookAgainAt: later(stage.clock.now(), 3 * HOUR),
    });
    stage.x.script.push(loseAnswer, busy, busy);
    // The network's list is behind: an absence is believed that is none.
    stage.x.looks.push({ state: 'absent' });
    const id = idIn(await stage.type('/post to:x Late list'));
    await stage.pass(3 * HOUR + MINUTE);
    expect(await delivery(id)).toMatchObject({ state: 'published', remoteId: 'x-1' });
    expect(stage.x.wall).toHaveLength(1);
  });

  it('a publisher that asks to create twice in one step is stopped before the second call', async () => {
    stage.x.script.push(async (context, create) => {
      await context.creating({ text: 'a', mediaCount: 0 });
      create();
      await context.creating({ text: 'a', mediaCount: 0 });
      create();
      return { state: 'published', id: 'x-2' };
    });
    await stage.type('/post to:x Twice');
    await stage.pass(MINUTE);
    expect(stage.x.wall).toHaveLength(1);
  });
});

describe('after an absence', () => {
  it('a post that is far too late is not blasted out: the chat asks', async () => {
    const reply = await stage.type('/schedule to:x when:"in 1 hour" Old news');
    const id = idIn(reply);
    // The process is away: time passes without it.
    await stage.engine.stop(AbortSignal.abort());
    stage.clock.moveTo(new Date(stage.clock.now().getTime() + 4 * HOUR));
    await stage.restart();
    await stage.pass(MINUTE);
    expect(stage.x.wall).toEqual([]);
    expect(await delivery(id)).toMatchObject({ state: 'overdue' });
    expect(buttonsOf(notices().at(-1)!.reply)).toEqual([
      `retry.overdue:${id}`,
      `move.to:${id}`,
      `cancel.ask:${id}`,
    ]);
    await stage.press(`retry.overdue:${id}`);
    await stage.pass(0);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('a post that is a little late goes out', async () => {
    await stage.type('/schedule to:x when:"in 1 hour" Late');
    await stage.engine.stop(AbortSignal.abort());
    stage.clock.moveTo(new Date(stage.clock.now().getTime() + 2 * HOUR));
    await stage.restart();
    await stage.pass(0);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('a process that dies between the creating call and its answer leaves a question, not a second post', async () => {
    let died: () => void = () => undefined;
    const calls = new Promise<void>((resolve) => {
      died = resolve;
    });
    stage.x.script.push(async (context, create) => {
      await context.creating({ text: 'Dying', mediaCount: 0 });
      create();
      died();
      return new Promise(() => undefined);
    });
    const reply = await stage.type('/post to:x Dying');
    await calls;
    await stage.restart();
    await stage.pass(MINUTE);
    expect(stage.x.wall).toHaveLength(1);
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'published', remoteId: 'x-1' });
    expect(notices()).toHaveLength(1);
  });

  it('a process that dies between the post and its deliveries loses nothing', async () => {
    const insert = stage.stores.deliveries.insert.bind(stage.stores.deliveries);
    Object.assign(stage.stores.deliveries, { insert: () => Promise.reject(new Error('killed')) });
    await stage.type('/post to:x Survivor');
    Object.assign(stage.stores.deliveries, { insert });
    await stage.restart();
    await stage.pass(MINUTE);
    expect(stage.x.wall.map((each) => each.text)).toEqual(['Survivor']);
  });
});

describe('the outbox', () => {
  it('a chat that fails changes no delivery and is told later, once', async () => {
    stage.chatFaults.push(
      ...Array.from({ length: 4 }, () =>
        failure('PlatformUnavailable', {
          code: 'CHAT_UNAVAILABLE',
          message: 'The chat is away.',
          hint: 'Later.',
        }),
      ),
    );
    const reply = await stage.type('/post to:x Told');
    await stage.pass(0);
    expect(await delivery(idIn(reply))).toMatchObject({ state: 'published' });
    await stage.pass(HOUR);
    expect(notices()).toHaveLength(1);
  });

  it('the same message handled twice makes one post', async () => {
    const first = await stage.type('/post to:x Twice delivered', { messageId: 'update-7' });
    const second = await stage.type('/post to:x Twice delivered', { messageId: 'update-7' });
    await stage.pass(0);
    expect(idIn(second)).toBe(idIn(first));
    expect(stage.x.wall).toHaveLength(1);
  });
});
