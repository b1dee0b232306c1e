/** A clock that stands still until it is moved, and chance with a seed. */
import type { Clock, Random } from '../../src/core/clock.ts';

export interface ManualClock extends Clock {
  /** Moves on and calls what came due, in order. */
  advance(milliseconds: number): void;
}

export function createManualClock(start = new Date('2026-11-24T09:00:00Z')): ManualClock {
  let now = start.getTime();
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => new Date(now),
    at(instant, callback) {
      const timer = { at: instant.getTime(), callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance(milliseconds) {
      now += milliseconds;
      const due = timers.filter((each) => each.at <= now).sort((a, b) => a.at - b.at);
      timers = timers.filter((each) => each.at > now);
      for (const timer of due) timer.callback();
    },
  };
}

/** A small generator with full period; good enough to be different each time and equal in each run. */
export function createSeededRandom(seed = 1): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    fraction: next,
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
  };
}
