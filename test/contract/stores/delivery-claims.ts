import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/core/words.ts';
import { claimDue, delivery, NOW, resting, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

const ids = (deliveries: readonly Delivery[]): string[] => deliveries.map((each) => each.id);
const claim = (token: string, more: object = {}) => ({
  token,
  limit: 200,
  until: seconds(30),
  exceptAccounts: [] as string[],
  ...more,
});

export function deliveryClaimsContract(harness: Harness): void {
  describe('claiming deliveries', () => {
    it('leases what is due, most urgent first, and nothing else', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([
        delivery({ postId: 'LOW', priority: 0, dueAt: seconds(-50), nextAttemptAt: seconds(-50) }),
        delivery({ postId: 'LATE', dueAt: seconds(-20), nextAttemptAt: seconds(-20) }),
        // Due first, but in its second try: still before a post that is due later.
        delivery({ postId: 'EARLY', dueAt: seconds(-40), nextAttemptAt: seconds(-10) }),
        delivery({ postId: 'HIGH', priority: 2 }),
        delivery({ postId: 'AHEAD', dueAt: seconds(1), nextAttemptAt: seconds(1) }),
        resting({ postId: 'DONE', state: 'published' }),
      ]);
      const claimed = await claimDue(deliveries, NOW, claim('one'));
      expect(ids(claimed)).toEqual(['HIGH.A1', 'EARLY.A1', 'LATE.A1', 'LOW.A1']);
      expect(claimed[0]).toEqual(
        delivery({
          postId: 'HIGH',
          priority: 2,
          lease: { token: 'one', until: seconds(30) },
          nextAttemptAt: seconds(30),
        }),
      );
      expect(await claimDue(deliveries, NOW, claim('two'))).toEqual([]);
    });

    it('keeps to the limit and to the accounts left out, and shows without taking', async () => {
      const { deliveries } = harness.stores;
      const of = (accountId: string, count: number, first: number) =>
        Array.from({ length: count }, (_, index) =>
          delivery({ postId: `${accountId}P${index}`, accountId, nextAttemptAt: seconds(first + index) }),
        );
      await deliveries.insert([...of('A1', 10, -60), ...of('A2', 3, -40), ...of('A3', 3, -30)]);
      for (let twice = 0; twice < 2; twice += 1) {
        const seen = await deliveries.findDue(NOW, { limit: 4, exceptAccounts: ['A1'] });
        expect(seen).toEqual([
          { id: 'A2P0.A2', accountId: 'A2' },
          { id: 'A2P1.A2', accountId: 'A2' },
          { id: 'A2P2.A2', accountId: 'A2' },
          { id: 'A3P0.A3', accountId: 'A3' },
        ]);
      }
      expect(await deliveries.findDue(NOW, { limit: 50, exceptAccounts: ['A1', 'A2', 'A3'] })).toEqual([]);
      expect(await deliveries.claim([], NOW, { token: 'one', until: seconds(30) })).toEqual([]);
    });

    it('claims nothing that is not due', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([
        delivery({ postId: 'P1' }),
        delivery({ postId: 'P2', nextAttemptAt: seconds(1) }),
        resting({ postId: 'P3', state: 'published' }),
      ]);
      const all = ['P1.A1', 'P2.A1', 'P3.A1', 'GONE.A1'];
      expect(ids(await deliveries.claim(all, NOW, { token: 'one', until: seconds(30) }))).toEqual(['P1.A1']);
    });

    it('never gives the same delivery to two workers', async () => {
      const { deliveries } = harness.stores;
      const count = 300;
      await deliveries.insert(
        Array.from({ length: count }, (_, index) =>
          delivery({ postId: `P${index}`, accountId: `A${index % 7}` }),
        ),
      );
      const seen: string[] = [];
      const work = async (worker: number): Promise<void> => {
        const store = worker % 2 ? harness.elsewhere : harness.stores;
        for (let round = 0, empty = 0; empty < 2; round += 1) {
          const claimed = await claimDue(store.deliveries, NOW, claim(`w${worker}.${round}`, { limit: 20 }));
          empty = claimed.length === 0 ? empty + 1 : 0;
          seen.push(...ids(claimed));
        }
      };
      await Promise.all([0, 1, 2, 3].map(work));
      expect(new Set(seen).size).toBe(seen.length);
      const left = await claimDue(deliveries, NOW, claim('last', { limit: count }));
      expect(seen.length + left.length).toBe(count);
    });

    it('leaves what another worker leased between looking and leasing', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([delivery({ postId: 'P1' }), delivery({ postId: 'P2' })]);
      let first: readonly Delivery[] = [];
      harness.beforeElsewhere('Delivery', 'updateMany', async () => {
        first = await claimDue(deliveries, NOW, claim('one', { limit: 1 }));
      });
      const second = await claimDue(harness.elsewhere.deliveries, NOW, claim('two'));
      expect([ids(first), ids(second)]).toEqual([['P1.A1'], ['P2.A1']]);
      expect((await deliveries.ofPost('W1', 'P1'))[0]?.lease?.token).toBe('one');
    });

    it('brings the work of a dead process up again at the end of its lease', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([delivery()]);
      await claimDue(deliveries, NOW, claim('dead'));
      expect(await deliveries.nextDue()).toEqual(seconds(30));
      expect(await claimDue(deliveries, seconds(29), claim('two'))).toEqual([]);
      const again = await claimDue(
        harness.elsewhere.deliveries,
        seconds(30),
        claim('two', { until: seconds(60) }),
      );
      expect(again.map((each) => each.lease?.token)).toEqual(['two']);
      expect(
        await deliveries.write('P1.A1', 'dead', { state: 'published', release: true }, seconds(31)),
      ).toBe(false);
      expect(await deliveries.renew(['P1.A1'], 'dead', seconds(90))).toEqual(new Set());
    });

    it('prolongs leases that are still ours', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([
        delivery({ postId: 'P1' }),
        delivery({ postId: 'P2' }),
        delivery({ postId: 'P3' }),
      ]);
      await claimDue(deliveries, NOW, claim('one', { limit: 2 }));
      await claimDue(deliveries, NOW, claim('two'));
      expect(await deliveries.renew(['P1.A1', 'P2.A1', 'P3.A1'], 'one', seconds(60))).toEqual(
        new Set(['P1.A1', 'P2.A1']),
      );
      expect(await deliveries.renew(['P1.A1', 'P2.A1'], 'one', seconds(70))).toEqual(
        new Set(['P1.A1', 'P2.A1']),
      );
      expect(ids(await claimDue(deliveries, seconds(45), claim('three', { until: seconds(80) })))).toEqual([
        'P3.A1',
      ]);
      expect(ids(await claimDue(deliveries, seconds(70), claim('four', { until: seconds(99) })))).toEqual([
        'P1.A1',
        'P2.A1',
      ]);
    });

    it('gives back what was not begun, under the own lease only', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([delivery({ postId: 'P1' }), delivery({ postId: 'P2' })]);
      await claimDue(deliveries, NOW, claim('one', { limit: 1 }));
      await claimDue(deliveries, NOW, claim('two'));
      await deliveries.giveBack(['P1.A1', 'P2.A1'], 'one', seconds(5));
      await deliveries.giveBack([], 'one', seconds(5));
      const [first, second] = await deliveries.ofPosts('W1', ['P1', 'P2']);
      expect(first).toEqual(delivery({ postId: 'P1', nextAttemptAt: seconds(5) }));
      expect(second?.lease?.token).toBe('two');
    });

    it('ends the leases of the process before, when it is alone', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([
        delivery({ postId: 'P1' }),
        delivery({
          postId: 'P2',
          nextAttemptAt: seconds(500),
          lease: { token: 'person', until: seconds(10) },
        }),
        delivery({ postId: 'P3', nextAttemptAt: seconds(700) }),
      ]);
      await claimDue(deliveries, NOW, claim('dead'));
      await deliveries.breakLeases(seconds(1));
      expect(await deliveries.ofPosts('W1', ['P1', 'P2', 'P3'])).toEqual([
        delivery({ postId: 'P1', nextAttemptAt: seconds(1) }),
        delivery({ postId: 'P2', nextAttemptAt: seconds(500) }),
        delivery({ postId: 'P3', nextAttemptAt: seconds(700) }),
      ]);
    });

    it('says when the next delivery wants attention, and how many are late', async () => {
      const { deliveries } = harness.stores;
      expect(await deliveries.nextDue()).toBeUndefined();
      await deliveries.insert([
        delivery({ postId: 'P1', priority: 2, nextAttemptAt: seconds(50) }),
        delivery({ postId: 'P2', priority: 0, nextAttemptAt: seconds(20) }),
        delivery({ postId: 'P3', priority: 1, nextAttemptAt: seconds(-20) }),
        resting({ postId: 'P4', state: 'overdue' }),
      ]);
      expect(await deliveries.nextDue()).toEqual(seconds(-20));
      expect(await deliveries.nextDue(seconds(-20))).toEqual(seconds(20));
      expect(await deliveries.nextDue(seconds(50))).toBeUndefined();
      expect(await deliveries.countOverdue(NOW)).toBe(1);
      expect(await deliveries.countOverdue(seconds(21))).toBe(2);
    });
  });
}
