/** Waiting for something, but not for ever. */
import { type Clock, sleep } from './clock.ts';

/** `value`, or `instead` when it takes longer than `milliseconds`. */
export async function within<Value, Instead>(
  clock: Clock,
  milliseconds: number,
  value: Promise<Value>,
  instead: Instead,
): Promise<Value | Instead> {
  const over = new AbortController();
  // The wait rejects only when it is aborted, after the race is decided.
  const late = sleep(clock, milliseconds, over.signal).then(
    () => instead,
    () => instead,
  );
  try {
    return await Promise.race([value, late]);
  } finally {
    over.abort();
  }
}
