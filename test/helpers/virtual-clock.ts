/** A clock that a test moves: timers fire in order of their instants, each at its own instant. */
import type { Clock } from '../../src/core/clock.ts';

export interface VirtualClock extends Clock {
  /** The instant of the next timer, if there is one. */
  next(): Date | undefined;
  /** Moves to an instant; calls every timer on the way, with the clock standing at its instant. */
  moveTo(instant: Date): void;
}

export function createVirtualClock(start = new Date('2026-11-24T09:00:00Z')): VirtualClock {
  let now = start.getTime();
  const timers = new Set<{ at: number; callback: () => void }>();
  const earliest = () => [...timers].sort((a, b) => a.at - b.at)[0];
  return {
    now: () => new Date(now),
    at(instant, callback) {
      const timer = { at: Math.max(instant.getTime(), now), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    next: () => {
      const timer = earliest();
      return timer && new Date(timer.at);
    },
    moveTo(instant) {
      for (let timer = earliest(); timer && timer.at <= instant.getTime(); timer = earliest()) {
        now = Math.max(now, timer.at);
        timers.delete(timer);
        timer.callback();
      }
      now = Math.max(now, instant.getTime());
    },
  };
}
