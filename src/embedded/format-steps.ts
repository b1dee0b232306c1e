// How files of older formats are brought up. A step sees the bytes as they lie on disk, so that it depends on no
// encoder of today; it runs in one transaction, which LMDB spills to the disk when it is large.
import type { FormatStep } from './format.ts';
import { SEAL_BYTES, sealedValues } from './sealed-value.ts';

/** An ordered key space, its values as they are stored. */
export interface RawSpace {
  getRange(range: {
    start: Buffer;
    exclusiveStart?: boolean;
    limit?: number;
  }): Iterable<{ key: Uint8Array; value: Buffer }>;
  put(key: Uint8Array, value: Buffer): unknown;
}

/** Entries read between two rounds of writing, so that no cursor is open while its pages change. */
const ROUND = 500;

function readAfter(space: RawSpace, last: Uint8Array | undefined): { key: Uint8Array; value: Buffer }[] {
  const start = last ? Buffer.from(last) : Buffer.alloc(0);
  return [...space.getRange({ start, exclusiveStart: last !== undefined, limit: ROUND })];
}

/** Steps by the format that they read. Every step stays for good: stores of all ages are opened by the newest version. */
export const FORMAT_STEPS: readonly FormatStep<RawSpace>[] = [
  {
    // Format 2: every value carries a checksum.
    from: 1,
    run({ documents, indexes, catalogue }) {
      for (const space of [documents, indexes, catalogue]) {
        for (let entries = readAfter(space, undefined); entries.length > 0; ) {
          for (const { key, value } of entries) space.put(key, sealedValues.encode(value));
          entries = readAfter(space, entries.at(-1)?.key);
        }
      }
    },
  },
];

/** The format as a file tells it: up to format 1 without a checksum. Undefined when it tells none. */
export function storedFormat(value: Buffer | undefined): string | undefined {
  if (value === undefined || value.length <= SEAL_BYTES) return value?.toString();
  return sealedValues.decode(value).toString();
}
