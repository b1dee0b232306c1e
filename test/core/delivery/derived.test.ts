// What is derived from deliveries: how a post stands, what is told of it, the journal, and who goes first.
import { describe, expect, it } from 'vitest';
import { ATTEMPTS_KEPT, appendAttempt, endAttempt, openAttempt } from '../../../src/core/delivery/journal.ts';
import { LANE_MAX, Lane } from '../../../src/core/delivery/lane.ts';
import { noticesFor } from '../../../src/core/delivery/roll-up.ts';
import { isOpen, needsPerson, SETTLED, standingOf } from '../../../src/core/delivery/standing.ts';
import type { Account, Delivery, DeliveryState } from '../../../src/core/words.ts';
import { attempt, delivery, NOW, post, settled } from './deliveries.ts';

const LATER = new Date(NOW.getTime() + 60_000);
const parked = (state: DeliveryState) => delivery({ state, nextAttemptAt: undefined });

describe('how a delivery stands', () => {
  it.each([
    'scheduled',
    'publishing',
    'processing',
    'published',
    'failed',
    'uncertain',
    'awaiting_approval',
    'cancelled',
    'expired',
    'overdue',
    'removing',
    'removed',
  ] as const)('%s is settled, goes on by itself, or needs a person: exactly one of them', (state) => {
    for (const each of [delivery({ state }), parked(state)])
      expect([SETTLED.has(state), isOpen(each), needsPerson(each)].filter(Boolean)).toHaveLength(1);
  });
});

describe('how a post stands', () => {
  const waiting = delivery();
  const working = delivery({ state: 'publishing' });
  const asking = parked('uncertain');
  const table: [string, Delivery[], string][] = [
    ['all wait', [waiting, waiting], 'waiting'],
    ['one is under way', [waiting, working, settled('published')], 'working'],
    ['one is looked for', [delivery({ state: 'uncertain' })], 'working'],
    ['one is processed there', [delivery({ state: 'processing' }), settled('failed')], 'working'],
    ['one is being removed', [delivery({ state: 'removing' }), settled('published')], 'working'],
    ['some are removed', [settled('removed'), settled('published')], 'done'],
    ['one is under way while another asks', [asking, working], 'working'],
    ['one asks while another waits', [asking, waiting], 'attention'],
    ['one is overdue', [parked('overdue'), settled('published')], 'attention'],
    ['one waits for its account', [parked('scheduled'), settled('published')], 'attention'],
    ['one waits while another failed', [waiting, settled('failed')], 'waiting'],
    ['one failed at last', [settled('published'), settled('failed')], 'attention'],
    ['all are out', [settled('published'), settled('published')], 'done'],
    ['some are out, some cancelled', [settled('published'), settled('cancelled')], 'done'],
    ['all expired', [settled('expired')], 'done'],
    ['all cancelled', [settled('cancelled'), settled('cancelled')], 'cancelled'],
  ];
  it.each(table)('%s', (_, deliveries, standing) => {
    expect(standingOf(deliveries)).toBe(standing);
    expect(standingOf([...deliveries].reverse())).toBe(standing);
  });
});

describe('what is told', () => {
  const ids = (...deliveries: Delivery[]) => noticesFor(post(), deliveries).map(({ id }) => id);
  const kinds = (...deliveries: Delivery[]) => noticesFor(post(), deliveries).map(({ kind }) => kind);
  const a = (state: DeliveryState, patch = {}) => settled(state, { id: 'K7QPD.A1', ...patch });
  const b = (state: DeliveryState, patch = {}) =>
    settled(state, { id: 'K7QPD.A2', accountId: 'A2', ...patch });

  it('the card always, to the chat where the post began', () => {
    expect(noticesFor(post(), [delivery()])).toEqual([
      { id: 'K7QPD.card', kind: 'card', postId: 'K7QPD', workspaceId: 'W1', frontend: 'chat' },
    ]);
  });

  it('an outcome when all is settled, and not before', () => {
    expect(kinds(a('published'), b('failed'))).toEqual(['card', 'outcome']);
    expect(kinds(a('published'), delivery({ id: 'K7QPD.A2' }))).toEqual(['card']);
    expect(kinds(a('expired'))).toEqual(['card', 'outcome']);
  });

  it('a question when a person is needed, though others go on', () => {
    expect(kinds(parked('overdue'), delivery({ id: 'K7QPD.A2' }))).toEqual(['card', 'question']);
    expect(kinds(parked('uncertain'), b('published'))).toEqual(['card', 'question']);
  });

  it('nothing of what people cancelled themselves', () => {
    expect(kinds(a('cancelled'), b('cancelled'))).toEqual(['card']);
    expect(kinds(a('cancelled'), b('published'))).toEqual(['card', 'outcome']);
  });

  it('what was removed, once all that was to go has gone or stayed', () => {
    expect(kinds(a('published'), delivery({ id: 'b', state: 'removing' }))).toEqual(['card']);
    expect(kinds(a('removed'), b('published'))).toEqual(['card', 'outcome']);
    expect(ids(a('removed'))).not.toEqual(ids(a('published')));
  });

  it('each refusal to remove, also beside what was cancelled after it went out', () => {
    const error = { code: 'PERMISSION_MISSING', kind: 'PermissionMissing', message: 'm', hint: 'h' };
    const refused = (id: string) => a('published', { error, attempts: [attempt('failed', id)] });
    expect(ids(refused('T1'))).not.toEqual(ids(refused('T2')));
    expect(kinds(refused('T1'), b('cancelled', { settledAt: LATER }))).toEqual(['card', 'outcome']);
  });

  it('the same states once, in whatever order they are read', () => {
    expect(ids(a('published'), b('failed'))).toEqual(ids(b('failed'), a('published')));
    expect(ids(a('published'))).toEqual(
      ids(a('published', { updatedAt: LATER, remoteUrl: 'https://a.example' })),
    );
  });

  it('another state, another round or another reason once more', () => {
    const first = ids(a('failed'));
    for (const other of [
      a('published'),
      a('failed', { settledAt: LATER }),
      a('failed', { failures: 1 }),
      a('failed', { error: { code: 'RATE_LIMITED', kind: 'RateLimited', message: 'm', hint: 'h' } }),
    ])
      expect(ids(other)).not.toEqual(first);
    expect(ids(parked('uncertain'))).not.toEqual(ids({ ...parked('uncertain'), looks: 6 }));
    expect(ids(parked('overdue'))).not.toEqual(ids(parked('uncertain')));
  });

  it('ids that fit every key', () => {
    for (const id of ids(a('published'))) expect(id).toMatch(/^K7QPD\.(card|outcome\.[\w-]{16})$/);
  });
});

describe('the journal', () => {
  it.each([
    ['sending', true],
    ['unknown', true],
    ['accepted', false],
    ['rejected', false],
    ['failed', false],
    ['absent', false],
  ] as const)('an attempt that ended %s is open: %s', (outcome, open) => {
    const last = attempt(outcome);
    expect(openAttempt(delivery({ attempts: [attempt('failed', 'T0'), last] }))).toBe(
      open ? last : undefined,
    );
  });

  it('is open by its last attempt only', () => {
    expect(openAttempt(delivery())).toBeUndefined();
    expect(openAttempt(delivery({ attempts: [attempt('sending'), attempt('absent')] }))).toBeUndefined();
  });

  it('ends the last attempt with what was found, and leaves the others and its own input alone', () => {
    const before = [attempt('failed', 'T1'), attempt('sending', 'T2')];
    const after = endAttempt(before, 'accepted', LATER, { remoteId: '42' });
    expect(after).toEqual([
      attempt('failed', 'T1'),
      { id: 'T2', startedAt: NOW, outcome: 'accepted', endedAt: LATER, remoteId: '42' },
    ]);
    expect(before[1]).toEqual(attempt('sending', 'T2'));
    expect(endAttempt([], 'accepted', LATER)).toEqual([]);
  });

  it('keeps the newest attempts', () => {
    let attempts: readonly ReturnType<typeof attempt>[] = [];
    for (let number = 1; number <= ATTEMPTS_KEPT + 5; number += 1)
      attempts = appendAttempt(attempts, attempt('failed', `T${number}`));
    expect(attempts.map(({ id }) => id)).toEqual(
      Array.from({ length: ATTEMPTS_KEPT }, (_, index) => `T${index + 6}`),
    );
  });
});

describe('the lane of an account', () => {
  const account = { id: 'A1', mode: 'live', network: 'x' } as Account;
  const claimed = (id: string, priority: number, seconds: number) => ({
    delivery: delivery({ id, priority, dueAt: new Date(NOW.getTime() + seconds * 1000) }),
    token: 'token',
    post: post(),
    account,
  });

  it('goes by priority, then due time, then id, in whatever order they came', () => {
    const all = [
      claimed('low', 0, -9),
      claimed('b', 1, 5),
      claimed('high-late', 2, 9),
      claimed('a', 1, 5),
      claimed('earlier', 1, 1),
      claimed('high', 2, 2),
    ];
    for (const order of [all, [...all].reverse()]) {
      const lane = new Lane(account, 4);
      for (const each of order) lane.add(each);
      const out = all.map(() => lane.next()?.delivery.id);
      expect(out).toEqual(['high', 'high-late', 'earlier', 'a', 'b', 'low']);
      expect(lane.next()).toBeUndefined();
    }
  });

  it('has room up to its bound, and again when drained', () => {
    const lane = new Lane(account, 4);
    for (let index = 0; index < LANE_MAX; index += 1) {
      expect(lane.room).toBe(LANE_MAX - index);
      lane.add(claimed(`d${index}`, 1, index));
    }
    expect(lane.room).toBe(0);
    expect(lane.drain()).toHaveLength(LANE_MAX);
    expect([lane.room, lane.waiting.length]).toEqual([LANE_MAX, 0]);
  });
});
