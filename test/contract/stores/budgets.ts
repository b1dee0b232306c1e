import { describe, expect, it } from 'vitest';
import { NOW, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

export function budgetsContract(harness: Harness): void {
  describe('what is left of an allowance', () => {
    it('is found by whoever comes next, as it was put last', async () => {
      const { budgets } = harness.stores;
      expect(await budgets.find('alpha.1')).toEqual([]);
      const hour = { name: 'by the hour', limit: 1_000, remaining: 0, resetAt: seconds(60) };
      const day = { name: 'by the day', remaining: 7, resetAt: seconds(600) };
      await budgets.put('alpha.1', [hour], NOW);
      await budgets.put('alpha.1', [{ ...hour, remaining: 3 }, day], seconds(1));
      await budgets.put('alpha.2', [day], NOW);
      expect(await harness.elsewhere.budgets.find('alpha.1')).toEqual([{ ...hour, remaining: 3 }, day]);
    });
  });
}
