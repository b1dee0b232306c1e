/** Sending again what failed, what waits for an account, or what is overdue. */
import { usageError } from '../errors.ts';
import type { Delivery, Post } from '../words.ts';
import { busyAlready, type Changed, type ChangePorts, hold, release, unchanged } from './hold.ts';
import { viewPost } from './post-view.ts';

/** Perhaps for some accounts only. Errors: NOTHING_TO_RETRY, POST_SETTLED, TARGET_UNKNOWN, POST_BUSY. */
export async function sendNow(ports: ChangePorts, post: Post, only?: readonly string[]): Promise<Changed> {
  const now = ports.clock.now();
  refuseToSend(post, now, only);
  const held = await hold(ports, post);
  const chosen = held.taken.filter((each) => isStuck(each) && (!only || only.includes(each.accountId)));
  // An account that a person says is mended gets its chance: if it is not, it is stopped again with the remedy.
  await Promise.all(chosen.map((each) => ports.accounts.setHealth(each.accountId, 'ok')));
  await release(ports, post, held, (each) =>
    chosen.includes(each)
      ? {
          state: 'scheduled',
          nextAttemptAt: now,
          confirmedAt: now,
          failures: 0,
          looks: 0,
          settledAt: null,
          error: null,
        }
      : unchanged(each),
  );
  if (chosen.length === 0) {
    if (held.busy.some((each) => !only || only.includes(each.accountId))) throw busyAlready(post);
    throw usageError(
      'NOTHING_TO_RETRY',
      `Nothing of #${post.id} failed${only ? ' there' : ''}.`,
      `Use /show post:#${post.id} to see how it stands.`,
    );
  }
  for (const accountId of new Set(chosen.map((each) => each.accountId)))
    await ports.deliveries.unpark(post.workspaceId, accountId, now);
  ports.wakeDispatcher();
  return { ...(await viewPost(ports, post)), applied: chosen, tooLate: held.busy };
}

function refuseToSend(post: Post, now: Date, only: readonly string[] | undefined): void {
  if (post.standing === 'draft') {
    throw usageError(
      'NOTHING_TO_RETRY',
      `#${post.id} is a draft: nothing of it was sent yet.`,
      `Its card has the button for that: /show post:#${post.id}`,
    );
  }
  if (post.expiresAt && post.expiresAt <= now)
    throw usageError(
      'POST_SETTLED',
      `#${post.id} has expired and is not sent any more.`,
      'Write a new post.',
    );
  refuseOtherTargets(post, only);
}

/** Error: TARGET_UNKNOWN when the post goes to none of these accounts. */
export function refuseOtherTargets(post: Post, only: readonly string[] | undefined): void {
  if (!only || post.targets.some((id) => only.includes(id))) return;
  throw usageError(
    'TARGET_UNKNOWN',
    `#${post.id} does not go there.`,
    `See where it goes: /show post:#${post.id}`,
  );
}

function isStuck(delivery: Delivery): boolean {
  if (delivery.state === 'failed' || delivery.state === 'overdue') return true;
  return delivery.state === 'scheduled' && (delivery.error !== undefined || delivery.failures > 0);
}
