import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../src/core/clock.ts';
import {
  decide,
  FIRST_LOOK_MS,
  JITTER,
  RETRY_DELAY_MAX_MS,
  retryDelay,
} from '../../../src/core/delivery/error-policy.ts';
import {
  asCarillonError,
  CarillonError,
  failure,
  quotaSpent,
  rateLimited,
} from '../../../src/core/errors.ts';
import type { SchedulerSettings } from '../../../src/core/settings.ts';
import { NOW } from './deliveries.ts';

const settings: SchedulerSettings = {
  intervalMs: MINUTE,
  maxRetries: 3,
  retryDelayMs: 5 * MINUTE,
  lateLimitMs: 2 * HOUR,
};
const chance = (fraction: number) => ({
  fraction: () => fraction,
  bytes: (count: number) => new Uint8Array(count),
});
const words = { code: 'BUG', message: 'm', hint: 'h' } as const;
const RESET = new Date(NOW.getTime() + HOUR);
const decided = (error: CarillonError, creating: boolean, failures = 0) =>
  decide(error, { creating, failures, now: NOW }, settings, chance(0.5));
const look = { do: 'look', at: new Date(NOW.getTime() + FIRST_LOOK_MS) };
const firstRetry = { do: 'retry', at: new Date(NOW.getTime() + 5 * MINUTE) };

describe('what follows an error', () => {
  it.each([
    ['UsageError', { do: 'fail' }, look],
    ['ContentError', { do: 'fail' }, { do: 'fail' }],
    ['ConfigError', { do: 'fail' }, { do: 'fail' }],
    ['AuthExpired', { do: 'stop account', health: 'expired' }, { do: 'stop account', health: 'expired' }],
    ['AuthRevoked', { do: 'stop account', health: 'revoked' }, { do: 'stop account', health: 'revoked' }],
    [
      'PermissionMissing',
      { do: 'stop account', health: 'permission' },
      { do: 'stop account', health: 'permission' },
    ],
    ['BillingRequired', { do: 'stop account', health: 'billing' }, { do: 'stop account', health: 'billing' }],
    ['ContentRejected', { do: 'fail' }, { do: 'fail' }],
    ['MediaRejected', { do: 'fail' }, { do: 'fail' }],
    ['PlatformUnavailable', firstRetry, firstRetry],
    ['OutcomeUnknown', firstRetry, look],
    ['Conflict', firstRetry, look],
    ['Bug', { do: 'fail' }, look],
  ] as const)('%s: before the creating call, and after it', (kind, before, after) => {
    const error = failure(kind, words);
    expect(decided(error, false)).toEqual(before);
    expect(decided(error, true)).toEqual(after);
  });

  it.each([rateLimited(RESET, words), quotaSpent(RESET, words)])(
    'a limit holds the whole account until the instant that the network named, before and after: $kind',
    (error) => {
      for (const creating of [false, true])
        expect(decided(error, creating, 99)).toEqual({ do: 'hold account', until: RESET });
    },
  );

  it('something unforeseen fails before the creating call, and after it is looked for', () => {
    const unforeseen = asCarillonError(new TypeError('x is undefined'));
    expect(decided(unforeseen, false)).toEqual({ do: 'fail' });
    expect(decided(unforeseen, true)).toEqual(look);
  });

  it('an error that asks for a look never leads to a second call unproven', () => {
    const unknown = new CarillonError(
      'OutcomeUnknown',
      { ...words, code: 'DUPLICATE_REFUSED' },
      { do: 'reconcile' },
    );
    for (const failures of [0, 3, 99]) expect(decided(unknown, true, failures)).toEqual(look);
  });

  it('work that is somebody else’s by now is left, whatever was going on', () => {
    const lost = failure('Conflict', { ...words, code: 'LEASE_LOST' });
    for (const creating of [false, true]) expect(decided(lost, creating)).toEqual({ do: 'leave' });
  });

  it('a transient error is tried again so often and no more', () => {
    const away = failure('PlatformUnavailable', words);
    for (let failures = 0; failures < 3; failures += 1)
      expect(decided(away, true, failures).do).toBe('retry');
    for (const failures of [3, 4, 1000]) expect(decided(away, true, failures)).toEqual({ do: 'fail' });
    const never = decide(
      away,
      { creating: false, failures: 0, now: NOW },
      { ...settings, maxRetries: 0 },
      chance(0),
    );
    expect(never).toEqual({ do: 'fail' });
  });
});

describe('the pause before a retry', () => {
  it('doubles, within the spread, up to its bound', () => {
    for (const [failures, minutes] of [
      [1, 5],
      [2, 10],
      [3, 20],
      [4, 40],
    ] as const) {
      expect(retryDelay(failures, settings, chance(0.5))).toBe(minutes * MINUTE);
      expect(retryDelay(failures, settings, chance(0))).toBe(Math.round(minutes * MINUTE * (1 - JITTER)));
      expect(retryDelay(failures, settings, chance(1))).toBe(Math.round(minutes * MINUTE * (1 + JITTER)));
    }
    for (const failures of [20, 1000, 5000])
      expect(retryDelay(failures, settings, chance(0.5))).toBe(RETRY_DELAY_MAX_MS);
  });
});
