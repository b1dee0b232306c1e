import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/core/words.ts';
import { claimDue, delivery, NOW, resting, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

const ids = (deliveries: readonly Delivery[]): string[] => deliveries.map((each) => each.id);
const claim = (token: string) => ({ token, limit: 200, until: seconds(30), exceptAccounts: [] });

export function deliveryChangesContract(harness: Harness): void {
  describe("taking deliveries for a person's change", () => {
    const lease = { token: 'person', until: seconds(10) };

    it('takes what waits, names what is under way, and leaves what is settled', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([
        delivery({ accountId: 'A1', nextAttemptAt: seconds(600) }),
        resting({ accountId: 'A2', state: 'overdue' }),
        resting({ accountId: 'A3', state: 'failed' }),
        resting({ accountId: 'A4', state: 'awaiting_approval' }),
        delivery({ accountId: 'A5', state: 'processing', nextAttemptAt: seconds(5) }),
        delivery({ accountId: 'A6', state: 'uncertain', nextAttemptAt: seconds(5) }),
        resting({ accountId: 'A7', state: 'published' }),
        resting({ accountId: 'A8', state: 'cancelled' }),
        delivery({ accountId: 'B2', state: 'removing', nextAttemptAt: seconds(5) }),
        delivery({
          accountId: 'A9',
          lease: { token: 'worker', until: seconds(30) },
          nextAttemptAt: seconds(30),
        }),
        // A worker died with this one; its lease is over.
        delivery({
          accountId: 'B1',
          lease: { token: 'dead', until: seconds(-1) },
          nextAttemptAt: seconds(-1),
        }),
        delivery({ accountId: 'C1', postId: 'OTHER' }),
      ]);
      const { taken, busy } = await deliveries.takeForChange('W1', 'P1', NOW, lease);
      expect(ids(taken).sort()).toEqual(['P1.A1', 'P1.A2', 'P1.A3', 'P1.A4', 'P1.B1']);
      expect(ids(busy).sort()).toEqual(['P1.A5', 'P1.A6', 'P1.A9', 'P1.B2']);
      expect(taken.every((each) => each.lease?.token === 'person')).toBe(true);
      expect(await deliveries.takeForChange('W2', 'P1', NOW, lease)).toEqual({ taken: [], busy: [] });
    });

    it('shows the next attempt as it was and never brings a delivery forward', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([
        delivery({ accountId: 'A1', nextAttemptAt: seconds(600) }),
        delivery({ accountId: 'A2', nextAttemptAt: seconds(3) }),
        resting({ accountId: 'A3', state: 'failed' }),
      ]);
      const { taken } = await deliveries.takeForChange('W1', 'P1', NOW, lease);
      expect(taken.map((each) => each.nextAttemptAt)).toEqual([seconds(600), seconds(3), undefined]);
      expect(await claimDue(deliveries, seconds(9), claim('worker'))).toEqual([]);
      // The person's process died: what was due comes up at the lease's end, next week's post does not.
      expect(ids(await claimDue(deliveries, seconds(10), claim('worker')))).toEqual(['P1.A2']);
      const again = await deliveries.takeForChange('W1', 'P1', seconds(10), {
        token: 'other',
        until: seconds(20),
      });
      expect(ids(again.taken)).toEqual(['P1.A1', 'P1.A3']);
      expect(ids(again.busy)).toEqual(['P1.A2']);
    });

    it('takes other states when they are asked for', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([
        resting({ accountId: 'A1', state: 'uncertain' }),
        resting({ accountId: 'A2', state: 'published' }),
        delivery({ accountId: 'A3' }),
      ]);
      const first = await deliveries.takeForChange('W1', 'P1', NOW, { ...lease, states: ['uncertain'] });
      expect([ids(first.taken), ids(first.busy)]).toEqual([['P1.A1'], []]);
      const second = await deliveries.takeForChange('W1', 'P1', NOW, {
        token: 'x',
        until: seconds(10),
        states: ['published'],
      });
      expect([ids(second.taken), ids(second.busy)]).toEqual([['P1.A2'], ['P1.A1']]);
    });

    it('leaves what somebody else took, or a hold moved, between looking and leasing', async () => {
      const { deliveries } = harness.stores;
      const later = seconds(600);
      await deliveries.insert([
        delivery({ accountId: 'A1', nextAttemptAt: later }),
        resting({ accountId: 'A2', state: 'failed' }),
      ]);
      harness.beforeElsewhere('Delivery', 'bulkWrite', () =>
        deliveries.takeForChange('W1', 'P1', NOW, { token: 'first', until: seconds(10) }),
      );
      const second = await harness.elsewhere.deliveries.takeForChange('W1', 'P1', NOW, lease);
      expect([ids(second.taken), ids(second.busy)]).toEqual([[], ['P1.A1', 'P1.A2']]);

      harness.beforeElsewhere('Delivery', 'bulkWrite', () => deliveries.postpone('A1', seconds(900)));
      const at = seconds(20);
      await deliveries.write('P1.A1', 'first', { release: true, nextAttemptAt: later }, at);
      const third = await harness.elsewhere.deliveries.takeForChange('W1', 'P1', at, {
        token: 'third',
        until: seconds(30),
      });
      expect(third.taken.map((each) => each.nextAttemptAt)).toEqual([seconds(900), undefined]);
    });

    it('gives each delivery to the dispatcher or to one of two people, never to two', async () => {
      const { deliveries } = harness.stores;
      for (let round = 0; round < 10; round += 1) {
        const postId = `R${round}`;
        await deliveries.insert(['A1', 'A2', 'A3', 'A4'].map((accountId) => delivery({ postId, accountId })));
        const [one, two, worker] = await Promise.all([
          deliveries.takeForChange('W1', postId, NOW, { token: `one${round}`, until: seconds(10) }),
          harness.elsewhere.deliveries.takeForChange('W1', postId, NOW, {
            token: `two${round}`,
            until: seconds(10),
          }),
          claimDue(harness.elsewhere.deliveries, NOW, claim(`worker${round}`)),
        ]);
        const got = [...ids(one.taken), ...ids(two.taken), ...ids(worker)];
        expect(got.sort()).toEqual(['A1', 'A2', 'A3', 'A4'].map((accountId) => `${postId}.${accountId}`));
        expect(one.taken.length + one.busy.length).toBe(4);
      }
    });
  });
}
