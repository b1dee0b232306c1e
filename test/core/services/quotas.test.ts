// Allowances that not every post takes: what is queued is looked at for what it takes.
import { expect, it } from 'vitest';
import { HOUR } from '../../../src/core/clock.ts';
import type { Publisher } from '../../../src/core/publisher.ts';
import { checkRoom } from '../../../src/core/services/check.ts';
import { planWithRoom } from '../../../src/core/services/last-places.ts';
import { countingOnce, quotaIssues } from '../../../src/core/services/quotas.ts';
import type { MediaItem, Post } from '../../../src/core/words.ts';
import { NETWORK_RULES } from '../../../src/publishers/index.ts';
import { NOW, post } from '../../contract/stores/fixtures.ts';
import { createManualClock, createSeededRandom } from '../../helpers/manual-clock.ts';
import { account, mediaItem } from '../../helpers/publishing.ts';

const reel = mediaItem('video');
const wide = mediaItem('video', { width: 1280, height: 720 });
const minutes = (count: number) => mediaItem('video', { durationMs: count * 60_000 });
const pictures = (count: number) => Array.from({ length: count }, () => mediaItem('image'));
const one = (media: readonly MediaItem[], count = 1): Post[] =>
  Array.from({ length: count }, (_, index) => post({ id: `Q${index}`, media }));

/** The issues of a post on a network whose account has these queued, one each second from now. */
async function found(
  network: string,
  media: readonly MediaItem[],
  queue: readonly Post[],
  before?: Post,
  others: readonly string[] = [],
) {
  const rules = NETWORK_RULES.find((each) => each.network === network);
  const clock = createManualClock(NOW);
  const queued = queue.map(({ id }, index) => ({
    postId: id,
    at: new Date(NOW.getTime() + index * 1_000),
  }));
  const issues = await quotaIssues(
    {
      clock,
      posts: { findMany: async (ids) => queue.filter(({ id }) => ids.includes(id)) },
      accounts: {
        list: async () => [account(network), ...others.map((id) => account(network, { id }))],
      },
      deliveries: { goingOut: async () => queued, countGoingOut: async () => queued.length },
      publisherFor: () => ({ capabilities: rules?.capabilities }) as Publisher,
    },
    post({ media, targets: [account(network).id, ...others], dueAt: new Date(NOW.getTime() + HOUR) }),
    account(network),
    before,
  );
  return issues.map(({ rule, found, freeAt }) => [rule, found, freeAt?.toISOString()]);
}

it('Facebook counts reels, and nothing else, in any 24 hours', async () => {
  expect(await found('facebook', [reel], one([reel], 29))).toEqual([]);
  expect(await found('facebook', [reel], one([reel], 30))).toEqual([
    ['at most 30 reels in any 24 hours', '30 queued or out around that time', '2031-03-05T09:00:00.000Z'],
  ]);
  expect(await found('facebook', [wide], one([reel], 30))).toEqual([]);
  expect(await found('facebook', pictures(1), one([reel], 30))).toEqual([]);
  expect(await found('facebook', [reel], one([wide], 30))).toEqual([]);
});

it('Instagram and X count posts in any 24 hours', async () => {
  expect(await found('instagram', pictures(2), one(pictures(2), 99))).toEqual([]);
  expect(await found('instagram', pictures(2), one(pictures(2), 100))).toEqual([
    ['at most 100 posts in any 24 hours', '100 queued or out around that time', '2031-03-05T09:00:00.000Z'],
  ]);
  expect((await found('x', [], one([], 10_000)))[0]?.slice(0, 2)).toEqual([
    'at most 10,000 posts in any 24 hours',
    '10,000 queued or out around that time',
  ]);
});

it('X counts each part of a thread', async () => {
  const text = Array.from({ length: 25 }, (_, part) => `Part ${part}`).join('\n---\n');
  const threads = (count: number) =>
    Array.from({ length: count }, (_, index) => post({ id: `Q${index}`, words: { text, thread: true } }));
  expect(await found('x', [], threads(399))).toEqual([]);
  expect((await found('x', [], threads(400)))[0]?.[1]).toBe('10,000 queued or out around that time');
});

it('Tumblr counts pictures, videos and their length by the day', async () => {
  const tomorrow = '2031-03-05T10:00:00.000Z';
  expect(await found('tumblr', pictures(30), one(pictures(30), 7))).toEqual([]);
  expect(await found('tumblr', pictures(30), one(pictures(30), 8))).toEqual([
    ['at most 250 pictures a day', '240 queued or out around that time, and 30 more here', tomorrow],
  ]);
  expect(await found('tumblr', [minutes(1)], one([minutes(1)], 20))).toEqual([
    ['at most 20 videos a day', '20 queued or out around that time', tomorrow],
  ]);
  expect(await found('tumblr', [minutes(6)], one([minutes(10)], 6))).toEqual([
    [
      'at most 3,600 seconds of video a day',
      '3,600 queued or out around that time, and 360 more here',
      tomorrow,
    ],
  ]);
});

it('the blogs of a person share the day; the pages of Facebook do not', async () => {
  // Each of the two accounts has this queue.
  expect(await found('tumblr', [], one([], 124), undefined, ['other'])).toEqual([]);
  expect((await found('tumblr', [], one([], 125), undefined, ['other']))[0]?.slice(0, 2)).toEqual([
    'at most 250 posts a day',
    '250 queued or out around that time, and 2 more here',
  ]);
  expect(await found('facebook', [reel], one([reel], 29), undefined, ['other'])).toEqual([]);
});

it('Pinterest states no allowance of pins', async () => {
  expect(await found('pinterest', pictures(1), one(pictures(1), 5_000))).toEqual([]);
});

it('a post that is planned already is asked only for what it takes more', async () => {
  const planned = post({
    media: pictures(5),
    targets: [account('tumblr').id],
    dueAt: new Date(NOW.getTime() + HOUR),
  });
  const issues = (media: readonly MediaItem[], before: Post) =>
    found('tumblr', media, one(pictures(10), 25), before);
  expect(await issues(pictures(4), planned)).toEqual([]);
  expect(await issues(pictures(6), planned)).toHaveLength(1);
  expect(await issues(pictures(4), { ...planned, targets: ['other'] })).toHaveLength(1);
  expect(await issues(pictures(4), { ...planned, dueAt: NOW })).toHaveLength(1);
});

it('accounts that share an allowance are counted once each for a check and the plan that follows it', async () => {
  const rules = NETWORK_RULES.find(({ network }) => network === 'x');
  const accounts = ['x1', 'x2', 'x3'].map((id) => account('x', { id }));
  const clock = createManualClock(NOW);
  const counted: string[] = [];
  const ports = {
    clock,
    random: createSeededRandom(1),
    posts: { findMany: async () => [] },
    accounts: { list: async () => accounts },
    deliveries: {
      goingOut: async () => [],
      countGoingOut: async (id: string) => {
        counted.push(id);
        return 1;
      },
    },
    turns: { take: () => Promise.reject(new Error('nobody has to wait')), end: async () => undefined },
    publisherFor: () => ({ capabilities: rules?.capabilities }) as Publisher,
  };
  const now = post({ targets: accounts.map(({ id }) => id), immediate: true });
  const question = { counted: countingOnce(ports) };
  expect(await checkRoom(ports, now, accounts, question)).toEqual([]);
  clock.advance(20);
  expect(await planWithRoom(ports, now, accounts, async () => 'written', question)).toEqual({
    planned: 'written',
  });
  expect(counted.sort()).toEqual(['x1', 'x2', 'x3']);
});
