import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../src/core/words.ts';
import { claimDue, delivery, NOW, resting, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

export function deliveryWritesContract(harness: Harness): void {
  /** Deliveries `P0.A1`, `P1.A1` and so on, leased with this token. */
  const leased = async (count: number, token = 'one'): Promise<string[]> => {
    const { deliveries } = harness.stores;
    await deliveries.insert(Array.from({ length: count }, (_, index) => delivery({ postId: `P${index}` })));
    const claimed = await claimDue(deliveries, NOW, {
      limit: count,
      token,
      until: seconds(30),
      exceptAccounts: [],
    });
    return claimed.map((each) => each.id);
  };

  describe('writing deliveries', () => {
    it('inserts those that do not exist yet', async () => {
      const { deliveries } = harness.stores;
      const given = delivery({
        checkpoint: { upload: 'u1', none: null, deep: { list: [1, 2] } },
        confirmedAt: NOW,
      });
      await deliveries.insert([given]);
      await deliveries.insert([delivery({ state: 'failed' }), delivery({ accountId: 'A2' })]);
      await deliveries.insert([]);
      expect(await deliveries.ofPost('W1', 'P1')).toEqual([given, delivery({ accountId: 'A2' })]);
      expect(await deliveries.ofPost('W2', 'P1')).toEqual([]);
    });

    it('knows whose post something of the network is', async () => {
      const { deliveries } = harness.stores;
      await deliveries.insert([
        delivery({ state: 'published', remoteId: 'R1' }),
        delivery({ accountId: 'A2', state: 'published', remoteId: 'R2' }),
      ]);
      expect(await deliveries.isTaken('A1', 'R1', 'P2.A1')).toBe(true);
      expect(await deliveries.isTaken('A1', 'R1', 'P1.A1')).toBe(false);
      expect(await deliveries.isTaken('A1', 'R2', 'P2.A1')).toBe(false);
      expect(await deliveries.isTaken('A1', 'R3', 'P2.A1')).toBe(false);
    });

    it('writes what a step brought and gives the lease back with it', async () => {
      const { deliveries } = harness.stores;
      await leased(1);
      const attempt: Attempt = {
        id: 'T1',
        startedAt: NOW,
        outcome: 'sending',
        intent: { text: '', mediaCount: 1, format: 'story' },
      };
      expect(
        await deliveries.write(
          'P0.A1',
          'one',
          { state: 'publishing', attempts: [attempt], progress: 'sending' },
          seconds(1),
        ),
      ).toBe(true);
      const [during] = await deliveries.ofPost('W1', 'P0');
      expect(during).toMatchObject({
        state: 'publishing',
        attempts: [attempt],
        nextAttemptAt: seconds(30),
        updatedAt: seconds(1),
      });
      const ended: Attempt = { ...attempt, outcome: 'accepted', endedAt: seconds(2), remoteId: 'R1' };
      await deliveries.write(
        'P0.A1',
        'one',
        {
          state: 'published',
          attempts: [ended],
          progress: null,
          remoteId: 'R1',
          nextAttemptAt: null,
          settledAt: seconds(2),
          release: true,
        },
        seconds(2),
      );
      expect(await deliveries.ofPost('W1', 'P0')).toEqual([
        resting({
          postId: 'P0',
          state: 'published',
          attempts: [ended],
          remoteId: 'R1',
          settledAt: seconds(2),
          updatedAt: seconds(2),
        }),
      ]);
      expect(await deliveries.write('P0.A1', 'one', { progress: 'late' }, seconds(3))).toBe(false);
    });

    it('keeps the last attempts only', async () => {
      const { deliveries } = harness.stores;
      await leased(1);
      const attempts = Array.from(
        { length: 25 },
        (_, index): Attempt => ({ id: `T${index}`, startedAt: NOW, outcome: 'failed' }),
      );
      await deliveries.write('P0.A1', 'one', { attempts }, NOW);
      const [found] = await deliveries.ofPost('W1', 'P0');
      expect(found?.attempts.map((each) => each.id)).toEqual(attempts.slice(5).map((each) => each.id));
    });

    it('refuses another next attempt while the lease lasts', async () => {
      await leased(1);
      await expect(
        harness.stores.deliveries.write('P0.A1', 'one', { nextAttemptAt: NOW }, NOW),
      ).rejects.toThrow('without giving the lease back');
    });

    it('sends the writes of one turn as one command', async () => {
      const held = await leased(50);
      const sent = await harness.commandsOf(() =>
        Promise.all(held.map((id) => harness.stores.deliveries.write(id, 'one', { progress: id }, NOW))),
      );
      expect(sent.map((each) => each.name)).toEqual(['update']);
      expect(sent[0]?.command.updates).toHaveLength(50);
    });

    it('gathers what arrives while a bulk is under way, 200 at most', async () => {
      const held = await leased(450);
      const { deliveries } = harness.stores;
      const sent = await harness.commandsOf(async () => {
        const first = deliveries.write(held[0]!, 'one', { progress: 'first' }, NOW);
        await new Promise((resolve) => setImmediate(resolve));
        await Promise.all([
          first,
          ...held.slice(1).map((id) => deliveries.write(id, 'one', { progress: id }, NOW)),
        ]);
      });
      const sizes = sent.map((each) => (each.command.updates as unknown[]).length);
      expect(sizes).toEqual([1, 200, 200, 49]);
    });

    it('keeps the order of the writes of one delivery', async () => {
      const { deliveries } = harness.stores;
      const [id = ''] = await leased(2);
      const answers = await Promise.all([
        deliveries.write(id, 'one', { progress: 'first', looks: 1 }, NOW),
        deliveries.write(id, 'one', { progress: 'second' }, NOW),
        deliveries.write(id, 'one', { progress: 'third', release: true, nextAttemptAt: seconds(9) }, NOW),
        deliveries.write(id, 'one', { progress: 'too late' }, NOW),
      ]);
      expect(answers).toEqual([true, true, true, false]);
      expect((await deliveries.ofPost('W1', 'P0'))[0]).toMatchObject({
        progress: 'third',
        looks: 1,
        nextAttemptAt: seconds(9),
      });
    });

    it('tells each caller of a shared command whether its own lease still held', async () => {
      const held = await leased(10);
      const { deliveries } = harness.stores;
      await deliveries.giveBack(held.slice(0, 3), 'one', NOW);
      await claimDue(harness.elsewhere.deliveries, NOW, {
        limit: 2,
        token: 'two',
        until: seconds(30),
        exceptAccounts: [],
      });
      const answers = await Promise.all(
        held.map((id) => deliveries.write(id, 'one', { progress: 'mine' }, NOW)),
      );
      expect(answers).toEqual([false, false, false, true, true, true, true, true, true, true]);
      const written = (
        await deliveries.ofPosts(
          'W1',
          held.map((id) => id.split('.')[0]!),
        )
      ).filter((each) => each.progress === 'mine');
      expect(written).toHaveLength(7);
    });

    it('refuses what cannot be stored without harm to the writes beside it', async () => {
      const held = await leased(3);
      const { deliveries } = harness.stores;
      const endless: Record<string, unknown> = {};
      endless.itself = endless;
      const answers = await Promise.allSettled(
        held.map((id, index) =>
          deliveries.write(id, 'one', index === 1 ? { checkpoint: endless } : { looks: 1 }, NOW),
        ),
      );
      expect(answers.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect((await deliveries.ofPost('W1', 'P0'))[0]?.looks).toBe(1);
    });

    it('lets every caller know when the database fails', async () => {
      const held = await leased(3);
      const { connection } = harness;
      const collection = connection.models.Delivery!.collection;
      const real = collection.bulkWrite;
      collection.bulkWrite = () => Promise.reject(new Error('the cable is cut'));
      const { deliveries } = harness.stores;
      const answers = await Promise.allSettled(
        held.map((id) => deliveries.write(id, 'one', { looks: 1 }, NOW)),
      );
      collection.bulkWrite = real;
      expect(answers.map((each) => each.status)).toEqual(['rejected', 'rejected', 'rejected']);
      expect(await deliveries.write(held[0]!, 'one', { looks: 2 }, NOW)).toBe(true);
    });
  });
}
