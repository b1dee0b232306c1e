/** How a post is planned: its deliveries and its alarm. */
import type { AlarmClock } from '../alarm-clock.ts';
import { type Clock, DAY } from '../clock.ts';
import { PRIORITY } from '../delivery/sweep.ts';
import { usageError } from '../errors.ts';
import type { DeliveryStore } from '../stores.ts';
import type { Account, Delivery, Post } from '../words.ts';

export interface PlanPorts {
  readonly deliveries: Pick<DeliveryStore, 'insert'>;
  readonly alarms: AlarmClock;
  /** Something is due now. */
  wakeDispatcher(): void;
  readonly clock: Clock;
}

/** How far ahead a post may be planned. */
const AHEAD_MAX_MS = 5 * 366 * DAY;

/** Error: MOMENT_TOO_FAR. */
export function refuseFarMoment(at: Date, now: Date): void {
  if (at.getTime() - now.getTime() <= AHEAD_MAX_MS) return;
  throw usageError('MOMENT_TOO_FAR', 'That is more than five years ahead.', 'Choose an earlier time.');
}

/** Makes the deliveries that do not exist yet and sets the alarm; may be repeated. Answers the deliveries as they begin. */
export async function plan(
  ports: PlanPorts,
  post: Post,
  accounts: readonly Account[],
): Promise<readonly Delivery[]> {
  const now = ports.clock.now();
  const isDue = post.dueAt <= now;
  const deliveries = accounts.map((account) => newDelivery(post, account, now));
  // An alarm carries an id only: one that is there before its deliveries, or without them after a crash, does no harm.
  await Promise.all([
    ports.deliveries.insert(deliveries),
    isDue ? undefined : ports.alarms.set(post.id, post.dueAt, PRIORITY[post.priority]),
  ]);
  if (isDue) ports.wakeDispatcher();
  return deliveries;
}

/** As it begins. Its id says which one it is, so that making it again is known. */
export function newDelivery(post: Post, account: Account, now: Date): Delivery {
  return {
    id: `${post.id}.${account.id}`,
    workspaceId: post.workspaceId,
    postId: post.id,
    accountId: account.id,
    network: account.network,
    state: 'scheduled',
    dueAt: post.dueAt,
    nextAttemptAt: post.dueAt,
    priority: PRIORITY[post.priority],
    failures: 0,
    looks: 0,
    attempts: [],
    createdAt: now,
    updatedAt: now,
  };
}
