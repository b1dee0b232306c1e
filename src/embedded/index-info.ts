// What is known of a collection and of an index, in memory and as stored.
import { fieldEntries } from './bson/field-order.ts';
import type { Document } from './bson/types.ts';
import { completeCollation } from './order.ts';

export interface CollectionOptions {
  /** The collation of its queries, and of indexes that name none. */
  collation?: Document;
}

export interface CollectionInfo {
  namespace: string;
  database: string;
  name: string;
  /** Number of the collection in the key space of documents. */
  number: number;
  uuid: string;
  options: CollectionOptions;
  indexes: IndexInfo[];
  count: number;
  /** Sum of the documents' BSON sizes. */
  bytes: number;
  nextRecord: number;
}

/** 1 ascending, -1 descending. */
export type Direction = 1 | -1;

export interface IndexField {
  path: string;
  direction: Direction;
}

export interface IndexInfo {
  /** Number of the index in the key space of index entries. */
  number: number;
  name: string;
  /** The key pattern as the client gave it (`{a: 1, b: -1}`). */
  key: Document;
  fields: IndexField[];
  unique: boolean;
  sparse: boolean;
  hidden: boolean;
  /** Means nothing since version 4.2; kept and listed as the client gave it. */
  background?: boolean;
  partialFilter?: Document;
  expireAfterSeconds?: number;
  /**
   * `SIMPLE_COLLATION` where the collection has another. Absent from an index of such a collection that an older version
   * made, which did not look at the collection's.
   */
  collation?: Document;
  /** Indexed paths on which some document has an array: there a document has several entries. */
  multikeyPaths: string[];
  /** Some key was too long and was shortened: the index's order is not exact. */
  longKeys: boolean;
  /** Made by a transaction that is not on disk yet: readers see an older snapshot, in which the index has no entries. */
  isPending: boolean;
}

/** How an index says that it has no collation although its collection has one. */
export const SIMPLE_COLLATION: Document = { locale: 'simple' };

type Optional<T> = { [K in keyof T]?: T[K] | undefined };
export type StoredIndex = Pick<IndexInfo, 'number' | 'name' | 'key'> &
  Optional<Omit<IndexInfo, 'number' | 'name' | 'key' | 'fields' | 'isPending'>>;

/** The catalogue's form of an index; what has its default is left out. */
export function indexToStored(index: IndexInfo): StoredIndex {
  const { fields: _derived, isPending: _passing, ...stored } = index;
  return stored;
}

export function indexFromStored(stored: StoredIndex): IndexInfo {
  const index: IndexInfo = {
    number: stored.number,
    name: stored.name,
    key: stored.key,
    fields: fieldEntries(stored.key).map(([path, direction]) => ({
      path,
      direction: Number(direction) < 0 ? -1 : 1,
    })),
    unique: stored.unique ?? false,
    sparse: stored.sparse ?? false,
    hidden: stored.hidden ?? false,
    multikeyPaths: stored.multikeyPaths ?? [],
    longKeys: stored.longKeys ?? false,
    isPending: false,
  };
  if (stored.background !== undefined) index.background = stored.background;
  if (stored.partialFilter) index.partialFilter = stored.partialFilter;
  if (stored.expireAfterSeconds !== undefined) index.expireAfterSeconds = stored.expireAfterSeconds;
  // Older stores have it as the client wrote it, in which two spellings of one collation look like two.
  if (stored.collation) index.collation = completeCollation(stored.collation) ?? SIMPLE_COLLATION;
  return index;
}

/** The collation of an index as it is listed, which the simple one is not. */
export function listedCollation({ collation }: Pick<IndexInfo, 'collation'>): Document | undefined {
  return collation?.locale === SIMPLE_COLLATION.locale ? undefined : collation;
}

/** The `_id` index is unique by nature and must not be listed as unique: Mongoose's syncIndexes compares. */
export function isIdIndex(index: IndexInfo): boolean {
  return index.name === '_id_';
}
