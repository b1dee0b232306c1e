/** Accounts that a person adds to a planned post, or drops from it, until its moment comes. */
import { after } from '../clock.ts';
import { hasBegun } from '../delivery/parts.ts';
import { usageError } from '../errors.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Account, Delivery, DeliveryState, Post } from '../words.ts';
import {
  busyAlready,
  CHANGE_LEASE_MS,
  type ChangePorts,
  type Hold,
  hold,
  release,
  unchanged,
} from './hold.ts';
import { isMovable, movedTo } from './move.ts';
import { newDelivery } from './plan.ts';

/** Error: POST_SETTLED when the post's moment has come: what is added would go out at a time that nobody chose. */
export function refuseLateAddition({ id, dueAt }: Post, added: readonly Account[], now: Date): void {
  if (added.length === 0 || dueAt > now) return;
  throw usageError(
    'POST_SETTLED',
    `The time of #${id} has come: no account can be added to it any more.`,
    'Write a post of its own for that account: /post to:… or /schedule to:… when:"…".',
  );
}

/**
 * Lets the deliveries of accounts that were dropped before wait again; what has none gets one from `admit`. Called before the
 * post names these accounts: after a crash in between the dispatcher finds a delivery that is not wanted and cancels it, while
 * one that is wanted and stands as cancelled would look like a person's `/cancel`.
 */
export async function takeBack(ports: ChangePorts, next: Post, added: readonly Account[]): Promise<void> {
  const held = await hold(ports, next, [DROPPED]);
  // Not before the change is surely made: until then it would be cancelled again as not wanted.
  const earliest = after(ports.clock.now(), CHANGE_LEASE_MS);
  const nextAttemptAt = new Date(Math.max(next.dueAt.getTime(), earliest.getTime()));
  const isBack = (each: Delivery): boolean => added.some(({ id }) => id === each.accountId);
  await release(ports, next, held, (each) =>
    isBack(each) ? { ...movedTo(next.dueAt), nextAttemptAt, settledAt: null } : unchanged(each),
  );
}

/** Makes the deliveries of accounts that the post has got and never had before, waiting for its moment. */
export async function admit(ports: ChangePorts, post: Post, added: readonly Account[]): Promise<void> {
  const now = ports.clock.now();
  await ports.deliveries.insert(added.map((account) => newDelivery(post, account, now)));
}

const DROPPED: DeliveryState = 'cancelled';

export function droppedAt(now: Date): DeliveryPatch {
  return { state: DROPPED, nextAttemptAt: null, settledAt: now, error: null };
}

/**
 * Only what is held and has not begun can be dropped. Errors: POST_BUSY for what is under way, POST_SETTLED for what is out,
 * stands in part, or has failed.
 */
export async function refuseToDrop(
  ports: ChangePorts,
  post: Post,
  dropped: readonly Account[],
  { taken, busy }: Hold,
): Promise<void> {
  const isDroppable = (each: Delivery): boolean => isMovable(each) && !hasBegun(each);
  const ofAccount = (all: readonly Delivery[], { id }: Account): Delivery | undefined =>
    all.find(({ accountId }) => accountId === id);
  const kept = dropped.find(
    (account) => !taken.filter(isDroppable).some((each) => each.accountId === account.id),
  );
  if (!kept) return;
  if (ofAccount(busy, kept)) throw busyAlready(post);
  const name = `${kept.network}:${kept.handle}`;
  const found = ofAccount(await ports.deliveries.ofPost(post.workspaceId, post.id), kept);
  if (found && (found.state === 'published' || hasBegun(found)))
    throw usageError(
      'POST_SETTLED',
      `#${post.id} is out on ${name} already${found.state === 'published' ? '' : ', in part'}.`,
      `Take it away there: /remove post:#${post.id} to:${name}`,
    );
  throw usageError(
    'POST_SETTLED',
    `#${post.id} does not wait to go out on ${name} any more.`,
    `See how it stands with /show post:#${post.id}; what failed is given up with /cancel.`,
  );
}
