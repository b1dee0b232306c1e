/** A person's word on a delivery whose outcome could not be found out by looking. */
import { endAttempt, openAttempt } from '../delivery/journal.ts';
import { goesOnAfter, hasMore, standing } from '../delivery/parts.ts';
import { usageError } from '../errors.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Delivery, Post } from '../words.ts';
import { type Changed, type ChangePorts, hold, release, unchanged } from './hold.ts';
import { viewPost } from './post-view.ts';

export type Verdict =
  | { readonly is: 'there'; readonly url: string }
  | { readonly is: 'not there' }
  | { readonly is: 'look again' };

export async function decideUncertain(
  ports: ChangePorts,
  post: Post,
  accountId: string,
  verdict: Verdict,
): Promise<Changed> {
  const now = ports.clock.now();
  const held = await hold(ports, post, ['uncertain']);
  const found = held.taken.find(
    (each) => each.accountId === accountId && each.state === 'uncertain' && openAttempt(each) !== undefined,
  );
  await release(ports, post, held, (each) =>
    each === found ? verdictPatch(each, verdict, now) : unchanged(each),
  );
  if (!found)
    throw usageError(
      'ACTION_STALE',
      `That delivery of #${post.id} is settled already.`,
      `Use /show post:#${post.id}.`,
    );
  ports.wakeDispatcher();
  return { ...(await viewPost(ports, post)), applied: [found], tooLate: [] };
}

function verdictPatch(delivery: Delivery, verdict: Verdict, now: Date): DeliveryPatch {
  if (verdict.is === 'look again') return { looks: 0, nextAttemptAt: now };
  if (verdict.is === 'not there') {
    return {
      state: 'scheduled',
      attempts: endAttempt(delivery.attempts, 'absent', now),
      looks: 0,
      failures: 0,
      confirmedAt: now,
      nextAttemptAt: now,
      error: null,
    };
  }
  const remoteId = new URL(verdict.url).pathname.split('/').filter(Boolean).at(-1) ?? verdict.url;
  const found = { id: remoteId, url: verdict.url };
  const attempt = openAttempt(delivery);
  if (attempt && hasMore(attempt)) return { ...goesOnAfter(delivery, found, now), confirmedAt: now };
  return {
    state: 'published',
    attempts: endAttempt(delivery.attempts, 'accepted', now, { remoteId }),
    ...standing(delivery.parts, attempt, found),
    settledAt: now,
    nextAttemptAt: null,
    error: null,
  };
}
