/**
 * The attempt journal of a delivery: an attempt is stored as `sending` before the creating call and ended after it. One
 * that is still `sending` when the delivery is taken up again means that nobody knows how it ended.
 */
import type { Attempt, Delivery, RecordedError } from '../words.ts';

/** Older attempts are dropped from the document; the log keeps them. */
export const ATTEMPTS_KEPT = 20;

/** The attempt whose fate is not known, if there is one. */
export function openAttempt(delivery: Delivery): Attempt | undefined {
  const last = delivery.attempts.at(-1);
  return last && (last.outcome === 'sending' || last.outcome === 'unknown') ? last : undefined;
}

/** When the network took what is published there. */
export function publishedAt({ attempts, settledAt, dueAt }: Delivery): Date {
  return attempts.findLast((each) => each.outcome === 'accepted')?.endedAt ?? settledAt ?? dueAt;
}

export function appendAttempt(attempts: readonly Attempt[], attempt: Attempt): readonly Attempt[] {
  return [...attempts, attempt].slice(-ATTEMPTS_KEPT);
}

/** Ends the last attempt. */
export function endAttempt(
  attempts: readonly Attempt[],
  outcome: Attempt['outcome'],
  at: Date,
  found: { remoteId?: string; error?: RecordedError } = {},
): readonly Attempt[] {
  const last = attempts.at(-1);
  if (!last) return attempts;
  return [...attempts.slice(0, -1), { ...last, ...found, outcome, endedAt: at }];
}
