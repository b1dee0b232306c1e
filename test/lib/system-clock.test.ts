import { expect, it } from 'vitest';
import { after, DAY, newId, sleep } from '../../src/core/clock.ts';
import { systemClock, systemRandom } from '../../src/lib/system-clock.ts';

it('never calls before the instant', async () => {
  for (let round = 0; round < 40; round += 1) {
    const instant = after(systemClock.now(), 3);
    await new Promise<void>((resolve) => systemClock.at(instant, resolve));
    expect(Date.now()).toBeGreaterThanOrEqual(instant.getTime());
  }
});

it('holds timers that are longer than Node can, and lets them be cancelled', () => {
  let called = false;
  const cancel = systemClock.at(after(systemClock.now(), 60 * DAY), () => {
    called = true;
  });
  cancel();
  expect(called).toBe(false);
});

it('a sleep ends early when it is aborted', async () => {
  const abort = new AbortController();
  const sleeping = sleep(systemClock, DAY, abort.signal);
  abort.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
});

it('ids use letters and digits that cannot be mistaken', () => {
  expect(newId(systemRandom, 400)).toMatch(/^[2-9A-HJ-NP-Z]{400}$/);
});
