/** When the rest waits for what goes out, and that it does not wait for ever. */
import { describe, expect, it } from 'vitest';
import { Rush } from '../../../src/core/delivery/rush.ts';
import { createVirtualClock } from '../../helpers/virtual-clock.ts';

function stage() {
  const clock = createVirtualClock();
  const rush = new Rush(clock);
  const begin = (count: number): void => {
    for (let index = 0; index < count; index += 1) rush.note();
  };
  const pass = async (milliseconds: number): Promise<void> => {
    clock.moveTo(new Date(clock.now().getTime() + milliseconds));
    await new Promise((resolve) => setImmediate(resolve));
  };
  const waiting = async () => {
    const state = { isOver: false };
    void rush.over().then(() => {
      state.isOver = true;
    });
    await pass(0);
    return state;
  };
  return { rush, begin, pass, waiting };
}

describe('a rush', () => {
  it('is none while few deliveries are begun', async () => {
    const { begin, pass, waiting } = stage();
    for (let seconds = 0; seconds < 5; seconds += 1) {
      begin(9);
      await pass(250);
    }
    expect((await waiting()).isOver).toBe(true);
  });

  it('is waited for until it ends', async () => {
    const { begin, pass, waiting } = stage();
    begin(60);
    const state = await waiting();
    await pass(250);
    expect(state.isOver).toBe(false);
    await pass(250);
    await pass(250);
    expect(state.isOver).toBe(true);
    expect((await waiting()).isOver).toBe(true);
  });

  it('is not waited for any longer than ten seconds', async () => {
    const { begin, pass, waiting } = stage();
    begin(60);
    const state = await waiting();
    for (let quarter = 0; quarter < 40; quarter += 1) {
      expect(state.isOver).toBe(false);
      begin(60);
      await pass(250);
    }
    expect(state.isOver).toBe(true);
  });

  it('is waited for also by what is woken a moment before it begins, until that is stopped', async () => {
    const { rush, begin, pass } = stage();
    const stopping = new AbortController();
    const ended: string[] = [];
    for (const name of ['first', 'second'])
      void rush.calm(stopping.signal).then(
        () => ended.push(name),
        (reason) => ended.push(String(reason)),
      );
    await pass(900);
    begin(60);
    await pass(100);
    expect(ended).toEqual([]);
    for (let quarter = 0; quarter < 2; quarter += 1) await pass(250);
    expect(ended).toEqual(['first', 'second']);
    void rush.calm(stopping.signal).catch((reason) => ended.push(String(reason)));
    stopping.abort('stopped');
    await pass(0);
    expect(ended).toEqual(['first', 'second', 'stopped']);
  });
});
