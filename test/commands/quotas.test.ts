// A post for which a network has no room at its moment is told before it is planned, with the next moment that has room.
import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, SECOND } from '../../src/core/clock.ts';
import { delivery, resting } from '../contract/stores/fixtures.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});

// The stage stands at 4:00 in New York, where the days of Tumblr end at midnight.
const TODAY = 'Tue, 24 Nov 2026, 20:00 Europe/Rome';
const TOMORROW = 'Wed, 25 Nov 2026, 20:00 Europe/Rome';
const free = (id: string, days: number) =>
  `move.free:${id}:${(new Date('2026-11-24T19:00:00Z').getTime() + days * DAY) / SECOND}`;
const standing = async (id: string) => (await stage.stores.posts.find(stage.workspaceId, id))?.standing;

/** So many posts of Tumblr went out today, or are queued some hours from now. */
async function fill(count: number, queuedIn?: number): Promise<void> {
  const now = stage.clock.now();
  const at = new Date(now.getTime() + (queuedIn ?? 0) * HOUR);
  await stage.stores.deliveries.insert(
    Array.from({ length: count }, (_, number) => {
      const facts = { postId: `F${queuedIn ?? 'OUT'}${number}`, accountId: 'tumblr1', workspaceId: 'W1' };
      return queuedIn === undefined
        ? resting({ ...facts, state: 'published', dueAt: now, settledAt: now })
        : delivery({ ...facts, dueAt: at, nextAttemptAt: at });
    }),
  );
}

describe('a day of Tumblr with 250 posts', () => {
  it('takes the 250th, keeps the next one as a draft, and says when there is room', async () => {
    await fill(100);
    await fill(149, 5);
    const last = await stage.type('/schedule to:tumblr when:"today 20:00" Last');
    expect(await standing(idIn(last))).toBe('waiting');
    const reply = await stage.type('/schedule to:tumblr when:"today 20:00" One too many');
    expect(wordsOf(reply)).toContain(`Goes out ${TODAY}`);
    expect(wordsOf(reply)).toContain(
      '[failed] Tumblr @acme: at most 250 posts a day; found: 250 queued or out around that time.',
    );
    expect(wordsOf(reply)).toContain(`Next free: ${TOMORROW}`);
    expect(await standing(idIn(reply))).toBe('draft');
    expect(buttonsOf(reply)[0]).toBe(free(idIn(reply), 1));
    const planned = await stage.press(free(idIn(reply), 1));
    expect(wordsOf(planned)).toContain(`Goes out ${TOMORROW}`);
    expect(await standing(idIn(reply))).toBe('waiting');
  });

  it('has none for a post that is to go out at once; what another account can take is offered', async () => {
    await fill(250);
    const reply = await stage.type('/post to:all Now');
    expect(wordsOf(reply)).toContain('found: 250 queued or out around that time');
    expect(buttonsOf(reply)).toContain(`schedule.others:${idIn(reply)}`);
    await stage.press(`schedule.others:${idIn(reply)}`);
    await stage.pass(0);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([1, 0]);
  });

  it('counts what other accounts do for them only, and has room again when something is cancelled', async () => {
    await fill(249);
    const last = idIn(await stage.type('/schedule to:tumblr when:"today 19:00" Last'));
    const draft = idIn(await stage.type('/schedule to:tumblr when:"today 20:00" One too many'));
    expect(await standing(idIn(await stage.type('/schedule to:x when:"today 20:00" Elsewhere')))).toBe(
      'waiting',
    );
    await stage.press(`cancel.now:${last}`);
    await stage.press(`schedule.confirm:${draft}`);
    expect(await standing(draft)).toBe('waiting');
  });

  it('refuses a draft that is confirmed when the day has filled up meanwhile', async () => {
    await stage.type('/schedule to:tumblr when:"today 20:00" Twice');
    const draft = idIn(await stage.type('/schedule to:tumblr when:"today 20:30" Twice'));
    await fill(249);
    const reply = await stage.press(`schedule.confirm:${draft}`);
    expect(wordsOf(reply)).toContain('found: 250 queued');
    expect(await standing(draft)).toBe('draft');
  });

  it('/move into it is refused with the next free moment, and changes nothing; to another day it goes', async () => {
    const id = idIn(await stage.type('/schedule to:all when:"in 3 days" Later'));
    await fill(250);
    const refused = await stage.type(`/move post:#${id} when:"today 20:00"`);
    expect(wordsOf(refused)).toContain('Not moved: there is no room at that time.');
    expect(wordsOf(refused)).toContain('Goes out Fri, 27 Nov 2026, 10:00 Europe/Rome');
    expect(wordsOf(refused)).toContain(`Next free: ${TOMORROW}`);
    expect(wordsOf(await stage.press(free(id, 1)))).toContain(`Moved.`);
    expect(wordsOf(await stage.type(`/move post:#${id} when:"tomorrow 21:00"`))).toContain('Moved.');
  });

  it('lets a post that is in it move within it, and its words change', async () => {
    const id = idIn(await stage.type('/schedule to:tumblr when:"today 20:00" In it'));
    await fill(249);
    expect(wordsOf(await stage.type(`/move post:#${id} when:"today 21:00"`))).toContain('Moved.');
    await stage.type('/schedule to:tumblr when:"tomorrow 20:00" Other');
    await fill(60, 30);
    expect(wordsOf(await stage.type(`/edit post:#${id} Better words`))).toContain('Changed.');
  });

  it('a button of a moment that has passed says so', async () => {
    await fill(250);
    const draft = idIn(await stage.type('/schedule to:tumblr when:"today 20:00" One too many'));
    await stage.pass(2 * DAY);
    const reply = await stage.press(free(draft, 1));
    expect(wordsOf(reply)).toContain('That time has passed meanwhile.');
  });
});

describe('the last place of a day, for two people at two processes', () => {
  /** What they do at once. Time passes only for one who waits for the other, so no turn ends before its work does. */
  async function atOnce<Answer>(...work: readonly Promise<Answer>[]): Promise<readonly Answer[]> {
    let isDone = false;
    const done = Promise.all(work).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await setImmediate();
      const waitMs = Number(stage.clock.next() ?? Number.NaN) - stage.clock.now().getTime();
      if (waitMs < SECOND) await stage.pass(waitMs);
    }
    return done;
  }

  it('is planned for once; the other is told when there is room next', async () => {
    const other = await stage.beside();
    await fill(249);
    const replies = await atOnce(
      stage.type('/schedule to:tumblr when:"today 20:00" Mine'),
      other.type('/schedule to:tumblr when:"today 20:00" No, mine'),
    );
    const standings = await Promise.all(replies.map((reply) => standing(idIn(reply))));
    expect([...standings].sort()).toEqual(['draft', 'waiting']);
    const refused = replies[standings.indexOf('draft')]!;
    expect(wordsOf(refused)).toContain('found: 250 queued or out around that time');
    expect(buttonsOf(refused)[0]).toBe(free(idIn(refused), 1));
    expect(await stage.stores.deliveries.ofPost(stage.workspaceId, idIn(refused))).toEqual([]);
  });

  it('is moved into once, and confirmed once', async () => {
    const other = await stage.beside();
    const first = idIn(await stage.type('/schedule to:tumblr when:"in 3 days" First'));
    await stage.type('/schedule to:tumblr when:"today 19:00" Twice');
    const draft = idIn(await stage.type('/schedule to:tumblr when:"today 20:00" Twice'));
    await fill(248);
    const replies = await atOnce(
      stage.type(`/move post:#${first} when:"today 20:00"`),
      other.press(`schedule.confirm:${draft}`),
    );
    expect(replies.filter((reply) => wordsOf(reply).includes('Next free:'))).toHaveLength(1);
    const today = new Date('2026-11-24T19:00:00Z');
    const planned = (await stage.stores.deliveries.ofPosts(stage.workspaceId, [first, draft])).filter(
      ({ dueAt }) => dueAt.getTime() === today.getTime(),
    );
    expect(planned).toHaveLength(1);
  });
});
