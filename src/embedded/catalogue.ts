// Which collections and indexes exist, their numbers in the key spaces, and how many documents they hold.
// Kept in memory for speed and on disk for truth; a write transaction that fails puts the memory back.
import {
  collectionKey,
  counterKey,
  readCollections,
  writeCollection,
  writeCounters,
} from './catalogue-entries.ts';
import {
  type CollectionInfo,
  type CollectionOptions,
  type IndexInfo,
  indexFromStored,
} from './index-info.ts';
import { checkDatabaseCase, checkNamespace, splitNamespace } from './namespace.ts';
import { commitFault, type Storage } from './storage.ts';

export type { CollectionInfo, IndexInfo } from './index-info.ts';

const NEXT_NUMBER_KEY = Buffer.from('next');

interface NewIndex {
  collection: CollectionInfo;
  number: number;
}

export class Catalogue {
  #storage: Storage;
  #collections = new Map<string, CollectionInfo>();
  #nextNumber = 1;
  #undo: (() => void)[] = [];
  #touched = new Set<CollectionInfo>();
  #stale = false;
  /** Indexes that the running action has made. */
  #made: NewIndex[] = [];

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#load();
  }

  /** The collection, or undefined when it does not exist. */
  get(namespace: string): CollectionInfo | undefined {
    if (this.#stale) this.#load();
    return this.#collections.get(namespace);
  }

  /** All collections, of one database when it is named, in the order of their names. */
  list(database?: string): CollectionInfo[] {
    if (this.#stale) this.#load();
    const all = [...this.#collections.values()];
    const wanted =
      database === undefined ? all : all.filter((collection) => collection.database === database);
    return wanted.sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  }

  /**
   * Runs a write transaction over documents, indexes and catalogue: all of it or nothing, in memory as on disk.
   * The promise ends when it is on disk.
   */
  async transaction<T>(action: () => T): Promise<T> {
    let entered = false;
    let made: readonly NewIndex[] = [];
    try {
      const result = await this.#storage.write(() => {
        if (this.#stale) this.#load();
        try {
          const answer = action();
          this.#writeCounters();
          made = this.#made;
          this.#forgetAction();
          entered = true;
          return answer;
        } catch (error) {
          for (const undo of this.#undo.reverse()) undo();
          this.#touched.clear();
          this.#forgetAction();
          throw error;
        }
      });
      for (const { collection, number } of made) {
        const index = collection.indexes.find((other) => other.number === number);
        if (index) index.isPending = false;
      }
      return result;
    } catch (error) {
      // The action had ended well, so it was the commit that failed: every action that shared it is gone from disk.
      if (entered) {
        this.#stale = true;
        throw await commitFault(error);
      }
      throw error;
    }
  }

  #forgetAction(): void {
    this.#undo = [];
    this.#made = [];
  }

  /** Makes a collection with its `_id` index, which has the collection's collation. Inside a transaction. */
  create(namespace: string, options: CollectionOptions = {}): CollectionInfo {
    this.#checkName(namespace);
    const collection: CollectionInfo = {
      namespace,
      ...splitNamespace(namespace),
      number: this.#takeNumber(),
      uuid: crypto.randomUUID(),
      options,
      indexes: [],
      count: 0,
      bytes: 0,
      nextRecord: 1,
    };
    const { collation } = options;
    collection.indexes.push(
      indexFromStored({ number: this.#takeNumber(), name: '_id_', key: { _id: 1 }, unique: true, collation }),
    );
    this.#collections.set(namespace, collection);
    this.#undo.push(() => this.#collections.delete(namespace));
    this.save(collection);
    this.#touched.add(collection);
    return collection;
  }

  /** Forgets a collection. Its documents and index entries are the caller's to remove. Inside a transaction. */
  remove(collection: CollectionInfo): void {
    this.#collections.delete(collection.namespace);
    this.#undo.push(() => this.#collections.set(collection.namespace, collection));
    this.#storage.catalogue.remove(collectionKey(collection.namespace));
    this.#storage.catalogue.remove(counterKey(collection.number));
    this.#touched.delete(collection);
  }

  /** Gives a collection another namespace. Inside a transaction. */
  rename(collection: CollectionInfo, namespace: string): void {
    const { namespace: oldNamespace, database: oldDatabase, name: oldName } = collection;
    this.#checkName(namespace);
    this.#collections.delete(oldNamespace);
    Object.assign(collection, { namespace, ...splitNamespace(namespace) });
    this.#collections.set(namespace, collection);
    this.#undo.push(() => {
      this.#collections.delete(namespace);
      Object.assign(collection, { namespace: oldNamespace, database: oldDatabase, name: oldName });
      this.#collections.set(oldNamespace, collection);
    });
    this.#storage.catalogue.remove(collectionKey(oldNamespace));
    this.save(collection);
  }

  /** Replaces the index list. Inside a transaction. */
  setIndexes(collection: CollectionInfo, indexes: IndexInfo[]): void {
    const before = collection.indexes;
    for (const index of indexes) {
      if (before.some(({ number }) => number === index.number)) continue;
      index.isPending = true;
      this.#made.push({ collection, number: index.number });
    }
    collection.indexes = indexes;
    this.#undo.push(() => {
      collection.indexes = before;
    });
    this.save(collection);
  }

  /** A number for a new index. Inside a transaction. */
  takeIndexNumber(): number {
    return this.#takeNumber();
  }

  /** Notes that an index now holds arrays on some paths, or shortened keys: it limits what the planner may do. */
  noteIndexTraits(
    collection: CollectionInfo,
    index: IndexInfo,
    traits: { multikeyPaths: string[]; longKeys: boolean },
  ): void {
    const { multikeyPaths, longKeys } = index;
    index.multikeyPaths = [...new Set([...multikeyPaths, ...traits.multikeyPaths])];
    index.longKeys = longKeys || traits.longKeys;
    this.#undo.push(() => Object.assign(index, { multikeyPaths, longKeys }));
    // A new list, so that a plan made before is known to be out of date.
    this.setIndexes(collection, [...collection.indexes]);
  }

  /** Adds to the counters of a collection; written once at the end of the transaction. */
  count(collection: CollectionInfo, documents: number, bytes: number): void {
    collection.count += documents;
    collection.bytes += bytes;
    this.#undo.push(() => {
      collection.count -= documents;
      collection.bytes -= bytes;
    });
    this.#touched.add(collection);
  }

  /** Sets the counters by what was counted; the next record number only rises. Inside a transaction. */
  recount(
    collection: CollectionInfo,
    { count, bytes, nextRecord }: Pick<CollectionInfo, 'count' | 'bytes' | 'nextRecord'>,
  ): void {
    this.count(collection, count - collection.count, bytes - collection.bytes);
    collection.nextRecord = Math.max(collection.nextRecord, nextRecord);
  }

  /** The number of the next document of a collection: numbers rise, so they give the natural order. */
  takeRecordNumber(collection: CollectionInfo): number {
    // Not undone: a gap in the numbers has no meaning.
    this.#touched.add(collection);
    return collection.nextRecord++;
  }

  /** Writes a collection's description. Inside a transaction. */
  save(collection: CollectionInfo): void {
    writeCollection(this.#storage.catalogue, collection);
  }

  #checkName(namespace: string): void {
    checkNamespace(namespace);
    checkDatabaseCase(
      splitNamespace(namespace).database,
      Array.from(this.#collections.values(), ({ database }) => database),
    );
  }

  #takeNumber(): number {
    // Not undone: numbers of indexes that never came to be are not used again.
    const number = this.#nextNumber++;
    this.#storage.catalogue.put(NEXT_NUMBER_KEY, Buffer.from(String(this.#nextNumber)));
    return number;
  }

  #writeCounters(): void {
    for (const collection of this.#touched) writeCounters(this.#storage.catalogue, collection);
    this.#touched.clear();
  }

  #load(): void {
    this.#collections = new Map();
    this.#touched.clear();
    this.#forgetAction();
    this.#nextNumber = Number(this.#storage.catalogue.get(NEXT_NUMBER_KEY)?.toString() ?? 1);
    for (const collection of readCollections(this.#storage.catalogue))
      this.#collections.set(collection.namespace, collection);
    this.#stale = false;
  }
}
