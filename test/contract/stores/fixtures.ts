/** Posts, deliveries and accounts for the store suites: whole and plain; a test names only what it is about. */
import type { DeliveryStore } from '../../../src/core/stores.ts';
import type { Account, Delivery, Person, Post, Workspace } from '../../../src/core/words.ts';

/** The instant at which the suites stand. Far from the system's clock on purpose. */
export const NOW = new Date('2031-03-04T09:00:00.000Z');

export const seconds = (count: number): Date => new Date(NOW.getTime() + count * 1000);

export function workspace(more: Partial<Workspace> = {}): Workspace {
  return {
    id: 'W1',
    name: 'Bakery',
    timeZone: 'Europe/Rome',
    locale: 'en',
    defaultTargets: [],
    conversations: [],
    createdAt: NOW,
    ...more,
  };
}

export function person(more: Partial<Person> = {}): Person {
  return { identity: 'terminal:local', workspaceId: 'W1', role: 'owner', name: 'Ada', addedAt: NOW, ...more };
}

export function account(more: Partial<Account> = {}): Account {
  return {
    id: 'A1',
    workspaceId: 'W1',
    network: 'alpha',
    mode: 'rehearsal',
    handle: '@bakery',
    name: 'Bakery',
    source: 'rehearsal',
    active: true,
    health: 'ok',
    createdAt: NOW,
    ...more,
  };
}

export function post(more: Partial<Post> = {}): Post {
  return {
    id: 'P1',
    workspaceId: 'W1',
    standing: 'waiting',
    revision: 0,
    rollUps: 0,
    words: { text: 'Fresh bread' },
    variants: {},
    media: [],
    targets: ['A1'],
    dueAt: NOW,
    immediate: false,
    timeZone: 'Europe/Rome',
    priority: 'normal',
    origin: {
      conversation: { frontend: 'chat', id: 'C1', kind: 'group' },
      person: 'chat:7',
      personName: 'Ada',
    },
    createdAt: NOW,
    updatedAt: NOW,
    ...more,
  };
}

/** A delivery that is due now; `postId` and `accountId` make its id. */
export function delivery(more: Partial<Delivery> = {}): Delivery {
  const { postId = 'P1', accountId = 'A1' } = more;
  return {
    id: `${postId}.${accountId}`,
    workspaceId: 'W1',
    postId,
    accountId,
    network: 'alpha',
    state: 'scheduled',
    dueAt: NOW,
    nextAttemptAt: NOW,
    priority: 1,
    failures: 0,
    looks: 0,
    attempts: [],
    createdAt: NOW,
    updatedAt: NOW,
    ...more,
  };
}

/** The delivery without a next attempt. */
export function resting(more: Partial<Delivery>): Delivery {
  const { nextAttemptAt: _gone, ...rest } = delivery(more);
  return rest;
}

/** Looks for what is due and claims it, as the dispatcher does. */
export async function claimDue(
  deliveries: DeliveryStore,
  now: Date,
  options: { limit: number; exceptAccounts: readonly string[]; token: string; until: Date },
): Promise<readonly Delivery[]> {
  const { token, until, ...which } = options;
  const due = await deliveries.findDue(now, which);
  return deliveries.claim(
    due.map(({ id }) => id),
    now,
    { token, until },
  );
}
