// Counts index keys up to a cap, inside LMDB, where a step costs some 40 nanoseconds.
import type { IndexPlan } from './plan.ts';
import { storedRange } from './record-keys.ts';
import type { Storage } from './storage.ts';

/** Ranges that are counted; with more, the rest is taken to be like them. */
const COUNTED_RANGES = 16;

/** Keys in a plan's ranges, at most `cap`. */
export function countKeys(storage: Storage, plan: Pick<IndexPlan, 'index' | 'ranges'>, cap: number): number {
  const looked = plan.ranges.slice(0, COUNTED_RANGES);
  let keys = 0;
  for (const range of looked) {
    keys += countRange(storage, storedRange(plan.index.number, range), cap - keys);
    if (keys >= cap) return cap;
  }
  return Math.min(cap, Math.ceil((keys * plan.ranges.length) / Math.max(1, looked.length)));
}

function countRange(storage: Storage, range: { start: Buffer; end: Buffer }, cap: number): number {
  // lmdb's getKeysCount ignores a limit and would walk a million keys; an offset is walked natively and stops there.
  const beyond = storage.indexes.getKeys({ ...range, offset: cap - 1, limit: 1 })[Symbol.iterator]();
  const isFull = !beyond.next().done;
  beyond.return?.();
  return isFull ? cap : storage.indexes.getKeysCount({ ...range });
}
