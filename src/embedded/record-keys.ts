// Keys of the stored entries. A document lives under its collection's number and its record number; an index entry
// under its index's number, the ordered key and, unless the index is unique, the record number again.
import { createHash } from 'node:crypto';
import { type KeyRange, successor } from './key-range.ts';

/** Every key begins with the number of its collection or index. */
export const NUMBER_BYTES = 4;
/** 48 bits: a record number fits a JavaScript integer, and 2.8e14 inserts will not be reached. */
export const RECORD_BYTES = 6;
/** LMDB's longest key is 1978 bytes with pages of 4096; see DEFAULT_MAX_KEY_SIZE in lmdb's open.js. */
const LONGEST_STORED_KEY = 1978 - NUMBER_BYTES - RECORD_BYTES;
const HASH_BYTES = 32;
/** A key longer than LMDB can hold keeps this many bytes for order and a hash of the rest for identity. */
export const LONG_KEY_PREFIX = LONGEST_STORED_KEY - HASH_BYTES;

/** Key of a document. */
export function documentKey(collection: number, record: number): Buffer {
  const key = Buffer.allocUnsafe(NUMBER_BYTES + RECORD_BYTES);
  key.writeUInt32BE(collection, 0);
  key.writeUIntBE(record, NUMBER_BYTES, RECORD_BYTES);
  return key;
}

/** Record number at the end of a document's key or of a non-unique index entry's key. */
export function recordAtEnd(key: Uint8Array): number {
  return readRecord(key, key.length - RECORD_BYTES);
}

/** Record number stored at a position. */
export function readRecord(bytes: Uint8Array, position: number): number {
  let record = 0;
  for (let index = 0; index < RECORD_BYTES; index++) record = record * 256 + (bytes[position + index] ?? 0);
  return record;
}

/** Record number as a value. */
export function recordValue(record: number): Buffer {
  const value = Buffer.allocUnsafe(RECORD_BYTES);
  value.writeUIntBE(record, 0, RECORD_BYTES);
  return value;
}

/** True when an ordered key must be shortened; its index then no longer gives an exact order. */
export function isLongKey(ordered: Uint8Array): boolean {
  return ordered.length > LONG_KEY_PREFIX;
}

/** Key of an index entry. `record` is left out for unique indexes, where the record number is the value. */
export function indexKey(index: number, ordered: Uint8Array, record?: number): Buffer {
  const stored = isLongKey(ordered) ? shortened(ordered) : ordered;
  const key = Buffer.allocUnsafe(NUMBER_BYTES + stored.length + (record === undefined ? 0 : RECORD_BYTES));
  key.writeUInt32BE(index, 0);
  key.set(stored, NUMBER_BYTES);
  if (record !== undefined) key.writeUIntBE(record, NUMBER_BYTES + stored.length, RECORD_BYTES);
  return key;
}

function shortened(ordered: Uint8Array): Buffer {
  const hash = createHash('sha256').update(ordered).digest();
  return Buffer.concat([ordered.subarray(0, LONG_KEY_PREFIX), hash]);
}

/** LMDB's keys for a range of ordered keys in an index. Bounds beyond the kept prefix are cut: a wider range. */
export function storedRange(index: number, range: KeyRange): { start: Buffer; end: Buffer } {
  const end =
    range.end && isLongKey(range.end) ? successor(range.end.subarray(0, LONG_KEY_PREFIX)) : range.end;
  return {
    start: numbered(index, range.start.subarray(0, LONG_KEY_PREFIX)),
    end: end === undefined ? numbered(index + 1, NO_BYTES) : numbered(index, end),
  };
}

/** LMDB's keys for all entries of an index, or all documents of a collection. */
export function wholeStoredRange(number: number): { start: Buffer; end: Buffer } {
  return { start: numbered(number, NO_BYTES), end: numbered(number + 1, NO_BYTES) };
}

const NO_BYTES = Buffer.alloc(0);

function numbered(number: number, bytes: Uint8Array): Buffer {
  const key = Buffer.allocUnsafe(NUMBER_BYTES + bytes.length);
  key.writeUInt32BE(number, 0);
  key.set(bytes, NUMBER_BYTES);
  return key;
}
