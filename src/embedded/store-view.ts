// The store as it was at one instant, for a reader that takes its time: it may rest between any two steps and still
// compares what belongs together. LMDB uses no page again that writers free meanwhile, so a long reader renews its view.
import type { Transaction } from 'lmdb';
import { readCollections } from './catalogue-entries.ts';
import type { CollectionInfo } from './index-info.ts';
import { documentKey, recordAtEnd, wholeStoredRange } from './record-keys.ts';
import type { KeySpace, Storage } from './storage.ts';

/** Keys that are counted at once: half a millisecond inside LMDB. */
const COUNTED_AT_ONCE = 10_000;
/** Record numbers that are read ahead, so that no cursor is open while the reader rests. */
const READ_AHEAD = 256;

export type SpaceName = 'documents' | 'indexes';

export class StoreView {
  #storage: Storage;
  #transaction: Transaction;
  /** Rises with each renewal: what was read before it may be out of date. */
  generation = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#transaction = storage.documents.useReadTransaction();
  }

  /** Every collection with its indexes and counters, in the order of their names. */
  collections(): CollectionInfo[] {
    return readCollections(this.#storage.catalogue, this.#transaction);
  }

  /** Goes on with the store as it is now. */
  renew(): void {
    this.#transaction.done();
    this.#transaction = this.#storage.documents.useReadTransaction();
    this.generation += 1;
  }

  /** Record numbers of a collection's documents, ascending. After a renewal some may be gone. */
  *records(collection: number): Generator<number, void> {
    const { start, end } = wholeStoredRange(collection);
    let from = start;
    for (;;) {
      const range = { start: from, end, exclusiveStart: from !== start, limit: READ_AHEAD };
      const keys = [...this.#storage.documents.getKeys({ ...range, transaction: this.#transaction })];
      for (const key of keys) yield recordAtEnd(key as Buffer);
      if (keys.length < READ_AHEAD) return;
      from = keys.at(-1) as Buffer;
    }
  }

  /** @throws MongoError 22 when the checksum differs */
  document(collection: number, record: number): Buffer | undefined {
    return this.#storage.documents.get(documentKey(collection, record), { transaction: this.#transaction });
  }

  /** The value of an index entry. @throws MongoError 22 when its checksum differs */
  entry(key: Buffer): Buffer | undefined {
    return this.#storage.indexes.get(key, { transaction: this.#transaction });
  }

  /** Number of entries of an index; each step counts a part of them. */
  *entries(index: number): Generator<undefined, number> {
    const { end, ...range } = wholeStoredRange(index);
    let { start } = range;
    for (let counted = 0; ; counted += COUNTED_AT_ONCE) {
      const next = this.#first('indexes', { start, end, offset: COUNTED_AT_ONCE });
      if (next === undefined)
        return counted + this.#storage.indexes.getKeysCount({ start, end, transaction: this.#transaction });
      start = next;
      yield undefined;
    }
  }

  /** True when a space has a key that belongs to none of the numbers. */
  hasStrays(space: SpaceName, numbers: readonly number[]): boolean {
    let start: Buffer | undefined = Buffer.alloc(0);
    for (const number of numbers.toSorted((a, b) => a - b)) {
      const own = wholeStoredRange(number);
      if (this.#first(space, { start, end: own.start }) !== undefined) return true;
      start = own.end;
    }
    return this.#first(space, { start }) !== undefined;
  }

  /** Lets LMDB use the pages again. */
  close(): void {
    this.#transaction.done();
  }

  #first(space: SpaceName, range: { start: Buffer; end?: Buffer; offset?: number }): Buffer | undefined {
    const keys: KeySpace = this.#storage[space];
    for (const key of keys.getKeys({ ...range, limit: 1, transaction: this.#transaction }))
      return key as Buffer;
    return undefined;
  }
}
