/** When Meta may be asked again: by the minutes that it names, or by pauses of ours where it names none. */

import type { RateWindow } from '../../core/budget.ts';
import { after, HOUR, MINUTE } from '../../core/clock.ts';
import { type CarillonError, quotaSpent, rateLimited } from '../../core/errors.ts';
import type { HttpAnswer } from '../http.ts';
import type { Bound } from '../rate-budget.ts';
import { sentence } from '../wording.ts';
import type { GraphCall } from './client.ts';
import type { MetaFailure } from './failure.ts';
import type { MetaNetwork } from './network.ts';
import { readUsage } from './usage.ts';
import { contextOf, type MetaStep } from './wording.ts';

/** Counters cover a rolling hour (https://developers.facebook.com/docs/graph-api/overview/rate-limiting). */
const RATE_PAUSE_MS = 15 * MINUTE;
/** A daily allowance covers rolling 24 hours, so room for one comes back at any time; it is asked for again after this. */
const QUOTA_PAUSE_MS = HOUR;

/** Units are percent of what Meta allows. */
const WHOLE = 100;
/** The last few are left for looking up what was published. */
const LOOKS_KEPT = 5;
/** The counters cover a rolling hour; after this pause some of it has passed, and the next answer tells how much. */
const HOLD_MS = 10 * MINUTE;
const NAMES = { app: 'the app', account: 'the page or account' } as const;

/** The windows that an answer tells of: the app's, and that of the page or account. */
export function windowsOf(headers: HttpAnswer['headers'], now: Date): RateWindow[] {
  return Object.entries(readUsage(headers)).map(([whose, { percent, regainMs }]) => ({
    name: NAMES[whose as keyof typeof NAMES],
    limit: WHOLE,
    remaining: regainMs === undefined ? Math.max(0, WHOLE - percent) : 0,
    resetAt: after(now, regainMs ?? HOLD_MS),
  }));
}

/** The windows that bound a call. */
export function boundsOf({ method }: Pick<GraphCall, 'method'>): readonly Bound[] {
  return Object.values(NAMES).map((window) => ({ window, keep: method === 'GET' ? 0 : LOOKS_KEPT }));
}

/** What follows a rate limit. */
export function limited(error: MetaFailure, step: MetaStep, network: MetaNetwork, now: Date): CarillonError {
  const at = after(now, error.facts.regainMs ?? RATE_PAUSE_MS);
  return rateLimited(at, {
    code: 'RATE_LIMITED',
    message: sentence(`${network.label} asks to slow down`, error),
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
