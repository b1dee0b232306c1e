/** A memory of what came lately, bounded in time and in number. */
import type { Clock } from '../../core/clock.ts';

export interface Recent<Value> {
  get(key: string): Value | undefined;
  /** False when the key is remembered already; the first value then stays. */
  add(key: string, value: Value): boolean;
}

/** Keeps each value for `milliseconds`, and at most `max` of them. */
export function createRecent<Value>(clock: Clock, milliseconds: number, max: number): Recent<Value> {
  // A Map gives its keys in the order of their arrival, so the first is always the oldest.
  const entries = new Map<string, { value: Value; until: number }>();

  function forgetOld(): void {
    const now = clock.now().getTime();
    for (const [key, entry] of entries) {
      if (entry.until > now && entries.size <= max) return;
      entries.delete(key);
    }
  }

  return {
    get(key) {
      forgetOld();
      return entries.get(key)?.value;
    },
    add(key, value) {
      forgetOld();
      if (entries.has(key)) return false;
      entries.set(key, { value, until: clock.now().getTime() + milliseconds });
      return true;
    },
  };
}
