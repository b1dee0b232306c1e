// Looks into indexes for the planner: counts keys up to a cap, inside LMDB, where a step costs some 40 nanoseconds, and
// tries a sample of them against a key filter.
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

/** Keys of the sample. */
const SAMPLE = 64;

/** Part of a plan's first keys that pass its key filter, never 0: the sample may have missed what is there. */
export function passingShare(storage: Storage, { index, ranges, keyFilter }: IndexPlan): number {
  if (!keyFilter) return 1;
  const perRange = Math.max(1, Math.floor(SAMPLE / Math.max(1, ranges.length)));
  let looked = 0;
  let passed = 0;
  for (const range of ranges.slice(0, SAMPLE)) {
    for (const key of storage.indexes.getKeys({ ...storedRange(index.number, range), limit: perRange })) {
      looked += 1;
      if (keyFilter(key as Buffer)) passed += 1;
    }
  }
  return looked === 0 ? 1 : Math.max(passed, 1) / (looked + 1);
}
