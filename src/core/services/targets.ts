/** Accounts that a person adds to a planned post, or drops from it, until its moment comes. */
import { hasBegun } from '../delivery/parts.ts';
import { usageError } from '../errors.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Account, Delivery, DeliveryState, Post } from '../words.ts';
import { isMovable, movedTo } from './change.ts';
import { newDelivery } from './compose.ts';
import { busyAlready, type ChangePorts, type Hold, hold, release, unchanged } from './hold.ts';

/** Error: POST_SETTLED when the post's moment has come: what is added would go out at a time that nobody chose. */
export function refuseLateAddition({ id, dueAt }: Post, added: readonly Account[], now: Date): void {
  if (added.length === 0 || dueAt > now) return;
  throw usageError(
    'POST_SETTLED',
    `The time of #${id} has come: no account can be added to it any more.`,
    'Write a post of its own for that account: /post to:… or /schedule to:… when:"…".',
  );
}

/** Makes the deliveries of accounts that the post has got, waiting for its moment. */
export async function admit(ports: ChangePorts, post: Post, accounts: readonly Account[]): Promise<void> {
  const now = ports.clock.now();
  await ports.deliveries.insert(accounts.map((account) => newDelivery(post, account, now)));
  // An account that was dropped before has its delivery still.
  const held = await hold(ports, post, [DROPPED]);
  const isBack = (each: Delivery): boolean => accounts.some(({ id }) => id === each.accountId);
  await release(ports, post, held, (each) =>
    isBack(each) ? { ...movedTo(post.dueAt), settledAt: null } : unchanged(each),
  );
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
