// The catalogue's entries as bytes: a description of each collection, and its counters, which change with every write.
import type { Transaction } from 'lmdb';
import { decode, encode } from './codec.ts';
import { type CollectionInfo, type CollectionOptions, indexFromStored, indexToStored } from './index-info.ts';
import { splitNamespace } from './namespace.ts';
import { completeCollation } from './order.ts';
import type { KeySpace } from './storage.ts';

const COLLECTION_PREFIX = 'c/';
const COLLECTION_END = 'c0';
const COUNTER_PREFIX = 'n/';
const COUNTER_BYTES = 24;

interface StoredCollection {
  namespace: string;
  number: number;
  uuid: string;
  options: CollectionOptions;
  indexes: Parameters<typeof indexFromStored>[0][];
}

/**
 * Every collection of the catalogue, in the order of their names.
 * @param transaction the instant that is read; the present one when it is left out
 */
export function readCollections(catalogue: KeySpace, transaction?: Transaction): CollectionInfo[] {
  const options = transaction ? { transaction } : {};
  const range = { start: Buffer.from(COLLECTION_PREFIX), end: Buffer.from(COLLECTION_END), ...options };
  return [...catalogue.getRange(range)].map(({ value }) => {
    // The catalogue holds only what writeCollection() wrote.
    const stored = decode(value) as unknown as StoredCollection;
    const counters = catalogue.get(counterKey(stored.number), options);
    return {
      namespace: stored.namespace,
      ...splitNamespace(stored.namespace),
      number: stored.number,
      uuid: stored.uuid,
      options: optionsFromStored(stored.options),
      indexes: stored.indexes.map(indexFromStored),
      count: counters?.readDoubleBE(0) ?? 0,
      bytes: counters?.readDoubleBE(8) ?? 0,
      nextRecord: counters?.readDoubleBE(16) ?? 1,
    };
  });
}

function optionsFromStored({ collation }: CollectionOptions): CollectionOptions {
  const complete = collation && completeCollation(collation);
  return complete ? { collation: complete } : {};
}

export function writeCollection(catalogue: KeySpace, collection: CollectionInfo): void {
  const { namespace, number, uuid, options } = collection;
  const stored = { namespace, number, uuid, options, indexes: collection.indexes.map(indexToStored) };
  catalogue.put(collectionKey(namespace), encode(stored));
}

export function writeCounters(catalogue: KeySpace, collection: CollectionInfo): void {
  const value = Buffer.allocUnsafe(COUNTER_BYTES);
  value.writeDoubleBE(collection.count, 0);
  value.writeDoubleBE(collection.bytes, 8);
  value.writeDoubleBE(collection.nextRecord, 16);
  catalogue.put(counterKey(collection.number), value);
}

export function collectionKey(namespace: string): Buffer {
  return Buffer.from(COLLECTION_PREFIX + namespace);
}

export function counterKey(number: number): Buffer {
  return Buffer.from(`${COUNTER_PREFIX}${number}`);
}
