// The life of a post on a virtual clock: on its way, after an absence, and as it is told.
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/clock.ts';
import { failure } from '../../../src/core/errors.ts';
import { failBefore } from '../../helpers/played-network.ts';
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
