/** Deliveries and posts as plain values, for tests of what is derived from them. */
import type { Attempt, Delivery, Post } from '../../../src/core/words.ts';

export const NOW = new Date('2026-11-24T09:00:00Z');

/** `undefined` takes a field away, such as the next attempt of what waits for a person. */
export function delivery(patch: { [Field in keyof Delivery]?: Delivery[Field] | undefined } = {}): Delivery {
  const made = {
    id: 'K7QPD.A1',
    workspaceId: 'W1',
    postId: 'K7QPD',
    accountId: 'A1',
    network: 'x',
    state: 'scheduled',
    dueAt: NOW,
    nextAttemptAt: NOW,
    priority: 1,
    failures: 0,
    looks: 0,
    attempts: [],
    createdAt: NOW,
    updatedAt: NOW,
    ...patch,
  };
  return Object.fromEntries(
    Object.entries(made).filter(([, value]) => value !== undefined),
  ) as unknown as Delivery;
}

/** One that is settled has no next attempt. */
export const settled = (state: Delivery['state'], patch: Parameters<typeof delivery>[0] = {}): Delivery =>
  delivery({ state, nextAttemptAt: undefined, settledAt: NOW, ...patch });

export const attempt = (outcome: Attempt['outcome'], id = 'T1'): Attempt => ({ id, startedAt: NOW, outcome });

export function post(patch: Partial<Post> = {}): Post {
  return {
    id: 'K7QPD',
    workspaceId: 'W1',
    standing: 'waiting',
    revision: 1,
    rollUps: 0,
    words: { text: 'Hello' },
    variants: {},
    media: [],
    targets: ['A1'],
    dueAt: NOW,
    immediate: false,
    timeZone: 'UTC',
    priority: 'normal',
    origin: {
      conversation: { frontend: 'chat', id: '1', kind: 'direct' },
      person: 'chat:1',
      personName: 'Ada',
    },
    createdAt: NOW,
    updatedAt: NOW,
    ...patch,
  };
}
