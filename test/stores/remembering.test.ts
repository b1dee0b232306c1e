import { describe, expect, it } from 'vitest';
import { remembering } from '../../src/stores/remembering.ts';

/** A store of one number, whose reads end when the test says so. */
function numberStore() {
  let value = 1;
  let reads = 0;
  const waiting: (() => void)[] = [];
  const store = {
    async read(_name: string): Promise<number> {
      reads += 1;
      const seen = value;
      await new Promise<void>((resolve) => waiting.push(resolve));
      return seen;
    },
    async change(to: number): Promise<void> {
      await new Promise<void>((resolve) => waiting.push(resolve));
      value = to;
    },
    async fail(): Promise<number> {
      reads += 1;
      throw new Error('away');
    },
  };
  const goOn = async (): Promise<void> => {
    for (const resolve of waiting.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { store, goOn, reads: () => reads };
}

describe('a store that remembers', () => {
  it('reads once for the same question, and for each other question anew', async () => {
    const { store, goOn, reads } = numberStore();
    const remembered = remembering(store, ['read']);
    const both = Promise.all([remembered.read('a'), remembered.read('a'), remembered.read('b')]);
    await goOn();
    expect(await both).toEqual([1, 1, 1]);
    expect(await remembered.read('a')).toBe(1);
    expect(reads()).toBe(2);
  });

  it('reads anew after a write, also what was read while the write was under way', async () => {
    const { store, goOn } = numberStore();
    const remembered = remembering(store, ['read']);
    const before = remembered.read('a');
    const change = remembered.change(2);
    const during = remembered.read('a');
    await goOn();
    expect(await before).toBe(1);
    expect(await during).toBe(1);
    await change;
    const after = remembered.read('a');
    await goOn();
    expect(await after).toBe(2);
  });

  it('keeps what it knows through what changes nothing of it', async () => {
    const { store, goOn, reads } = numberStore();
    const remembered = remembering(store, ['read'], ['change']);
    const before = remembered.read('a');
    await goOn();
    expect(await before).toBe(1);
    const change = remembered.change(2);
    expect(await remembered.read('a')).toBe(1);
    await goOn();
    await change;
    expect(await remembered.read('a')).toBe(1);
    expect(reads()).toBe(1);
  });

  it('keeps no failure', async () => {
    const { store, reads } = numberStore();
    const remembered = remembering(store, ['fail']);
    await expect(remembered.fail()).rejects.toThrow('away');
    await expect(remembered.fail()).rejects.toThrow('away');
    expect(reads()).toBe(2);
  });
});
