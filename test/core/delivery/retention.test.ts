// What is over goes after RETENTION_DAYS, with all that was kept about it; what anybody may still need stays.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../src/core/clock.ts';
import { failure } from '../../../src/core/errors.ts';
import type { BlobStore } from '../../../src/core/media.ts';
import { createMediaIntake } from '../../../src/core/services/media-intake.ts';
import { createFileBlobStore } from '../../../src/stores/blob-files.ts';
import { createMemoryWall, type MemoryWall } from '../../helpers/memory-wall.ts';
import { failBefore } from '../../helpers/played-network.ts';
import { fill, mediaItem, sha256 } from '../../helpers/publishing.ts';
import { buttonsOf, idIn, wordsOf } from '../../helpers/replies.ts';
import { type Stage, useStages } from '../../helpers/stage.ts';

const DAYS = 10;
const createStage = useStages();
let folder = '';
let stage: Stage;
let blobs: BlobStore;
let wall: MemoryWall;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-retention-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  blobs = await createFileBlobStore(await mkdtemp(join(folder, 'data-')));
  wall = createMemoryWall();
  stage = await createStage({
    retention: { days: DAYS, wall, blobs },
    media: (clock, stores) =>
      createMediaIntake({
        source: {
          openFile: async (path) => ({ name: path, stream: Readable.from([fileNamed(path)]) }),
          openLink: () => Promise.reject(new Error('no links here')),
        },
        blobs,
        probe: {
          headBytes: 1,
          boundOf: async () => 5000,
          probe: async ({ bytes }) => factsOf(bytes),
        },
        fitter: { fit: async (_source, _facts, plan) => ({ facts: factsOf(COPY.length), data: COPY, plan }) },
        index: stores.media,
        clock,
      }),
  });
});

/** Files differ by the letter they begin with; a large one has hidden data, which a copy for a network is without. */
const fileNamed = (path: string): Buffer => fill(path, path.startsWith('camera') ? 2000 : 1000);
const COPY = fill('copy', 500);
function factsOf(bytes: number) {
  const { sha256: _sha256, name: _name, ...facts } = mediaItem('image', { bytes, metadata: bytes === 2000 });
  return facts;
}

const has = (path: string): Promise<boolean> => blobs.has(sha256(fileNamed(path)));
const isThere = async (id: string): Promise<boolean> =>
  (await stage.stores.posts.find(stage.workspaceId, id)) !== undefined;
const deliveriesOf = (id: string) => stage.stores.deliveries.ofPost(stage.workspaceId, id);
const lines = (message: string) => stage.log.filter((line) => line.message.startsWith(message));

async function sweep(): Promise<void> {
  await stage.engine.onSweep();
  await stage.engine.idle();
}

async function published(words: string): Promise<string> {
  const id = idIn(await stage.type(`/post to:x ${words}`));
  await stage.pass(MINUTE);
  expect(await deliveriesOf(id)).toMatchObject([{ state: 'published' }]);
  return id;
}

describe('after RETENTION_DAYS', () => {
  it('a published post is gone with its deliveries, its notices and its media, copies among them', async () => {
    const id = await published('media:camera.jpg Old');
    expect(await blobs.has(sha256(COPY))).toBe(true);
    await stage.pass(DAYS * DAY - HOUR);
    await sweep();
    expect(wordsOf(await stage.type(`/show post:#${id}`))).toContain('published');
    await stage.pass(HOUR);
    await sweep();
    expect(wordsOf(await stage.type(`/show post:#${id}`))).toContain(`There is no post #${id}`);
    expect(await deliveriesOf(id)).toEqual([]);
    expect(await stage.stores.notices.repeat(`${id}.card`, stage.clock.now())).toBe(false);
    expect([await has('camera.jpg'), await blobs.has(sha256(COPY))]).toEqual([false, false]);
    expect(await stage.stores.media.usedBefore(stage.clock.now(), 10)).toEqual([]);
    expect(lines('removed what is over').at(-1)).toMatchObject({
      facts: { posts: 1, deliveries: 1, notices: 2, media: 2, bytes: 2500 },
    });
  });

  it('a cancelled draft goes; what waits, needs a person or is a draft stays with its media', async () => {
    const dropped = idIn(await stage.type('/schedule to:x when:"in 1 hour" media:dropped.jpg Dropped'));
    await stage.type(`/cancel post:#${dropped}`);
    const planned = idIn(await stage.type('/schedule to:x when:"in 30 days" media:planned.jpg Planned'));
    const draft = idIn(
      await stage.type(`/schedule to:x when:"in 1 hour" media:draft.jpg ${'long '.repeat(99)}`),
    );
    stage.x.script.push(
      failBefore(failure('ContentRejected', { code: 'CONTENT_REJECTED', message: '', hint: '' })),
    );
    const failed = idIn(await stage.type('/post to:x media:failed.jpg Failed'));
    await stage.pass((DAYS + 1) * DAY);
    await sweep();
    expect(await Promise.all([dropped, planned, draft, failed].map(isThere))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    const files = ['dropped.jpg', 'planned.jpg', 'draft.jpg', 'failed.jpg'];
    expect(await Promise.all(files.map(has))).toEqual([false, true, true, true]);
    // The planned one is published, and goes so many days later, its picture with it.
    await stage.pass((30 - DAYS) * DAY);
    await sweep();
    expect([await isThere(planned), await has('planned.jpg')]).toEqual([true, true]);
    await stage.pass(DAYS * DAY);
    await sweep();
    expect([await isThere(planned), await has('planned.jpg')]).toEqual([false, false]);
  });

  it('a picture stays as long as a younger post, another team or the wall has it', async () => {
    const old = await published('media:shared.jpg Old');
    await stage.pass(5 * DAY);
    const young = await published('media:shared.jpg Young');
    const theirs = sha256(fileNamed('theirs.jpg'));
    await published('media:theirs.jpg Theirs');
    await stage.stores.media.remember(
      'W2',
      { sha256: theirs, bytes: 1000 },
      factsOf(1000),
      stage.clock.now(),
    );
    await published('media:walled.jpg Walled');
    await stage.pass(DAY);
    const entry = {
      id: 'e',
      workspaceId: stage.workspaceId,
      media: [{ sha256: sha256(fileNamed('walled.jpg')) }],
    };
    await wall.add({ ...entry, at: stage.clock.now() } as never);

    await stage.pass((DAYS - 6) * DAY);
    await sweep();
    expect([await isThere(old), await isThere(young), await has('shared.jpg')]).toEqual([false, true, true]);
    await stage.pass(5 * DAY);
    await sweep();
    expect([await isThere(young), await has('shared.jpg')]).toEqual([false, false]);
    // The other team's note is as old, and no post of theirs has the file.
    expect(await has('theirs.jpg')).toBe(false);
    expect([await has('walled.jpg'), wall.entries.length]).toEqual([true, 1]);
    await stage.pass(DAY + HOUR);
    await sweep();
    expect([await has('walled.jpg'), wall.entries.length]).toEqual([false, 0]);
  });

  it('bytes that another team fetched later stay for them', async () => {
    await published('media:theirs.jpg Ours');
    await stage.pass(DAY);
    const stored = { sha256: sha256(fileNamed('theirs.jpg')), bytes: 1000 };
    await stage.stores.media.remember('W2', stored, factsOf(1000), stage.clock.now());
    await stage.pass((DAYS - 1) * DAY);
    await sweep();
    expect(await has('theirs.jpg')).toBe(true);
    expect(await stage.stores.media.usesOf(stored.sha256)).toMatchObject([{ workspaceId: 'W2' }]);
  });
});

describe('when something comes between', () => {
  it('a crash at any step is made up for by the next run, an hour later', async () => {
    const { deliveries, notices, posts, media } = stage.stores;
    const ids = [await published('media:a.jpg One'), await published('media:b.jpg Two')];
    await stage.pass(DAYS * DAY);
    const steps: (readonly [object, string])[] = [
      [deliveries, 'removeSettled'],
      [notices, 'removeOfPosts'],
      [posts, 'removeFinished'],
      [media, 'usesOf'],
      [blobs, 'remove'],
      [media, 'forget'],
    ];
    const faults = steps.flatMap((step) =>
      (['before', 'after'] as const).map((when) => [...step, when] as const),
    );
    for (const [index, [store, method, when]] of faults.entries()) {
      breakNext(store, method, when);
      await sweep();
      expect(lines('what is over could not')).toHaveLength(index + 1);
      // No second run within the hour.
      await sweep();
      expect(lines('removed what is over')).toHaveLength(index + 1);
      await stage.pass(HOUR);
    }
    await sweep();
    expect(await Promise.all(ids.map(isThere))).toEqual([false, false]);
    expect(await deliveries.ofManyPosts(ids)).toEqual([]);
    expect([await has('a.jpg'), await has('b.jpg')]).toEqual([false, false]);
    expect(await media.usedBefore(stage.clock.now(), 10)).toEqual([]);
  });

  it('a person who removes the post from its network at that moment is served', async () => {
    const id = await published('Late regret');
    await stage.pass(DAYS * DAY);
    const asked = await stage.type(`/remove post:#${id}`);
    const { deliveries } = stage.stores;
    meanwhile(deliveries, 'removeSettled', () => stage.press(buttonsOf(asked)[0]!));
    await sweep();
    await stage.pass(MINUTE);
    expect(stage.x.removals).toHaveLength(1);
    expect(wordsOf(await stage.type(`/show post:#${id}`))).toContain('removed');
  });
});

/** The next call of a method waits until something else is done, or fails. */
function meanwhile(
  store: object,
  method: string,
  act: (call: () => Promise<unknown>) => Promise<unknown>,
): void {
  const real = Reflect.get(store, method) as (...given: unknown[]) => Promise<unknown>;
  Object.assign(store, {
    async [method](...given: unknown[]) {
      Object.assign(store, { [method]: real });
      await act(() => real.apply(store, given));
      return real.apply(store, given);
    },
  });
}

function breakNext(store: object, method: string, when: 'before' | 'after'): void {
  meanwhile(store, method, async (call) => {
    if (when === 'after') await call();
    throw new Error('killed');
  });
}
