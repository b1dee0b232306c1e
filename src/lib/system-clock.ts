/** Time and chance from the system: the Clock and Random of production. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Random } from '../core/clock.ts';

/** Longer timers overflow in Node and fire at once; they are re-armed in steps. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  at(instant, callback) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const wait = Math.min(Math.max(instant.getTime() - Date.now(), 0), TIMER_MAX_MS);
      timer = setTimeout(() => {
        // Node may fire up to a millisecond before the instant: never call early.
        if (Date.now() < instant.getTime()) arm();
        else callback();
      }, wait);
    };
    arm();
    return () => clearTimeout(timer);
  },
};

const FRACTION_STEPS = 2 ** 47;

/** Bytes asked of the system at once: each question costs more than an id's few bytes, and a delivery needs several ids. */
const POOL_BYTES = 4096;
let pool = Buffer.alloc(0);

/** Bytes that nobody was given before. */
function takeBytes(count: number): Uint8Array {
  if (count > POOL_BYTES) return randomBytes(count);
  if (count > pool.length) pool = randomBytes(POOL_BYTES);
  const taken = pool.subarray(0, count);
  pool = pool.subarray(count);
  return taken;
}

export const systemRandom: Random = {
  fraction: () => randomInt(FRACTION_STEPS) / FRACTION_STEPS,
  bytes: takeBytes,
};
