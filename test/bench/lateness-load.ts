/** The load of the lateness bench: workspaces, accounts and posts, the same for both sides. */
import { newDelivery } from '../../src/core/services/plan.ts';
import type { Stores } from '../../src/core/stores.ts';
import type { Account, Delivery, Post } from '../../src/core/words.ts';
import type { Database } from './built.ts';

export const NETWORKS = ['facebook', 'instagram', 'pinterest', 'tumblr', 'x'];
export const WORKSPACES = 20;
export const ACCOUNTS = WORKSPACES * NETWORKS.length;

/** The time between storing and the due instant: both sides have been at rest for a while when it comes. */
export const REST_MS = 8_000;

export interface LatenessTask {
  readonly side: 'carillon' | 'agenda';
  readonly deliveries: number;
  /** Accounts that each post goes to: 5 is every network of its workspace, 1 makes as many posts as deliveries. */
  readonly targets: number;
}

/** What a side reports; milliseconds. `lateness` has the creating call's start less the due instant of each delivery. */
export interface LatenessReport {
  readonly lateness: readonly number[];
  /** From the due instant until everything about it was stored and told. */
  readonly settledAfter: number;
  readonly cpuMs: number;
  readonly problems: readonly string[];
}

export const textOf = (index: number): string =>
  `Announcement ${index}: the doors open at nine, the first bell rings at ten, and everybody is welcome.`;

export function accountsOf(workspace: number, at: Date): readonly Account[] {
  return NETWORKS.map((network) => ({
    id: `A${workspace}${network}`,
    workspaceId: `W${workspace}`,
    network,
    mode: 'rehearsal',
    source: 'rehearsal',
    handle: '@rehearsal',
    name: 'Rehearsal',
    active: true,
    health: 'ok',
    createdAt: at,
  }));
}

/** Stores the posts and their deliveries, all due at `dueAt`; answers the posts. */
export async function storePosts(
  { connection }: Database,
  stores: Stores,
  { deliveries: count, targets }: LatenessTask,
  dueAt: Date,
): Promise<readonly Post[]> {
  const now = new Date();
  const accounts = Array.from({ length: WORKSPACES }, (_, index) => accountsOf(index, now));
  await connection.collection('workspaces').insertMany(
    accounts.map((_, index) => ({
      _id: `W${index}` as never,
      name: 'Team',
      timeZone: 'Europe/Rome',
      locale: 'en-GB',
      defaultTargets: [],
      conversations: [],
      createdAt: now,
    })),
  );
  for (const account of accounts.flat()) await stores.accounts.upsert(account);
  const posts: Post[] = [];
  const deliveries: Delivery[] = [];
  for (let index = 0; deliveries.length < count; index += 1) {
    const ofWorkspace = accounts[index % WORKSPACES] ?? [];
    const first = Math.floor(index / WORKSPACES);
    const chosen = Array.from({ length: targets }, (_, of) => ofWorkspace[(first + of) % NETWORKS.length]!);
    const post = newPost(index, chosen, dueAt, now);
    posts.push(post);
    deliveries.push(...chosen.map((account) => newDelivery(post, account, now)));
  }
  for (const batch of batches(posts, 100)) await Promise.all(batch.map((post) => stores.posts.insert(post)));
  for (const batch of batches(deliveries, 1000)) await stores.deliveries.insert(batch);
  return posts;
}

export function newPost(index: number, accounts: readonly Account[], dueAt: Date, now: Date): Post {
  return {
    id: `P${String(index).padStart(6, '0')}`,
    workspaceId: accounts[0]!.workspaceId,
    standing: 'waiting',
    revision: 1,
    rollUps: 0,
    words: { text: textOf(index) },
    variants: {},
    media: [],
    targets: accounts.map(({ id }) => id),
    dueAt,
    immediate: false,
    timeZone: 'Europe/Rome',
    priority: 'normal',
    origin: {
      conversation: { frontend: 'terminal', id: 'local', kind: 'direct' },
      person: 'terminal:local',
      personName: 'Ada',
    },
    card: { conversation: { frontend: 'terminal', id: 'local', kind: 'direct' }, messageId: `m${index}` },
    createdAt: now,
    updatedAt: now,
  };
}

export function* batches<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
