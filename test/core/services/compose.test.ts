// One message makes one post, and a crash at any point of making it leaves a whole post or none.
import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../src/core/clock.ts';
import { LOCAL } from '../../helpers/keyboard.ts';
import { idIn, wordsOf } from '../../helpers/replies.ts';
import { type Stage, useStages } from '../../helpers/stage.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const posts = async () =>
  (
    await stage.stores.posts.list(stage.workspaceId, {
      standings: ['draft', 'waiting', 'working', 'attention', 'done', 'cancelled'],
      order: 'due',
      skip: 0,
      limit: 100,
    })
  ).posts;
/** The next call of a store fails, before or after its effect. */
function break_<Store extends object>(store: Store, method: keyof Store, when: 'before' | 'after'): void {
  const original = store[method] as (...given: unknown[]) => Promise<unknown>;
  Object.assign(store, {
    async [method](...given: unknown[]) {
      Object.assign(store, { [method]: original });
      if (when === 'after') await original.apply(store, given);
      throw new Error('killed');
    },
  });
}

describe('the same message', () => {
  it('handled again, at once or by many at a time, makes one post with one delivery for each account', async () => {
    const replies = await Promise.all(
      Array.from({ length: 5 }, () =>
        stage.type('/schedule when:"in 1 hour" Once', { messageId: 'update-1' }),
      ),
    );
    const again = await stage.type('/schedule when:"in 1 hour" Once', { messageId: 'update-1' });
    expect(new Set([...replies, again].map(idIn)).size).toBe(1);
    expect(await posts()).toHaveLength(1);
    expect(await stage.stores.deliveries.ofPost(stage.workspaceId, idIn(again))).toHaveLength(2);
    await stage.pass(2 * HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([1, 1]);
    const late = await stage.type('/schedule when:"in 1 hour" Once', { messageId: 'update-1' });
    expect(wordsOf(late)).toContain('published');
    await stage.pass(2 * HOUR);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('typed twice at the same moment is planned once: the second is asked about', async () => {
    const replies = await Promise.all([
      stage.type('/schedule to:x when:"in 1 hour" Twice'),
      stage.type('/schedule to:x when:"in 1 hour" Twice'),
      stage.type('/schedule to:x when:"in 1 hour" Another'),
    ]);
    expect(replies.map((each) => wordsOf(each).includes('same words'))).toEqual([false, true, false]);
    expect((await posts()).map(({ standing }) => standing).sort()).toEqual(['draft', 'waiting', 'waiting']);
  });

  it('in another conversation is another message', async () => {
    const first = await stage.type('/schedule to:x when:"in 1 hour" Here', { messageId: '7' });
    const second = await stage.type('/schedule to:x when:"in 1 hour" There', {
      messageId: '7',
      conversation: { ...LOCAL, id: 'elsewhere' },
    });
    expect(idIn(second)).not.toBe(idIn(first));
  });

  it('of a draft does not schedule it, and of a cancelled post does not revive it', async () => {
    const line = `/schedule to:x when:"in 1 hour" ${'long '.repeat(70)}`;
    const id = idIn(await stage.type(line, { messageId: '8' }));
    expect(wordsOf(await stage.type(line, { messageId: '8' }))).toContain('found: 349');
    await stage.press(`cancel.now:${id}`);
    await stage.type(line, { messageId: '8' });
    expect(await posts()).toMatchObject([{ id, standing: 'cancelled' }]);
  });
});

describe('a failure while a post is made', () => {
  it.each([
    ['before the post', 'posts', 'before'],
    ['after the post, before its answer', 'posts', 'after'],
    ['before the deliveries', 'deliveries', 'before'],
    ['after the deliveries, before their answer', 'deliveries', 'after'],
  ] as const)('%s: the message is handled again and goes out once', async (_, store, when) => {
    if (store === 'posts') break_(stage.stores.posts, 'insert', when);
    else break_(stage.stores.deliveries, 'insert', when);
    const failed = await stage.type('/schedule when:"in 10 min" Once', { messageId: 'update-9' });
    expect(failed.tone).toBe('error');
    const retried = await stage.type('/schedule when:"in 10 min" Once', { messageId: 'update-9' });
    expect(wordsOf(retried)).toContain('[waiting] X @acme');
    await stage.pass(HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([1, 1]);
    expect(await posts()).toHaveLength(1);
  });

  it('of the alarm: the post goes out at its time all the same', async () => {
    stage.engine.useAlarms({ set: () => Promise.reject(new Error('killed')), clear: async () => undefined });
    await stage.type('/schedule to:x when:"in 10 min" Once');
    stage.engine.useAlarms({ set: async () => undefined, clear: async () => undefined });
    await stage.pass(9 * MINUTE);
    await stage.engine.onSweep();
    await stage.pass(MINUTE);
    await stage.engine.onSweep();
    await stage.pass(0);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('of the confirmation of a draft: pressed again or swept, it goes out once', async () => {
    const id = idIn(await stage.type(`/schedule when:"in 10 min" ${'long '.repeat(70)}`));
    break_(stage.stores.deliveries, 'insert', 'before');
    expect((await stage.press(`schedule.others:${id}`)).tone).toBe('error');
    await stage.pass(9 * MINUTE);
    await stage.engine.onSweep();
    await stage.pass(2 * MINUTE);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([0, 1]);
  });

  it('a taken id is replaced by another one, for as long as there are any', async () => {
    const insert = stage.stores.posts.insert.bind(stage.stores.posts);
    let refused = 0;
    const ids: string[] = [];
    Object.assign(stage.stores.posts, {
      insert: (made: Parameters<typeof insert>[0]) => {
        ids.push(made.id);
        return refused++ < 5 ? Promise.resolve('id taken') : insert(made);
      },
    });
    const id = idIn(await stage.type('/schedule to:x when:"in 10 min" Words'));
    expect(id).toBe(ids.at(-1));
    expect(new Set(ids).size).toBe(6);
    await stage.pass(10 * MINUTE);
    expect(stage.x.wall).toHaveLength(1);
  });
});
