// Posts that take several steps, and those that a network works on for a while.
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, after as later, MINUTE } from '../../../src/core/clock.ts';
import { failure } from '../../../src/core/errors.ts';
import { type Behaviour, failBefore, loseAnswer } from '../../helpers/played-network.ts';
import { buttonsOf, idIn, wordsOf } from '../../helpers/replies.ts';
import { type Stage, useStages } from '../../helpers/stage.ts';
import { deliveryOf, noticesOf, unavailable } from './told.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const delivery = (id: string, account?: string) => deliveryOf(stage, id, account);
const notices = () => noticesOf(stage);

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
