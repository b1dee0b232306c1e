import { describe, expect, it } from 'vitest';
import { NOW, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

const card = { id: 'P1.card', workspaceId: 'W1', postId: 'P1', kind: 'card', frontend: 'chat' } as const;
const outcome = {
  id: 'P1.outcome.x',
  workspaceId: 'W1',
  postId: 'P1',
  kind: 'outcome',
  frontend: 'chat',
} as const;
const lease = (token: string) => ({ token, until: seconds(60) });

export function noticesContract(harness: Harness): void {
  describe('the outbox', () => {
    it('gives a notice to one teller, of the front-ends that it serves', async () => {
      const { notices } = harness.stores;
      await notices.request(card, NOW);
      await notices.request({ ...card, id: 'P2.card', postId: 'P2', frontend: 'mail' }, NOW);
      const [one, two] = await Promise.all([
        notices.claim(NOW, ['chat'], lease('one'), 10),
        harness.elsewhere.notices.claim(NOW, ['chat'], lease('two'), 10),
      ]);
      expect([...one, ...two]).toHaveLength(1);
      expect([...one, ...two][0]).toMatchObject({
        ...card,
        state: 'pending',
        version: 1,
        failures: 0,
        createdAt: NOW,
        nextAttemptAt: seconds(60),
      });
      expect(await notices.nextDue(['chat'])).toEqual(seconds(60));
      expect(await notices.nextDue(['chat', 'mail'])).toEqual(NOW);
      expect(await notices.nextDue([])).toBeUndefined();
    });

    it('repeats what was asked for before, and nothing else', async () => {
      const { notices } = harness.stores;
      expect(await notices.repeat(card.id, NOW)).toBe(false);
      expect(await notices.claim(NOW, ['chat'], lease('none'), 10)).toEqual([]);
      await notices.request(card, NOW);
      const [first] = await notices.claim(NOW, ['chat'], lease('first'), 10);
      expect(first).toMatchObject({ version: 1 });
      expect(await notices.repeat(card.id, seconds(1))).toBe(true);
      // It was being told already: the newer version makes it due again at once.
      await notices.finish(card.id, 'first', 1, 'told', seconds(2));
      const [second] = await notices.claim(seconds(2), ['chat'], lease('second'), 10);
      expect(second).toMatchObject({ version: 2 });
      await notices.finish(card.id, 'second', 2, 'told', seconds(3));
      expect(await notices.repeat(card.id, seconds(4))).toBe(true);
      expect(await notices.claim(seconds(4), ['chat'], lease('third'), 10)).toHaveLength(1);
    });

    it('keeps to the limit, earliest first', async () => {
      const { notices } = harness.stores;
      for (let index = 0; index < 5; index += 1)
        await notices.request({ ...outcome, id: `P${index}.outcome` }, seconds(index - 10));
      const claimed = await notices.claim(NOW, ['mail', 'chat'], lease('one'), 3);
      expect(claimed.map((each) => each.id)).toEqual(['P0.outcome', 'P1.outcome', 'P2.outcome']);
    });

    it('tells an outcome once, however often it is asked for', async () => {
      const { notices } = harness.stores;
      await Promise.all([notices.request(outcome, NOW), harness.elsewhere.notices.request(outcome, NOW)]);
      const [claimed] = await notices.claim(NOW, ['chat'], lease('one'), 10);
      await notices.finish(outcome.id, 'one', claimed!.version, 'told', seconds(1));
      await notices.request(outcome, seconds(2));
      expect(await notices.claim(seconds(100), ['chat'], lease('two'), 10)).toEqual([]);
      expect(await notices.nextDue(['chat'])).toBeUndefined();
    });

    it('draws a card again when it changed while it was drawn', async () => {
      const { notices } = harness.stores;
      await notices.request(card, NOW);
      const [first] = await notices.claim(NOW, ['chat'], lease('one'), 10);
      await notices.request(card, seconds(1));
      expect(await notices.claim(seconds(2), ['chat'], lease('two'), 10)).toEqual([]);
      await notices.finish(card.id, 'one', first!.version, 'told', seconds(3));
      const [second] = await notices.claim(seconds(3), ['chat'], { token: 'two', until: seconds(90) }, 10);
      expect(second).toMatchObject({ id: card.id, version: 2, state: 'pending' });
      await notices.finish(card.id, 'two', 2, 'told', seconds(4));
      expect(await notices.nextDue(['chat'])).toBeUndefined();
      await notices.request(card, seconds(5));
      expect(await notices.nextDue(['chat'])).toEqual(seconds(5));
    });

    it('loses no request for a card, whatever comes between', async () => {
      const { notices } = harness.stores;
      const rounds = 15;
      await notices.request(card, NOW);
      const draw = async (): Promise<void> => {
        for (let round = 0; round < rounds; round += 1) {
          const [claimed] = await harness.elsewhere.notices.claim(
            seconds(round),
            ['chat'],
            { token: `t${round}`, until: seconds(round + 500) },
            1,
          );
          if (claimed)
            await harness.elsewhere.notices.finish(
              card.id,
              `t${round}`,
              claimed.version,
              'told',
              seconds(round),
            );
        }
      };
      const ask = async (): Promise<void> => {
        for (let round = 0; round < rounds; round += 1) await notices.request(card, NOW);
      };
      await Promise.all([draw(), ask(), ask()]);
      // One that came after the last drawing is still to be drawn.
      await notices.request(card, NOW);
      const [last] = await notices.claim(seconds(1000), ['chat'], { token: 'last', until: seconds(2000) }, 1);
      expect(last?.id).toBe(card.id);
      expect(last?.version).toBeLessThanOrEqual(2 * rounds + 2);
    });

    it('tries later after a failure, and a new request does not hurry it', async () => {
      const { notices } = harness.stores;
      await notices.request(card, NOW);
      await notices.claim(NOW, ['chat'], lease('one'), 10);
      await notices.retryAt(card.id, 'other', 9, NOW);
      await notices.retryAt(card.id, 'one', 1, seconds(20));
      await notices.request(card, seconds(1));
      expect(await notices.nextDue(['chat'])).toEqual(seconds(20));
      const [again] = await notices.claim(seconds(20), ['chat'], lease('two'), 10);
      expect(again).toMatchObject({ failures: 1, version: 2 });
      await notices.finish(card.id, 'two', 2, 'dead', seconds(21));
      expect(await notices.nextDue(['chat'])).toBeUndefined();
    });

    it('brings up again what a dead process was telling', async () => {
      const { notices } = harness.stores;
      await notices.request(card, NOW);
      const [claimed] = await notices.claim(NOW, ['chat'], lease('dead'), 10);
      expect(await notices.claim(seconds(59), ['chat'], lease('two'), 10)).toEqual([]);
      await notices.breakLeases(seconds(5), ['chat']);
      expect(await notices.nextDue(['chat'])).toEqual(seconds(5));
      await notices.claim(seconds(5), ['chat'], { token: 'two', until: seconds(65) }, 10);
      expect(
        await notices.claim(seconds(65), ['chat'], { token: 'three', until: seconds(99) }, 10),
      ).toHaveLength(1);
      // The dead one, come back to life, changes nothing.
      await notices.finish(card.id, 'dead', claimed!.version, 'told', seconds(66));
      expect(await notices.nextDue(['chat'])).toEqual(seconds(99));
    });
  });
}
