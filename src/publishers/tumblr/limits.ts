/** When Tumblr may be asked again: read from its headers and its list of allowances, or the length of its windows where it names no instant. */

import type { RateWindow } from '../../core/budget.ts';
import { after, DAY, HOUR, MINUTE, SECOND } from '../../core/clock.ts';
import { type CarillonError, quotaSpent, rateLimited } from '../../core/errors.ts';
import type { Bound } from '../rate-budget.ts';
import { contextOf, type Step, sentence } from '../wording.ts';
import type { TumblrCall } from './client.ts';
import type { TumblrFailure } from './failure.ts';

/**
 * Used when no header tells what is spent: the shortest window is a minute for each address, and addresses of a cloud are
 * shared with strangers (https://github.com/tumblr/docs/issues/53), so a little longer.
 */
const RATE_PAUSE_MS = 5 * MINUTE;
/** Clocks differ by a little. */
const RESET_MARGIN_MS = SECOND;
/** A reset further away than a day's window is no instant that Tumblr means. */
const RESET_MAX_MS = DAY + HOUR;
/**
 * Days are calendar days of Tumblr's own clocks (https://github.com/tumblr/docs/blob/master/api.md#rate-limits), which its
 * example shows to end at midnight in New York: 4:00 or 5:00 in UTC. The later one is right all year.
 */
const DAY_ENDS_UTC_MS = 5 * HOUR;

/** Calls that are left for looking up what was published. */
const LOOKS_KEPT = 10;
const WINDOWS = [
  ['perhour', 'by the hour'],
  ['perday', 'by the day'],
] as const;

/** The windows that an answer tells of; they are the app's, whatever is called. */
export function windowsOf(limits: Readonly<Record<string, string>>, now: Date): RateWindow[] {
  return WINDOWS.flatMap(([window, name]) => {
    const header = `x-ratelimit-${window}`;
    const [limit, remaining] = [Number(limits[`${header}-limit`]), Number(limits[`${header}-remaining`])];
    const resetAt = instantIn(limits[`${header}-reset`], now);
    if (!resetAt || !(remaining >= 0)) return [];
    return [{ name, remaining, resetAt, ...(limit > 0 ? { limit } : {}) }];
  });
}

/** The windows that bound a call. */
export function boundsOf({ method }: Pick<TumblrCall, 'method'>): readonly Bound[] {
  return WINDOWS.map(([, window]) => ({ window, keep: method === 'GET' ? 0 : LOOKS_KEPT }));
}

/** What follows a 429: the hour's end, or the day's when that is what is spent. */
export function limited(error: TumblrFailure, step: Step, now: Date): CarillonError {
  const { limits = {} } = error.facts;
  const endOf = (window: 'perhour' | 'perday'): Date | undefined =>
    limits[`x-ratelimit-${window}-remaining`] === '0'
      ? instantIn(limits[`x-ratelimit-${window}-reset`], now)
      : undefined;
  const day = endOf('perday');
  if (day) return dayIsSpent(error, step, now, day);
  return rateLimited(endOf('perhour') ?? after(now, RATE_PAUSE_MS), {
    code: 'RATE_LIMITED',
    message: sentence('Tumblr asks to slow down', error),
    hint: 'Nothing to do: it goes on by itself.',
    cause: error,
    context: contextOf('tumblr', error, step),
  });
}

/** True when a 429 names no window of calls that is spent: it may be the day's posts. */
export function isUnexplained({ facts }: TumblrFailure): boolean {
  const { limits = {} } = facts;
  const windows = [limits['x-ratelimit-perhour-remaining'], limits['x-ratelimit-perday-remaining']];
  return facts.status === 429 && !windows.includes('0');
}

/** The allowance of a day is spent. @param until when it opens again, if Tumblr has said so */
export function dayIsSpent(error: TumblrFailure, step: Step, now: Date, until?: Date): CarillonError {
  return quotaSpent(until ?? endOfDay(now), {
    code: 'QUOTA_SPENT',
    message: sentence('The allowance of this day at Tumblr is spent', error),
    hint: 'It goes on by itself when the next day begins there; or move the post.',
    cause: error,
    context: contextOf('tumblr', error, step),
  });
}

/** The next end of a day as Tumblr counts days. */
export function endOfDay(now: Date): Date {
  const today = Math.floor(now.getTime() / DAY) * DAY + DAY_ENDS_UTC_MS;
  return new Date(today > now.getTime() ? today : today + DAY);
}

/** Seconds from now, as Tumblr writes them; undefined when they make no sense. */
function instantIn(seconds: string | undefined, now: Date): Date | undefined {
  const wait = Number(seconds) * SECOND;
  if (seconds === undefined || !(wait >= 0) || wait > RESET_MAX_MS) return undefined;
  return after(now, wait + RESET_MARGIN_MS);
}
