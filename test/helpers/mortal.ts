/**
 * What one process has of the clock and the database, as long as it lives. After its end it does nothing any more, as a dead
 * process: its timers are silent, and what it asks of the database is never answered.
 */
import type { Clock } from '../../src/core/clock.ts';
import type { Stores } from '../../src/core/stores.ts';

export function clockWhile(isAlive: () => boolean, clock: Clock): Clock {
  return {
    now: () => clock.now(),
    at: (instant, callback) => clock.at(instant, () => isAlive() && callback()),
  };
}

/** Calls that were made before the end are `unanswered` until they are answered. */
export function storesWhile(
  isAlive: () => boolean,
  stores: Stores,
  unanswered: Set<Promise<unknown>>,
): Stores {
  const guarded = Object.entries(stores).map(([name, store]) => [
    name,
    new Proxy(store, {
      get: (target, method) => {
        const call = Reflect.get(target, method) as (...given: unknown[]) => Promise<unknown>;
        return (...given: unknown[]) => {
          if (!isAlive()) return new Promise(() => undefined);
          const answer = call.apply(target, given);
          const over = () => void unanswered.delete(answer);
          unanswered.add(answer);
          answer.then(over, over);
          return answer;
        };
      },
    }),
  ]);
  return Object.fromEntries(guarded) as Stores;
}
