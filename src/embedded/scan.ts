// Walks documents or index entries in the order of their keys. A scan can rest: it forgets LMDB's cursor and snapshot
// and goes on behind the last key it gave, as MongoDB's own plans do when they yield.
import type { IndexInfo } from './index-info.ts';
import type { KeyFilter } from './key-filter.ts';
import type { KeyRange } from './key-range.ts';
import type { ReadMeter } from './read-meter.ts';
import { indexKey, readRecord, recordAtEnd, storedRange, wholeStoredRange } from './record-keys.ts';
import type { KeySpace, Storage } from './storage.ts';

/** Gives record numbers. */
export interface RecordScan {
  next(): number | undefined;
  suspend(): void;
}

/** What an index scan needs to know besides its range. */
export interface IndexScanOptions {
  reverse: boolean;
  /** Entries whose key fails are passed over. */
  keyFilter: KeyFilter | undefined;
  meter: ReadMeter;
}

interface Entry {
  key: Buffer;
  value: Buffer | undefined;
}

/** One range of a key space, forwards or backwards. */
class RangeScan {
  #space: KeySpace;
  #range: { start: Buffer; end: Buffer };
  #reverse: boolean;
  #values: boolean;
  #iterator: Iterator<unknown> | undefined;
  #last: Buffer | undefined;
  #ended = false;

  constructor(
    space: KeySpace,
    range: { start: Buffer; end: Buffer },
    options: { reverse: boolean; values: boolean },
  ) {
    this.#space = space;
    this.#range = range;
    this.#reverse = options.reverse;
    this.#values = options.values;
  }

  next(): Entry | undefined {
    if (this.#ended) return undefined;
    this.#iterator ??= this.#open();
    const step = this.#iterator.next();
    if (step.done) {
      this.#ended = true;
      this.#iterator = undefined;
      return undefined;
    }
    const entry = this.#values ? (step.value as Entry) : { key: step.value as Buffer, value: undefined };
    this.#last = entry.key;
    return entry;
  }

  suspend(): void {
    this.#iterator?.return?.();
    this.#iterator = undefined;
  }

  #open(): Iterator<unknown> {
    const { start, end } = this.#range;
    const from = this.#last ?? (this.#reverse ? end : start);
    // Backwards the range's end (exclusive) is where the walk begins, and its start (inclusive) where it ends.
    const values = this.#values;
    const options = this.#reverse
      ? { start: from, end: start, values, reverse: true, exclusiveStart: true, inclusiveEnd: true }
      : { start: from, end, values, exclusiveStart: this.#last !== undefined };
    const found: Iterable<unknown> = this.#space.getRange(options);
    return found[Symbol.iterator]();
  }
}

/** Every document of a collection. */
export class CollectionScan implements RecordScan {
  #range: RangeScan;
  #bytes: Buffer | undefined;

  constructor(storage: Storage, collection: number, reverse: boolean) {
    this.#range = new RangeScan(storage.documents, wholeStoredRange(collection), { reverse, values: true });
  }

  next(): number | undefined {
    const entry = this.#range.next();
    this.#bytes = entry?.value;
    return entry && recordAtEnd(entry.key);
  }

  /** The document of the record that `next` gave last: a scan of documents need not look them up again. */
  get bytes(): Buffer | undefined {
    return this.#bytes;
  }

  suspend(): void {
    this.#range.suspend();
  }
}

/** The entries of an index within one range. */
export class IndexScan implements RecordScan {
  #range: RangeScan;
  #unique: boolean;
  #options: IndexScanOptions;
  #key: Buffer | undefined;

  constructor(storage: Storage, index: IndexInfo, range: KeyRange, options: IndexScanOptions) {
    this.#unique = index.unique;
    this.#options = options;
    this.#range = new RangeScan(storage.indexes, storedRange(index.number, range), {
      reverse: options.reverse,
      values: index.unique,
    });
  }

  next(): number | undefined {
    const { keyFilter, meter } = this.#options;
    for (let entry = this.#range.next(); entry; entry = this.#range.next()) {
      meter.countKey();
      if (keyFilter && !keyFilter(entry.key)) continue;
      this.#key = entry.key;
      return this.#unique ? readRecord(entry.value ?? entry.key, 0) : recordAtEnd(entry.key);
    }
    return undefined;
  }

  /** The stored key of the record that `next` gave last. */
  get key(): Buffer | undefined {
    return this.#key;
  }

  suspend(): void {
    this.#range.suspend();
  }
}

/** The one entry that a unique index can have for a key: looked up, not walked to. */
export class PointScan implements RecordScan {
  #storage: Storage;
  #key: Buffer;
  #meter: ReadMeter;
  #done = false;

  constructor(storage: Storage, index: IndexInfo, key: Buffer, meter: ReadMeter) {
    this.#storage = storage;
    this.#key = indexKey(index.number, key);
    this.#meter = meter;
  }

  next(): number | undefined {
    if (this.#done) return undefined;
    this.#done = true;
    const value = this.#storage.indexes.get(this.#key);
    if (!value) return undefined;
    this.#meter.countKey();
    return readRecord(value, 0);
  }

  suspend(): void {
    // Nothing is held.
  }
}

/** Several scans, one after the other. */
export class ConcatenatedScan implements RecordScan {
  #scans: RecordScan[];
  #current = 0;

  constructor(scans: RecordScan[]) {
    this.#scans = scans;
  }

  next(): number | undefined {
    for (let scan = this.#scans[this.#current]; scan; scan = this.#scans[++this.#current]) {
      const record = scan.next();
      if (record !== undefined) return record;
    }
    return undefined;
  }

  suspend(): void {
    this.#scans[this.#current]?.suspend();
  }
}
