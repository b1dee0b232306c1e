// How files of older formats are brought up. A step sees the bytes as they lie on disk, so that it depends on no
// encoder of today; it runs in one transaction, which LMDB spills to the disk when it is large.
import type { FormatStep } from './format.ts';
import { SEAL_BYTES, sealedValues } from './sealed-value.ts';
import { StorageError } from './storage-error.ts';

/** An ordered key space, its values as they are stored. */
export interface RawSpace {
  getRange(range: {
    start: Buffer;
    exclusiveStart?: boolean;
    limit?: number;
  }): Iterable<{ key: Uint8Array; value: Buffer }>;
  put(key: Uint8Array, value: Buffer): unknown;
}

/** Keys of the catalogue's entries about collections begin so, and nothing comes behind them but counters and the next number. */
const COLLECTIONS = Buffer.from('c/');
/** BSON of a document's field of that name. */
const COLLATION_FIELD = Buffer.from('\x03collation\0');
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
  {
    // Format 3: other index keys of strings in a collation. Nothing else has changed, and only today's encoder makes such
    // keys, so a store that has them is not brought up.
    from: 2,
    run({ catalogue }) {
      for (const { key, value } of catalogue.getRange({ start: COLLECTIONS })) {
        if (!value.includes(COLLATION_FIELD)) continue;
        const namespace = Buffer.from(key).toString().slice(COLLECTIONS.length);
        throw new StorageError(
          `${namespace} has a collation, or an index with one, whose keys this version makes otherwise: drop the index, or copy the ` +
            'collection without the collation, with the version that wrote the file; then make it anew with this one',
        );
      }
    },
  },
];

/** The format as a file tells it: up to format 1 without a checksum. Undefined when it tells none. */
export function storedFormat(value: Buffer | undefined): string | undefined {
  if (value === undefined || value.length <= SEAL_BYTES) return value?.toString();
  return sealedValues.decode(value).toString();
}
