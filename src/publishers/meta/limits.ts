/** When Meta may be asked again: by the minutes that it names, or by pauses of ours where it names none. */
import { after, HOUR, MINUTE } from '../../core/clock.ts';
import { type CarillonError, quotaSpent, rateLimited } from '../../core/errors.ts';
import { sentence } from '../wording.ts';
import type { MetaFailure } from './failure.ts';
import type { MetaNetwork } from './network.ts';
import { contextOf, type MetaStep } from './wording.ts';

/** Counters cover a rolling hour (https://developers.facebook.com/docs/graph-api/overview/rate-limiting). */
const RATE_PAUSE_MS = 15 * MINUTE;
/** A daily allowance covers rolling 24 hours, so room for one comes back at any time; it is asked for again after this. */
const QUOTA_PAUSE_MS = HOUR;

/** What follows a rate limit, or an allowance of calls that is nearly used up. */
export function limited(error: MetaFailure, step: MetaStep, network: MetaNetwork, now: Date): CarillonError {
  const { heldUntil, usage } = error.facts;
  const at = heldUntil ?? after(now, usage?.regainMs ?? RATE_PAUSE_MS);
  const message = heldUntil
    ? `Calls to ${network.label} are held back, because the allowance is nearly used up`
    : `${network.label} asks to slow down`;
  return rateLimited(at, {
    code: 'RATE_LIMITED',
    message: sentence(message, error),
    hint: 'Nothing to do: it goes on by itself.',
    cause: error,
    context: contextOf(error, step, network),
  });
}

/** The allowance of posts in 24 hours is spent. */
export function dayIsSpent(
  error: MetaFailure,
  step: MetaStep,
  network: MetaNetwork,
  now: Date,
): CarillonError {
  return quotaSpent(after(now, QUOTA_PAUSE_MS), {
    code: 'QUOTA_SPENT',
    message: sentence(`The allowance of posts at ${network.label} is spent`, error),
    hint: 'It goes on by itself as soon as there is room; the allowance covers rolling 24 hours.',
    cause: error,
    context: contextOf(error, step, network),
  });
}
