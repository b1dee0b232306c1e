/**
 * What follows an error of a delivery: the one place where kinds of errors become decisions (docs/architecture.md,
 * "Delivery rules"). Pure: the same input gives the same answer.
 */
import { after, MINUTE, type Random } from '../clock.ts';
import type { CarillonError, ErrorKind } from '../errors.ts';
import type { SchedulerSettings } from '../settings.ts';
import type { AccountHealth } from '../words.ts';

export type Decision =
  /** The work belongs to somebody else by now; write nothing. */
  | { readonly do: 'leave' }
  /** It may or may not be out there: only looking may follow. */
  | { readonly do: 'look'; readonly at: Date }
  | { readonly do: 'retry'; readonly at: Date }
  /** The whole account waits, by the network's own word. */
  | { readonly do: 'hold account'; readonly until: Date }
  /** The account needs a person; its later posts wait instead of failing one by one. */
  | { readonly do: 'stop account'; readonly health: AccountHealth }
  | { readonly do: 'fail' };

/** Kinds that prove that the creating call created nothing. Everything else, after the fence, is an unknown outcome. */
const PROVES_NOTHING_CREATED: ReadonlySet<ErrorKind> = new Set([
  'ContentError',
  'ConfigError',
  'AuthExpired',
  'AuthRevoked',
  'PermissionMissing',
  'RateLimited',
  'QuotaSpent',
  'BillingRequired',
  'ContentRejected',
  'MediaRejected',
  'PlatformUnavailable',
]);

/** A network that just broke the connection is given a moment before the first look. */
export const FIRST_LOOK_MS = 5_000;
/** No retry waits longer than this, however often it failed. */
export const RETRY_DELAY_MAX_MS = 6 * 60 * MINUTE;
/** Retries are spread by up to this part of the pause, so that a thousand of them do not return in one instant. */
export const JITTER = 0.2;

/** The pause before retry number `failures` (1 for the first): delay × 2^(n-1), spread by ±JITTER. */
export function retryDelay(failures: number, settings: SchedulerSettings, random: Random): number {
  const pause = Math.min(settings.retryDelayMs * 2 ** (failures - 1), RETRY_DELAY_MAX_MS);
  return Math.round(pause * (1 - JITTER + 2 * JITTER * random.fraction()));
}

const HEALTH: Partial<Record<ErrorKind, AccountHealth>> = {
  AuthExpired: 'expired',
  AuthRevoked: 'revoked',
  PermissionMissing: 'permission',
  BillingRequired: 'billing',
};

export function decide(
  error: CarillonError,
  facts: { readonly creating: boolean; readonly failures: number; readonly now: Date },
  settings: SchedulerSettings,
  random: Random,
): Decision {
  if (error.code === 'LEASE_LOST') return { do: 'leave' };
  if (facts.creating && !PROVES_NOTHING_CREATED.has(error.kind)) {
    return { do: 'look', at: after(facts.now, FIRST_LOOK_MS) };
  }
  if (error.next.do === 'at') return { do: 'hold account', until: error.next.at };
  const health = HEALTH[error.kind];
  if (health) return { do: 'stop account', health };
  // An unknown outcome of a step that creates nothing (an upload, a look) is repeated like any transient fault.
  if (error.next.do === 'later' || error.next.do === 'reconcile') {
    if (facts.failures >= settings.maxRetries) return { do: 'fail' };
    return { do: 'retry', at: after(facts.now, retryDelay(facts.failures + 1, settings, random)) };
  }
  return { do: 'fail' };
}
