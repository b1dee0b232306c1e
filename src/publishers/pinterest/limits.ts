/** When Pinterest may be asked again: read from its headers, or the length of its windows where it names no instant. */

import type { RateWindow } from '../../core/budget.ts';
import { after, DAY, HOUR, MINUTE, SECOND } from '../../core/clock.ts';
import { type CarillonError, quotaSpent, rateLimited } from '../../core/errors.ts';
import type { HttpRequest } from '../http.ts';
import type { Bound } from '../rate-budget.ts';
import { contextOf, type Step, sentence } from '../wording.ts';
import type { PinterestFailure } from './failure.ts';

/** https://developers.pinterest.com/docs/reference/rate-limits: windows of a minute; used when Pinterest names no instant. */
const RATE_WINDOW_MS = MINUTE;
/** Clocks differ by a little. */
const RESET_MARGIN_MS = SECOND;
/** A reset further away than a day's window is no instant that Pinterest means. */
const RESET_MAX_MS = DAY + HOUR;
/** The header counts seconds; a number as large as this is an instant (seconds since 1970). */
const INSTANT_MIN = 1_000_000_000;
/** Only apps on trial have windows of a day; a longer wait than this is for the next one. */
const SHORT_WAIT_MS = HOUR;
/** A window of a day as the header writes it: `1000, 1000;w=86400`. */
const DAY_WINDOW = /;\s*w=86400\b/;

type Limits = Readonly<Record<string, string>>;

/** Calls of a day that are left for looking up what was published. */
const LOOKS_KEPT = 10;
const DAY_NAME = 'the app by the day';

type Kind = { readonly method: HttpRequest['method'] };

/** The window that an answer tells of: calls that read and calls that change something have one each, an app on trial one for all. */
export function windowsOf(limits: Limits, call: Kind, now: Date): RateWindow[] {
  const remaining = Number(limits['x-ratelimit-remaining'] ?? Number.NaN);
  const limit = Number.parseInt(limits['x-ratelimit-limit'] ?? '', 10);
  const resetAt = instantOf(limits['x-ratelimit-reset'], now);
  if (!resetAt || !(remaining >= 0)) return [];
  const name = isTrial(limits) ? DAY_NAME : kindOf(call);
  return [{ name, remaining, resetAt, ...(limit > 0 ? { limit } : {}) }];
}

/** The windows that bound a call. */
export function boundsOf(call: Kind): readonly Bound[] {
  return [
    { window: kindOf(call), keep: 0 },
    { window: DAY_NAME, keep: call.method === 'GET' ? 0 : LOOKS_KEPT },
  ];
}

/** https://developers.pinterest.com/docs/reference/rate-limits: `org_read` and `org_write`. */
function kindOf({ method }: Kind): string {
  return method === 'GET' ? 'reading' : 'writing';
}

/** What follows a 429: the window's end, or the day's when that is what is spent. */
export function limited(error: PinterestFailure, step: Step, now: Date): CarillonError {
  const at = instantOf(error.facts.limits?.['x-ratelimit-reset'], now) ?? after(now, RATE_WINDOW_MS);
  const details = { cause: error, context: contextOf('pinterest', error, step) };
  if (at.getTime() - now.getTime() > SHORT_WAIT_MS) {
    return quotaSpent(at, {
      ...details,
      code: 'QUOTA_SPENT',
      message: sentence('The calls of this day at Pinterest are spent', error),
      hint: 'It goes on by itself when the next day begins there. An app with Standard access has more.',
    });
  }
  return rateLimited(at, {
    ...details,
    code: 'RATE_LIMITED',
    message: sentence('Pinterest asks to slow down', error),
    hint: 'Nothing to do: it goes on by itself at the instant that Pinterest named.',
  });
}

/**
 * True when the app has trial access, whose pins only their creator sees
 * (https://developers.pinterest.com/docs/key-concepts/access-tiers/): it alone is limited by the day.
 */
export function isTrial(limits: Limits): boolean {
  return DAY_WINDOW.test(limits['x-ratelimit-limit'] ?? '');
}

/** Seconds from now or since 1970; undefined when they make no sense. */
function instantOf(seconds: string | undefined, now: Date): Date | undefined {
  const count = Number(seconds);
  if (seconds === undefined || !(count >= 0)) return undefined;
  const wait = count >= INSTANT_MIN ? Math.max(0, count * SECOND - now.getTime()) : count * SECOND;
  return wait > RESET_MAX_MS ? undefined : after(now, wait + RESET_MARGIN_MS);
}
