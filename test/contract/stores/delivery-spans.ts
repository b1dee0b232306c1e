import { describe, expect, it } from 'vitest';
import { delivery, resting, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

export function deliverySpansContract(harness: Harness): void {
  describe('what goes out of an account in a stretch of time', () => {
    it('is what is queued by its next attempt and what went out by when it did, earliest first', async () => {
      const { deliveries } = harness.stores;
      const out = (postId: string, at: number, more = {}) =>
        resting({ postId, state: 'published', dueAt: seconds(-9_000), settledAt: seconds(at), ...more });
      await deliveries.insert([
        delivery({ postId: 'P1', nextAttemptAt: seconds(50) }),
        delivery({ postId: 'P2', state: 'uncertain', nextAttemptAt: seconds(20) }),
        delivery({ postId: 'P3', nextAttemptAt: seconds(100) }),
        delivery({ postId: 'P4', accountId: 'A2', nextAttemptAt: seconds(50) }),
        resting({ postId: 'P5', state: 'overdue', dueAt: seconds(50) }),
        out('P6', 0),
        out('P7', -1),
        out('P8', 30),
        out('PB', 30, { state: 'removed' }),
        delivery({ postId: 'PC', state: 'removing', nextAttemptAt: seconds(50) }),
        out('P9', 30, { state: 'failed' }),
        out('PA', 40, { state: 'cancelled' }),
      ]);
      const span = { from: seconds(0), to: seconds(100) };
      expect(await deliveries.goingOut('A1', span, 10)).toEqual([
        { postId: 'P6', at: seconds(0) },
        { postId: 'P2', at: seconds(20) },
        { postId: 'P8', at: seconds(30) },
        { postId: 'P1', at: seconds(50) },
      ]);
      expect(await deliveries.goingOut('A1', span, 2)).toHaveLength(2);
      expect(await deliveries.countGoingOut('A1', span)).toBe(4);
      expect(await deliveries.countGoingOut('A3', span)).toBe(0);
    });
  });
}
