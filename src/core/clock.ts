/**
 * Time and chance as ports. Nothing in core, jobs, chat or publishers asks the system for the time, a timer, an id or
 * a random number, so the whole life of a post can be run on a virtual clock with seeded faults.
 */

/** The source of time. Instants are `Date`s in UTC; durations are milliseconds. */
export interface Clock {
  now(): Date;
  /** Calls `callback` once, at `instant` or soon after, never before it. Answers a function that cancels the call. */
  at(instant: Date, callback: () => void): () => void;
}

/** The source of chance. */
export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** `count` bytes, unpredictable in production. */
  bytes(count: number): Uint8Array;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The instant `milliseconds` after `instant`. */
export function after(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds);
}

/** Waits on the given clock; rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.at(after(clock.now(), milliseconds), () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Letters and digits that cannot be mistaken for one another when read aloud or copied by hand. */
const ID_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

const COULD_BE_ID = new RegExp(`^[${ID_ALPHABET}]+$`, 'i');

/** Whether somebody may have copied this word from an id of `newId`, in capitals or not. */
export const couldBeId = (word: string): boolean => COULD_BE_ID.test(word);

/** A random id of `length` characters out of 32 (5 bits each), such as `K7QPD`. */
export function newId(random: Random, length: number): string {
  let id = '';
  for (const byte of random.bytes(length)) id += ID_ALPHABET[byte % ID_ALPHABET.length];
  return id;
}
