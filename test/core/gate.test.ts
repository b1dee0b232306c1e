import { expect, it } from 'vitest';
import { createGate } from '../../src/core/gate.ts';

it('lets so many run at a time, in order, and a failure holds nobody up', async () => {
  const gate = createGate(2);
  const events: string[] = [];
  const release: (() => void)[] = [];
  const work = (name: string) =>
    gate(async () => {
      events.push(name);
      await new Promise<void>((resolve) => release.push(resolve));
      if (name === 'a') throw new Error(name);
      return name;
    });
  const all = Promise.allSettled(['a', 'b', 'c', 'd'].map(work));
  await new Promise(setImmediate);
  expect(events).toEqual(['a', 'b']);
  while (release.length > 0) {
    release.shift()?.();
    await new Promise(setImmediate);
  }
  expect((await all).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  expect(events).toEqual(['a', 'b', 'c', 'd']);
  await expect(gate(async () => 'e')).resolves.toBe('e');
});
