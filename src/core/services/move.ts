/** Another moment for a post that waits for its own. */
import { PRIORITY } from '../delivery/sweep.ts';
import { usageError } from '../errors.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Account, Delivery, Post } from '../words.ts';
import { type AccountIssues, blocking, checkRoom } from './check.ts';
import {
  type Changed,
  type ChangePorts,
  changedMeanwhile,
  type Hold,
  hold,
  refuseWhenNothingIsLeft,
  release,
  unchanged,
} from './hold.ts';
import { planWithRoom } from './last-places.ts';
import { refuseFarMoment } from './plan.ts';
import { viewPost } from './post-view.ts';
import { countingOnce } from './quotas.ts';

export interface Moved extends Changed {
  readonly issues: readonly AccountIssues[];
}

/**
 * Gives a post another moment. A draft stays a draft and goes out at the new time when it is confirmed. With `issues` that
 * block, nothing was changed. Errors: MOMENT_TOO_FAR, EXPIRY_TOO_EARLY, POST_CHANGED, POST_SETTLED, POST_BUSY.
 */
export async function movePost(ports: ChangePorts, post: Post, at: Date): Promise<Moved> {
  refuseFarMoment(at, ports.clock.now());
  if (post.expiresAt && post.expiresAt <= at) {
    throw usageError(
      'EXPIRY_TOO_EARLY',
      `#${post.id} expires before that time.`,
      `Choose an earlier time, or let it expire later: /edit post:#${post.id} expires:"…"`,
    );
  }
  const patch = { dueAt: at, immediate: false, updatedAt: ports.clock.now() };
  if (post.standing === 'draft') {
    const draft = await ports.posts.change(post.workspaceId, post.id, post.revision, patch);
    if (!draft) throw changedMeanwhile(post.id);
    return { ...(await viewPost(ports, draft)), applied: [], tooLate: [], issues: [] };
  }
  const moved = { ...post, ...patch };
  const waiting = await waitingFor(ports, post);
  const question = { counted: countingOnce(ports) };
  const full = blocking(await checkRoom(ports, moved, waiting, question));
  if (full.length > 0) return notMoved(ports, post, full);
  const write = () => moveDeliveries(ports, post, patch);
  const outcome = await planWithRoom(ports, moved, waiting, write, question);
  return 'planned' in outcome ? outcome.planned : notMoved(ports, post, outcome.full);
}

async function notMoved(ports: ChangePorts, post: Post, issues: readonly AccountIssues[]): Promise<Moved> {
  return { ...(await viewPost(ports, post)), applied: [], tooLate: [], issues };
}

async function moveDeliveries(
  ports: ChangePorts,
  post: Post,
  patch: Pick<Post, 'dueAt' | 'immediate' | 'updatedAt'>,
): Promise<Moved> {
  const { dueAt: at } = patch;
  const held = await hold(ports, post);
  const movable = held.taken.filter(isMovable);
  let moved: Post | undefined;
  try {
    refuseWhenNothingIsMovable(post, held);
    moved = await ports.posts.change(post.workspaceId, post.id, post.revision, patch);
    if (!moved) throw changedMeanwhile(post.id);
  } finally {
    await release(ports, post, held, (each) =>
      moved && movable.includes(each) ? movedTo(at) : unchanged(each),
    );
  }
  await setAlarm(ports, moved);
  return { ...(await viewPost(ports, moved)), applied: movable, tooLate: held.busy, issues: [] };
}

const MOVABLE: ReadonlySet<Delivery['state']> = new Set(['scheduled', 'overdue', 'awaiting_approval']);

/** The accounts that still wait for the post. */
async function waitingFor(ports: ChangePorts, post: Post): Promise<readonly Account[]> {
  const { deliveries, accounts } = await viewPost(ports, post);
  return accounts.filter(({ id }) =>
    deliveries.some((each) => each.accountId === id && MOVABLE.has(each.state)),
  );
}

export const isMovable = ({ state }: Delivery): boolean => state !== 'failed';

/** Error: POST_SETTLED when of what is held nothing waits for a moment, and those of a hold that got nothing. */
export function refuseWhenNothingIsMovable(post: Post, held: Hold): void {
  refuseWhenNothingIsLeft(post, held);
  if (held.taken.some(isMovable)) return;
  throw usageError(
    'POST_SETTLED',
    `Nothing of #${post.id} waits for its time any more.`,
    `What failed can be sent again: /retry post:#${post.id}`,
  );
}

/** Waits for that moment as if nothing had been tried before. */
export function movedTo(at: Date): DeliveryPatch {
  return { state: 'scheduled', dueAt: at, nextAttemptAt: at, failures: 0, error: null };
}

/** The alarm of a post that has a new moment, in place of the old one. */
export async function setAlarm(ports: ChangePorts, { id, dueAt, priority }: Post): Promise<void> {
  // Before the new one is set: a crash in between is made up for by the sweep, an alarm too many is not needed at all.
  await ports.alarms.clear(id);
  if (dueAt <= ports.clock.now()) ports.wakeDispatcher();
  else await ports.alarms.set(id, dueAt, PRIORITY[priority]);
}
