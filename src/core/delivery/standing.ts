/** How a post stands as a whole, from how its deliveries stand. Pure. */
import type { Delivery, Post, PostStanding } from '../words.ts';

/** States in which nothing more happens by itself or by a person's decision. */
export const SETTLED: ReadonlySet<Delivery['state']> = new Set([
  'published',
  'failed',
  'cancelled',
  'expired',
  'removed',
]);

/** Standings of posts with which all is settled and no person is needed. */
export const FINISHED: ReadonlySet<PostStanding> = new Set(['done', 'cancelled']);

/** Something will happen without anybody doing anything. */
export function isOpen(delivery: Delivery): boolean {
  return !SETTLED.has(delivery.state) && delivery.nextAttemptAt !== undefined;
}

/** Nothing happens until a person decides: overdue, uncertain after all looks, or waiting for an account to be mended. */
export function needsPerson(delivery: Delivery): boolean {
  return !SETTLED.has(delivery.state) && delivery.nextAttemptAt === undefined;
}

/** A person wanted it gone, and the network did not do it: it stands as it stood, with the reason. */
export function isRemovalRefused({ state, error }: Delivery): boolean {
  return state === 'published' && error !== undefined;
}

/** Without those of accounts that a person has dropped from the post. */
export function ofTargets(post: Pick<Post, 'targets'>, deliveries: readonly Delivery[]): readonly Delivery[] {
  return deliveries.filter(({ accountId }) => post.targets.includes(accountId));
}

export function standingOf(deliveries: readonly Delivery[]): PostStanding {
  if (deliveries.some((each) => isOpen(each) && each.state !== 'scheduled')) return 'working';
  if (deliveries.some(needsPerson)) return 'attention';
  if (deliveries.some(isOpen)) return 'waiting';
  if (deliveries.some((each) => each.state === 'failed')) return 'attention';
  if (deliveries.every((each) => each.state === 'cancelled')) return 'cancelled';
  return 'done';
}
