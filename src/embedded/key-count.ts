// Looks into indexes for the planner: counts keys up to a cap, inside LMDB, where a step costs some 40 nanoseconds, and
// tries a sample of them against a key filter.
import type { IndexPlan } from './plan.ts';
import { NUMBER_BYTES, storedRange } from './record-keys.ts';
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

/** Up to here walking costs less than the two questions of a longer count. */
const WALKED_KEYS = 9;

function countRange(storage: Storage, { start, end }: { start: Buffer; end: Buffer }, cap: number): number {
  const few = Math.min(cap, WALKED_KEYS);
  // Literals with all of their fields, `values` too, which getKeys would add: a spread here takes longer than the count.
  const walk = { start, end, limit: few, values: false };
  let walked = 0;
  for (const _key of storage.indexes.getKeys(walk)) walked += 1;
  if (walked < few || few === cap) return walked;
  // lmdb's getKeysCount ignores a limit and would walk a million keys; an offset is walked natively and stops there.
  const last = { start, end, offset: cap - 1, limit: 1, values: false };
  const beyond = storage.indexes.getKeys(last)[Symbol.iterator]();
  const isFull = !beyond.next().done;
  beyond.return?.();
  return isFull ? cap : storage.indexes.getKeysCount({ start, end });
}

/** Keys of the sample: half from the beginning of the ranges, half from their end, where old and new documents lie. */
const SAMPLE = 64;

/** Part of a plan's keys that pass its key filter, by a sample; never 0, since it may have missed what is there. */
export function passingShare(storage: Storage, { index, ranges, keyFilter }: IndexPlan): number {
  if (!keyFilter) return 1;
  const limit = Math.max(1, Math.floor(SAMPLE / 2 / Math.max(1, ranges.length)));
  let looked = 0;
  let passed = 0;
  for (const range of ranges.slice(0, SAMPLE)) {
    const { start, end } = storedRange(index.number, range);
    for (const walk of [
      { start, end, limit },
      { start: end, end: start, reverse: true, limit },
    ]) {
      for (const found of storage.indexes.getKeys(walk)) {
        const key = found as Buffer;
        if (key.length <= NUMBER_BYTES || key.compare(start) < 0 || key.compare(end) >= 0) continue;
        looked += 1;
        if (keyFilter(key)) passed += 1;
      }
    }
  }
  return (passed + 1) / (looked + 1);
}
