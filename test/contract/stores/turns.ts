import { describe, expect, it } from 'vitest';
import { NOW, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

export function turnsContract(harness: Harness): void {
  describe('a turn', () => {
    it('is taken by one at a time, until it ends by itself or its owner ends it', async () => {
      const [here, there] = [harness.stores.turns, harness.elsewhere.turns];
      const taken = await Promise.all([
        here.take('W1', 'a', NOW, seconds(5)),
        there.take('W1', 'b', NOW, seconds(5)),
      ]);
      expect([...taken].sort()).toEqual([false, true]);
      expect(await there.take('W2', 'b', NOW, seconds(5))).toBe(true);
      expect(await there.take('W1', 'c', seconds(5), seconds(10))).toBe(true);
      // Who comes too late ends nothing of anybody else.
      await here.end('W1', taken[0] ? 'a' : 'b');
      expect(await here.take('W1', 'd', seconds(6), seconds(10))).toBe(false);
      await there.end('W1', 'c');
      expect(await here.take('W1', 'd', seconds(6), seconds(10))).toBe(true);
    });
  });
}
