/** When X may be asked again: read from its headers, or the length of its windows where it names no instant. */

import type { RateWindow } from '../../core/budget.ts';
import { after, DAY, HOUR, MINUTE, SECOND } from '../../core/clock.ts';
import { type CarillonError, quotaSpent, rateLimited } from '../../core/errors.ts';
import type { Bound } from '../rate-budget.ts';
import { contextOf, type Step, sentence } from '../wording.ts';
import type { XCall } from './client.ts';
import type { XFailure } from './failure.ts';

/** https://docs.x.com/x-api/fundamentals/rate-limits: windows of 15 minutes; used when X names no instant. */
const RATE_WINDOW_MS = 15 * MINUTE;
/** Reset instants are whole seconds, and clocks differ by a little. */
const RESET_MARGIN_MS = SECOND;
/** A reset further away than a day's window is no instant that X means. */
const RESET_MAX_MS = DAY + HOUR;
/** A monthly cap names no instant; it may be raised by hand at any time, so it is asked for a few times a day. */
const USAGE_CAP_PAUSE_MS = 6 * HOUR;

/** Ids in a path: all calls of one kind share a window. */
const ID = /\b\d{5,}\b/g;
/** The headers of each window: of the call's own, and of the day, for the app and for its user. */
const WINDOWS = [
  ['x-rate-limit', ''],
  ['x-app-limit-24hour', ', the app by the day'],
  ['x-user-limit-24hour', ', the user by the day'],
] as const;

type Kind = Pick<XCall, 'method' | 'path'>;

/** The windows that an answer tells of; each kind of call has its own. */
export function windowsOf(limits: Readonly<Record<string, string>>, call: Kind, now: Date): RateWindow[] {
  return WINDOWS.flatMap(([header, of]) => {
    const [limit, remaining] = [Number(limits[`${header}-limit`]), Number(limits[`${header}-remaining`])];
    const resetAt = instantOf(limits[`${header}-reset`], now);
    if (!resetAt || !(remaining >= 0)) return [];
    return [{ name: kindOf(call) + of, remaining, resetAt, ...(limit > 0 ? { limit } : {}) }];
  });
}

/** The windows that bound a call. Looking has windows of its own, so that nothing need be left for it. */
export function boundsOf(call: Kind): readonly Bound[] {
  return WINDOWS.map(([, of]) => ({ window: kindOf(call) + of, keep: 0 }));
}

function kindOf({ method, path }: Kind): string {
  return `${method} ${path.replace(ID, ':id')}`;
}

/** What follows a 429: the window's end, or the day's when that is what is spent. */
export function limited(error: XFailure, step: Step, now: Date): CarillonError {
  const { limits = {}, problem } = error.facts;
  if (problem?.type === 'usage-capped') return dayIsSpent(error, step, now);
  for (const window of ['app-limit-24hour', 'user-limit-24hour']) {
    const reset =
      limits[`x-${window}-remaining`] === '0' ? instantOf(limits[`x-${window}-reset`], now) : undefined;
    if (reset) return spent(error, step, reset);
  }
  const at = instantOf(limits['x-rate-limit-reset'], now) ?? after(now, RATE_WINDOW_MS);
  return rateLimited(at, {
    code: 'RATE_LIMITED',
    message: sentence('X asks to slow down', error),
    hint: 'Nothing to do: it goes on by itself at the instant that X named.',
    cause: error,
    context: contextOf('x', error, step),
  });
}

/** An allowance of a day or a month is spent, and X does not say until when. */
export function dayIsSpent(error: XFailure, step: Step, now: Date): CarillonError {
  return spent(error, step, after(now, USAGE_CAP_PAUSE_MS));
}

function spent(error: XFailure, step: Step, at: Date): CarillonError {
  return quotaSpent(at, {
    code: 'QUOTA_SPENT',
    message: sentence('The allowance of posts at X is spent', error),
    hint: 'It goes on by itself when the next window opens; a larger plan has more.',
    cause: error,
    context: contextOf('x', error, step),
  });
}

/** Unix seconds as X writes them; undefined when they make no sense. */
function instantOf(seconds: string | undefined, now: Date): Date | undefined {
  const at = Number(seconds) * SECOND + RESET_MARGIN_MS;
  if (!Number.isFinite(at) || at > now.getTime() + RESET_MAX_MS) return undefined;
  return new Date(Math.max(at, now.getTime() + RESET_MARGIN_MS));
}
