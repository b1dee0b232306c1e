/**
 * A person's change takes the lease of the deliveries that it changes, so it wins against the dispatcher or is told that
 * the post is being published already.
 */
import { after, newId, SECOND } from '../clock.ts';
import { type CarillonError, failure, usageError } from '../errors.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Delivery, DeliveryState, Post } from '../words.ts';
import type { ComposePorts } from './compose.ts';
import type { PostView } from './post-view.ts';

/** A person's change holds the deliveries no longer than this; a crash amid it gives them back by itself. */
export const CHANGE_LEASE_MS = 10 * SECOND;

export interface ChangePorts extends ComposePorts {
  changed(post: { workspaceId: string; postId: string }): void;
}

/** What a change reached: the deliveries that it applies to, and those that it came too late for. */
export interface Changed extends PostView {
  readonly applied: readonly Delivery[];
  readonly tooLate: readonly Delivery[];
}

export interface Hold {
  readonly token: string;
  readonly at: Date;
  readonly taken: readonly Delivery[];
  readonly busy: readonly Delivery[];
}

export async function hold(ports: ChangePorts, post: Post, states?: readonly DeliveryState[]): Promise<Hold> {
  const token = newId(ports.random, 12);
  const now = ports.clock.now();
  const { taken, busy } = await ports.deliveries.takeForChange(post.workspaceId, post.id, now, {
    token,
    until: after(now, CHANGE_LEASE_MS),
    ...(states ? { states } : {}),
  });
  return { token, at: now, taken, busy };
}

/** Writes one patch to each held delivery and gives it back. */
export async function release(
  ports: ChangePorts,
  post: Post,
  held: Hold,
  patchFor: (delivery: Delivery) => DeliveryPatch,
): Promise<void> {
  if (held.taken.length === 0) return;
  const now = ports.clock.now();
  await Promise.all(
    held.taken.map((each) =>
      ports.deliveries.write(each.id, held.token, { ...patchFor(each), release: true }, now),
    ),
  );
  ports.changed({ workspaceId: post.workspaceId, postId: post.id });
}

/** Back as it was before it was held. */
export function unchanged(delivery: Delivery): DeliveryPatch {
  return { nextAttemptAt: delivery.nextAttemptAt ?? null };
}

/** Error: POST_BUSY, POST_CHANGED or POST_SETTLED when a hold got nothing. */
export function refuseWhenNothingIsLeft(post: Post, held: Hold): void {
  if (held.taken.length > 0) return;
  // What is not due yet is in the hands of another person, who changes it this moment.
  const isChanging = held.busy.every(({ state, dueAt }) => state === 'scheduled' && dueAt > held.at);
  if (held.busy.length > 0) throw isChanging ? changedMeanwhile(post.id) : busyAlready(post);
  throw settledAlready(post);
}

export function busyAlready(post: Post): CarillonError {
  return usageError(
    'POST_BUSY',
    `#${post.id} is already being published.`,
    'Wait for its outcome, which is told here.',
  );
}

export function settledAlready(post: Post): CarillonError {
  const state = post.standing === 'cancelled' ? 'cancelled' : 'finished';
  return usageError(
    'POST_SETTLED',
    `#${post.id} is ${state} and cannot be changed any more.`,
    'Write a new post.',
  );
}

export function changedMeanwhile(id: string): CarillonError {
  return failure('Conflict', {
    code: 'POST_CHANGED',
    message: `Somebody changed #${id} meanwhile; your change was not applied.`,
    hint: `Look at it with /show post:#${id} and repeat your change if it still fits.`,
  });
}
