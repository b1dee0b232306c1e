import { describe, expect, it } from 'vitest';
import { joinWindows, type RateWindow } from '../../src/core/budget.ts';
import { MINUTE } from '../../src/core/clock.ts';
import { CarillonError } from '../../src/core/errors.ts';
import * as meta from '../../src/publishers/meta/limits.ts';
import * as pinterest from '../../src/publishers/pinterest/limits.ts';
import { budgetId, RateBudget } from '../../src/publishers/rate-budget.ts';
import * as tumblr from '../../src/publishers/tumblr/limits.ts';
import * as x from '../../src/publishers/x/limits.ts';
import { createManualClock } from '../helpers/manual-clock.ts';

const clock = createManualClock();
const NOW = clock.now();
const seconds = (count: number): Date => new Date(NOW.getTime() + count * 1000);
const unix = (count: number): string => String(NOW.getTime() / 1000 + count);

/** @param others what other processes keep; absent: there are none */
function setUp(known: readonly RateWindow[] = [], others?: readonly RateWindow[]) {
  const own = createManualClock();
  const kept: { windows: readonly RateWindow[]; isLow: boolean }[] = [];
  let reads = 0;
  const memory = {
    known,
    keep: (windows: readonly RateWindow[], isLow: boolean) => void kept.push({ windows, isLow }),
    ...(others
      ? {
          async read() {
            reads += 1;
            return others;
          },
        }
      : {}),
  };
  const budget = new RateBudget('X', own, memory);
  const until = async (keep = 0): Promise<Date | undefined> => {
    try {
      await budget.refuseWhenSpent([{ window: 'w', keep }]);
      return undefined;
    } catch (error) {
      const { next } = error as CarillonError;
      return next.do === 'at' ? next.at : undefined;
    }
  };
  return { clock: own, kept, budget, until, reads: () => reads };
}

describe('a budget', () => {
  it('refuses while a window that bounds the call is used up, and no longer', async () => {
    const { budget, clock, until } = setUp();
    expect(await until()).toBeUndefined();
    budget.note([
      { name: 'w', limit: 100, remaining: 1, resetAt: seconds(60) },
      { name: 'other', limit: 100, remaining: 0, resetAt: seconds(600) },
    ]);
    expect(await until()).toBeUndefined();
    // A call that has to leave something meets its end earlier.
    expect(await until(1)).toEqual(seconds(60));
    budget.note([{ name: 'w', limit: 100, remaining: 0, resetAt: seconds(60) }]);
    expect(await until()).toEqual(seconds(60));
    clock.advance(MINUTE);
    expect(await until()).toBeUndefined();
  });

  it('says why, until when, and what is left', async () => {
    const { budget } = setUp();
    budget.note([{ name: 'POST tweets', limit: 100, remaining: 0, resetAt: seconds(60) }]);
    const refused = budget.refuseWhenSpent([{ window: 'POST tweets', keep: 0 }]);
    await expect(refused).rejects.toBeInstanceOf(CarillonError);
    await expect(refused).rejects.toThrow(
      expect.objectContaining({
        kind: 'RateLimited',
        code: 'RATE_LIMITED',
        message: 'Calls to X are held back, because its allowance of calls (POST tweets) is nearly used up.',
        context: { window: 'POST tweets', limit: 100, remaining: 0 },
      }),
    );
  });

  it('waits for the last of several windows', async () => {
    const { budget } = setUp();
    budget.note([
      { name: 'hour', remaining: 0, resetAt: seconds(60) },
      { name: 'day', remaining: 0, resetAt: seconds(600) },
    ]);
    const bounds = [
      { window: 'hour', keep: 0 },
      { window: 'day', keep: 0 },
    ];
    await expect(budget.refuseWhenSpent(bounds)).rejects.toThrow(
      expect.objectContaining({ next: { do: 'at', at: seconds(600) } }),
    );
  });

  it('begins with what is known, and keeps what is open, marked when little is left', async () => {
    const { budget, kept, until, clock } = setUp([
      { name: 'w', limit: 100, remaining: 0, resetAt: seconds(60) },
      { name: 'old', limit: 10, remaining: 0, resetAt: seconds(-1) },
    ]);
    expect(await until()).toEqual(seconds(60));
    expect(budget.limitOf('w')).toBe(100);
    budget.note([]);
    expect(kept).toEqual([]);
    clock.advance(MINUTE);
    const fresh = { name: 'w', limit: 100, remaining: 99, resetAt: seconds(120) };
    budget.note([fresh]);
    budget.note([{ ...fresh, remaining: 10 }]);
    expect(kept.map(({ windows, isLow }) => [windows.length, windows[0]?.remaining, isLow])).toEqual([
      [1, 99, false],
      [1, 10, true],
    ]);
  });

  it('reads what other processes were told, not oftener than every five seconds', async () => {
    const spent = { name: 'w', limit: 100, remaining: 0, resetAt: seconds(60) };
    const { clock, until, reads } = setUp([], [spent]);
    expect([await until(), reads()]).toEqual([undefined, 0]);
    clock.advance(5_000);
    expect(await until()).toEqual(seconds(60));
    clock.advance(4_999);
    expect([await until(), reads()]).toEqual([seconds(60), 1]);
    clock.advance(MINUTE);
    expect([await until(), reads()]).toEqual([undefined, 2]);
  });

  it('believes of two tellings the later window, and of one window what has less left', () => {
    const window = { name: 'w', remaining: 5, resetAt: seconds(60) };
    const less = { ...window, remaining: 4, resetAt: seconds(59) };
    const later = { ...window, remaining: 90, resetAt: seconds(120) };
    const other = { ...window, name: 'other' };
    expect(joinWindows([window], [less, other])).toEqual([less, other]);
    expect(joinWindows([less], [window])).toEqual([less]);
    expect(joinWindows([less], [later])).toEqual([later]);
    expect(joinWindows([later], [less])).toEqual([later]);
  });

  it('is kept under an id that tells nothing of the secret', () => {
    expect(budgetId('x', 'secret')).toMatch(/^x\.[0-9a-f]{16}$/);
    expect(budgetId('x', 'secret')).not.toBe(budgetId('x', 'other'));
  });
});

describe('what the headers say', () => {
  it('X: the window of the kind of call, and the days of app and user', () => {
    const call = { method: 'DELETE', path: 'tweets/1234567890' } as const;
    const headers = {
      'x-rate-limit-limit': '50',
      'x-rate-limit-remaining': '49',
      'x-rate-limit-reset': unix(900),
      'x-app-limit-24hour-limit': '10000',
      'x-app-limit-24hour-remaining': '0',
      'x-app-limit-24hour-reset': unix(40_000),
      'x-user-limit-24hour-remaining': 'many',
      'x-user-limit-24hour-reset': unix(40_000),
    };
    const windows = x.windowsOf(headers, call, NOW);
    expect(windows).toEqual([
      { name: 'DELETE tweets/:id', limit: 50, remaining: 49, resetAt: seconds(901) },
      {
        name: 'DELETE tweets/:id, the app by the day',
        limit: 10_000,
        remaining: 0,
        resetAt: seconds(40_001),
      },
    ]);
    const bounds = x.boundsOf(call).map(({ window }) => window);
    for (const { name } of windows) expect(bounds).toContain(name);
    expect(x.windowsOf({}, call, NOW)).toEqual([]);
  });

  it('Tumblr: the hour and the day of the app; the last calls are left for looking', () => {
    const headers = {
      'x-ratelimit-perhour-limit': '1000',
      'x-ratelimit-perhour-remaining': '9',
      'x-ratelimit-perhour-reset': '600',
      'x-ratelimit-perday-remaining': '40',
    };
    expect(tumblr.windowsOf(headers, NOW)).toEqual([
      { name: 'by the hour', limit: 1_000, remaining: 9, resetAt: seconds(601) },
    ]);
    expect(tumblr.boundsOf({ method: 'GET' }).map(({ keep }) => keep)).toEqual([0, 0]);
    expect(tumblr.boundsOf({ method: 'POST' }).map(({ keep }) => keep)).toEqual([10, 10]);
  });

  it('Pinterest: reading and writing apart, and one day for all of an app on trial', () => {
    const headers = {
      'x-ratelimit-limit': '100, 100;w=60',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '30',
    };
    const window = { limit: 100, remaining: 0, resetAt: seconds(31) };
    expect(pinterest.windowsOf(headers, { method: 'POST' }, NOW)).toEqual([{ ...window, name: 'writing' }]);
    expect(pinterest.windowsOf(headers, { method: 'GET' }, NOW)).toEqual([{ ...window, name: 'reading' }]);
    const trial = { ...headers, 'x-ratelimit-limit': '1000, 1000;w=86400' };
    expect(pinterest.windowsOf(trial, { method: 'GET' }, NOW)).toEqual([
      { ...window, limit: 1_000, name: 'the app by the day' },
    ]);
    expect(pinterest.boundsOf({ method: 'POST' })).toEqual([
      { window: 'writing', keep: 0 },
      { window: 'the app by the day', keep: 10 },
    ]);
    expect(pinterest.windowsOf({}, { method: 'GET' }, NOW)).toEqual([]);
  });

  it('Meta: percent of the app and of the page, and the minutes that it names', () => {
    const usage = (call_count: number) => JSON.stringify({ call_count, total_time: 20, total_cputime: 1 });
    const business = JSON.stringify({
      17: [{ call_count: 30, total_cputime: 1, total_time: 2, estimated_time_to_regain_access: 0 }],
    });
    expect(
      meta.windowsOf(
        { 'x-app-usage': usage(96), 'x-page-usage': usage(10), 'x-business-use-case-usage': business },
        NOW,
      ),
    ).toEqual([
      { name: 'the app', limit: 100, remaining: 4, resetAt: seconds(600) },
      { name: 'the page or account', limit: 100, remaining: 70, resetAt: seconds(600) },
    ]);
    const spent = business.replace(
      '"estimated_time_to_regain_access":0',
      '"estimated_time_to_regain_access":33',
    );
    expect(meta.windowsOf({ 'x-business-use-case-usage': spent }, NOW)).toEqual([
      { name: 'the page or account', limit: 100, remaining: 0, resetAt: seconds(33 * 60) },
    ]);
    expect(meta.windowsOf({ 'x-app-usage': 'none', 'x-page-usage': '[]' }, NOW)).toEqual([]);
  });
});
