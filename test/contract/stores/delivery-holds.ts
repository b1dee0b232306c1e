import { describe, expect, it } from 'vitest';
import type { RecordedError } from '../../../src/core/words.ts';
import { delivery, resting, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

const error: RecordedError = {
  code: 'AUTH_REVOKED',
  kind: 'AuthRevoked',
  message: 'Withdrawn.',
  hint: 'Connect again.',
};

export function deliveryHoldsContract(harness: Harness): void {
  describe('deliveries of an account in trouble', () => {
    const given = [
      delivery({ postId: 'P1', nextAttemptAt: seconds(5) }),
      delivery({ postId: 'P2', nextAttemptAt: seconds(500) }),
      delivery({ postId: 'P3', lease: { token: 'worker', until: seconds(30) }, nextAttemptAt: seconds(30) }),
      resting({ postId: 'P4', state: 'failed' }),
      resting({ postId: 'P5', state: 'published' }),
      delivery({ postId: 'P6', accountId: 'A2', nextAttemptAt: seconds(5) }),
    ];

    it('moves what is due before the end of a hold', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert(given);
      await deliveries.postpone('A1', seconds(60));
      const found = await deliveries.ofPosts(
        'W1',
        given.map((each) => each.postId),
      );
      expect(found.map((each) => each.nextAttemptAt)).toEqual([
        seconds(60),
        seconds(500),
        seconds(30),
        undefined,
        undefined,
        seconds(5),
      ]);
    });

    it('takes the next attempt away and gives it back', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert(given);
      expect(await deliveries.park('A1', error)).toBe(2);
      const parked = await deliveries.ofPosts(
        'W1',
        given.map((each) => each.postId),
      );
      expect(parked[0]).toEqual(resting({ postId: 'P1', error }));
      expect(parked.slice(2)).toEqual(given.slice(2));
      expect(await deliveries.unpark('W2', 'A1', seconds(9))).toBe(0);
      expect(await deliveries.unpark('W1', 'A1', seconds(9))).toBe(2);
      const back = await deliveries.ofPosts('W1', ['P1', 'P2']);
      expect(back.map((each) => [each.nextAttemptAt, each.error])).toEqual([
        [seconds(9), undefined],
        [seconds(9), undefined],
      ]);
    });
  });
}
