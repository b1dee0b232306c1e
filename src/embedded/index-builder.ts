// Makes and removes indexes. A new index is filled within the transaction that makes it, so it is whole or absent.
import { Double, Int32 } from 'bson';
import { describeValue } from './bson/describe.ts';
import { type Document, isDocument } from './bson/types.ts';
import { decode, encode } from './codec.ts';
import type { Engine } from './engine.ts';
import { badValue, inContext, MongoError } from './errors.ts';
import { samePattern } from './hint.ts';
import { type CollectionInfo, type IndexInfo, isIdIndex, listedCollation } from './index-info.ts';
import { wholeStoredRange } from './record-keys.ts';
import type { StoredDocument } from './records.ts';
import { CollectionScan } from './scan.ts';
import type { KeySpace } from './storage.ts';

/** MongoDB's limit. https://www.mongodb.com/docs/manual/reference/limits/ */
const MOST_INDEXES = 64;
/** Documents read between two rounds of writing, so that no cursor is open while its pages change. */
const BUILD_STEP = 500;
/** The same in bytes: documents may be as large as 16 MB each. */
const BUILD_STEP_BYTES = 16 * 1024 * 1024;

/** Makes an index unless it is there already. Inside a transaction. @returns whether it was made */
export function createIndex(
  engine: Engine,
  collection: CollectionInfo,
  wanted: Omit<IndexInfo, 'number'>,
): boolean {
  if (isOnlyId(wanted.key)) return false;
  const older = collection.indexes.find((index) => isOutdated(index, wanted, collection));
  if (older) {
    // A cursor on it would end without a word.
    engine.cursors.killNamespace(collection.namespace);
    dropIndex(engine, collection, older);
  } else if (alreadyThere(collection, wanted)) return false;
  if (collection.indexes.length >= MOST_INDEXES)
    throw new MongoError(
      67,
      `add index fails, too many indexes for ${collection.namespace}: at most ${MOST_INDEXES}`,
    );
  const index: IndexInfo = { ...wanted, number: engine.catalogue.takeIndexNumber() };
  if (older) index.hidden = older.hidden;
  engine.catalogue.setIndexes(collection, [...collection.indexes, index]);
  const build = `Index build failed: ${crypto.randomUUID()}: Collection ${collection.namespace} ( ${collection.uuid} )`;
  inContext(build, () => fillIndexes(engine, collection, [index]));
  return true;
}

/** Enters all documents into empty indexes. Inside a transaction. @returns what the collection's counters should say */
export function fillIndexes(
  engine: Engine,
  collection: CollectionInfo,
  indexes: readonly IndexInfo[],
): Pick<CollectionInfo, 'count' | 'bytes' | 'nextRecord'> {
  const counters = { count: 0, bytes: 0, nextRecord: 1 };
  const scan = new CollectionScan(engine.storage, collection.number, false);
  for (let step = readStep(scan); step.length > 0; step = readStep(scan)) {
    for (const stored of step) {
      for (const index of indexes) engine.records.addToIndex(collection, index, stored);
      counters.count += 1;
      counters.bytes += stored.bytes.length;
      counters.nextRecord = stored.record + 1;
    }
  }
  return counters;
}

function readStep(scan: CollectionScan): StoredDocument[] {
  const documents: StoredDocument[] = [];
  for (let bytes = 0; documents.length < BUILD_STEP && bytes < BUILD_STEP_BYTES; ) {
    const record = scan.next();
    if (record === undefined || !scan.bytes) break;
    bytes += scan.bytes.length;
    documents.push({ record, bytes: scan.bytes, document: decode(scan.bytes) });
  }
  scan.suspend();
  return documents;
}

function isOnlyId(key: Document): boolean {
  const fields = Object.entries(key);
  return fields.length === 1 && fields[0]?.[0] === '_id' && Number(fields[0][1]) === 1;
}

/** @throws MongoError 85 or 86 when an index of that name or kind exists with other properties */
function alreadyThere(collection: CollectionInfo, wanted: Omit<IndexInfo, 'number'>): boolean {
  for (const index of collection.indexes) {
    const isSame = identity(index) === identity(wanted);
    if (index.name === wanted.name && !isSame) {
      throw new MongoError(
        86,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${describeIndex(wanted)}, existing index: ${describeIndex(index)}`,
      );
    }
    if (!isSame) continue;
    if (index.name !== wanted.name)
      throw new MongoError(85, `Index already exists with a different name: ${index.name}`);
    if (index.expireAfterSeconds !== wanted.expireAfterSeconds) {
      throw new MongoError(
        85,
        `An equivalent index already exists with the same name but different options. Requested index: ${describeIndex(wanted)}, existing index: ${describeIndex(index)}`,
      );
    }
    return true;
  }
  return false;
}

/**
 * An index that named no collation did not take over its collection's in older versions. Whoever asks for it again means
 * one that does; to find it in the way would leave no other way than to drop it by hand.
 */
function isOutdated(
  index: IndexInfo,
  wanted: Omit<IndexInfo, 'number'>,
  { options: { collation } }: CollectionInfo,
): boolean {
  return (
    collation !== undefined &&
    index.collation === undefined &&
    index.name === wanted.name &&
    index.expireAfterSeconds === wanted.expireAfterSeconds &&
    identity({ ...index, collation }) === identity(wanted)
  );
}

/** What makes two indexes the same index. */
function identity(index: Omit<IndexInfo, 'number'>): string {
  const directions = index.fields.map(({ path }) => [path, Number(index.key[path])]);
  const { partialFilter: filter = null } = index;
  const rest = encode({ filter, collation: listedCollation(index) ?? null }).toString('base64');
  return JSON.stringify([directions, index.unique, index.sparse, rest]);
}

function describeIndex(index: Omit<IndexInfo, 'number'>): string {
  return describeValue(listedIndex({ ...index, number: 0 }));
}

/** An index as listIndexes shows it. */
export function listedIndex(index: IndexInfo): Document {
  const listed: Document = { v: new Int32(2), key: index.key, name: index.name };
  if (index.background !== undefined) listed.background = index.background;
  if (index.unique && !isIdIndex(index)) listed.unique = true;
  if (index.sparse) listed.sparse = true;
  if (index.hidden) listed.hidden = true;
  if (index.partialFilter) listed.partialFilterExpression = index.partialFilter;
  if (index.expireAfterSeconds !== undefined) listed.expireAfterSeconds = fitsInt(index.expireAfterSeconds);
  const collation = listedCollation(index);
  if (collation) listed.collation = collation;
  return listed;
}

function fitsInt(seconds: number): number | Double {
  return Number.isInteger(seconds) ? seconds : new Double(seconds);
}

/** Removes an index and its entries. Inside a transaction. */
export function dropIndex(engine: Engine, collection: CollectionInfo, index: IndexInfo): void {
  engine.catalogue.setIndexes(
    collection,
    collection.indexes.filter((other) => other !== index),
  );
  clearRange(engine.storage.indexes, index.number);
}

/** Removes a collection with its documents and indexes. Inside a transaction. */
export function dropCollection(engine: Engine, collection: CollectionInfo): void {
  engine.catalogue.remove(collection);
  clearRange(engine.storage.documents, collection.number);
  for (const index of collection.indexes) clearRange(engine.storage.indexes, index.number);
}

function clearRange(space: KeySpace, number: number): void {
  const { start, end } = wholeStoredRange(number);
  for (;;) {
    const keys = [...space.getKeys({ start, end, limit: BUILD_STEP })];
    for (const key of keys) space.remove(key as Buffer);
    if (keys.length < BUILD_STEP) return;
  }
}

/** The index that a drop or change names, by its name or its key pattern. @throws MongoError 27 */
export function findIndex(collection: CollectionInfo, named: unknown): IndexInfo {
  const index = collection.indexes.find((candidate) =>
    typeof named === 'string' ? candidate.name === named : samePattern(candidate.key, named),
  );
  if (index) return index;
  if (typeof named !== 'string' && !isDocument(named))
    throw badValue('an index is named by its name or its key pattern');
  throw new MongoError(
    27,
    typeof named === 'string'
      ? `index not found with name [${named}]`
      : `can't find index with key: ${describeValue(named)}`,
  );
}
