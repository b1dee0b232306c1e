/** The clock of the machine, for tests that talk to real servers. */
import type { Clock } from '../../src/core/clock.ts';

export const systemClock: Clock = {
  now: () => new Date(),
  at(instant, callback) {
    const timer = setTimeout(callback, Math.max(0, instant.getTime() - Date.now()));
    return () => clearTimeout(timer);
  },
};
