// Documents and their index entries as one: every change checks all unique indexes first and writes afterwards, so a
// document that is refused has left no trace. All functions run inside a write transaction.
import { ObjectId } from 'bson';
import { withFirst } from './bson/field-order.ts';
import { checkNesting } from './bson/nesting.ts';
import { BsonType, type Document, isDocument, typeName, typeOf } from './bson/types.ts';
import type { Catalogue } from './catalogue.ts';
import { encode } from './codec.ts';
import { duplicateKey, MongoError } from './errors.ts';
import type { CollectionInfo, IndexInfo } from './index-info.ts';
import {
  type EntriesOfDocument,
  entriesOf,
  isUntouched,
  newMultikeyPaths,
  valuesOfKey,
} from './index-keys.ts';
import { documentKey, indexKey, isLongKey, readRecord, recordValue } from './record-keys.ts';
import type { Storage } from './storage.ts';
import { fillTimestamps } from './timestamps.ts';
import { MAX_DOCUMENT_BYTES } from './wire.ts';

const NO_BYTES = Buffer.alloc(0);

/** A stored document as a query finds it. */
export interface StoredDocument {
  readonly record: number;
  readonly bytes: Uint8Array;
  readonly document: Document;
}

/** A document ready to be stored: `_id` is there and comes first. */
export interface PreparedDocument {
  bytes: Uint8Array;
  document: Document;
}

/**
 * Gives a document its `_id` and puts it first. Bytes that are already so are kept as they came.
 * @throws MongoError for an `_id` that MongoDB refuses, and for more than 16 MB
 */
export function prepareDocument(document: Document, bytes?: Uint8Array): PreparedDocument {
  const id = document._id === undefined ? new ObjectId() : document._id;
  checkId(id);
  const stamped = fillTimestamps(document);
  const isReady =
    bytes !== undefined && stamped === document && document._id !== undefined && startsWithId(bytes);
  const prepared = isReady ? { bytes, document } : withIdFirst(stamped, id);
  if (prepared.bytes.length > MAX_DOCUMENT_BYTES) {
    throw new MongoError(
      10334,
      `object to insert too large. size in bytes: ${prepared.bytes.length}, max size: ${MAX_DOCUMENT_BYTES}`,
    );
  }
  checkNesting(document, prepared.bytes.length);
  return prepared;
}

function withIdFirst(document: Document, id: unknown): PreparedDocument {
  const ordered = withFirst(document, '_id', id);
  return { document: ordered, bytes: encode(ordered) };
}

function startsWithId(bytes: Uint8Array): boolean {
  return bytes[5] === 0x5f && bytes[6] === 0x69 && bytes[7] === 0x64 && bytes[8] === 0;
}

function checkId(id: unknown): void {
  const type = typeOf(id);
  if (type === BsonType.array || type === BsonType.regex || type === BsonType.undefined) {
    throw new MongoError(53, `The '_id' value cannot be of type ${typeName(type)}`);
  }
  if (!isDocument(id)) return;
  const dollar = Object.keys(id).find((name) => name.startsWith('$'));
  if (dollar !== undefined)
    throw new MongoError(
      52,
      `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`,
    );
}

export class Records {
  #storage: Storage;
  #catalogue: Catalogue;

  constructor(storage: Storage, catalogue: Catalogue) {
    this.#storage = storage;
    this.#catalogue = catalogue;
  }

  /** The bytes of a document, or undefined when it is gone. Also outside of transactions. */
  read(collection: CollectionInfo, record: number): Buffer | undefined {
    return this.#storage.documents.get(documentKey(collection.number, record));
  }

  /** @throws MongoError 11000 when a unique index has one of its keys */
  insert(collection: CollectionInfo, prepared: PreparedDocument): void {
    const { document, bytes } = prepared;
    const changes = collection.indexes.map((index) => ({ index, added: entriesOf(index, document) }));
    for (const { index, added } of changes)
      this.#checkUnique(collection, index, document, added.keys, undefined);
    const record = this.#catalogue.takeRecordNumber(collection);
    for (const { index, added } of changes) this.#add(collection, index, document, added, added.keys, record);
    this.#storage.documents.put(documentKey(collection.number, record), asBuffer(bytes));
    this.#catalogue.count(collection, 1, bytes.length);
  }

  /** @throws MongoError 11000 when a unique index has one of the new keys, 17419 when the document grew too large */
  replace(collection: CollectionInfo, old: StoredDocument, document: Document): Buffer {
    const bytes = encode(document);
    if (bytes.length > MAX_DOCUMENT_BYTES) {
      throw new MongoError(17419, `Resulting document after update is larger than ${MAX_DOCUMENT_BYTES}`);
    }
    checkNesting(document, bytes.length);
    const changes: { index: IndexInfo; after: EntriesOfDocument; added: Buffer[]; removed: Buffer[] }[] = [];
    for (const index of collection.indexes) {
      if (isUntouched(index, old.document, document)) continue;
      const before = entriesOf(index, old.document);
      const after = entriesOf(index, document);
      const change = {
        index,
        after,
        added: missingIn(after.keys, before.keys),
        removed: missingIn(before.keys, after.keys),
      };
      this.#checkUnique(collection, index, document, change.added, old.record);
      changes.push(change);
    }
    for (const { index, after, added, removed } of changes) {
      this.#removeKeys(index, removed, old.record);
      this.#add(collection, index, document, after, added, old.record);
    }
    this.#storage.documents.put(documentKey(collection.number, old.record), bytes);
    if (bytes.length !== old.bytes.length)
      this.#catalogue.count(collection, 0, bytes.length - old.bytes.length);
    return bytes;
  }

  remove(collection: CollectionInfo, old: StoredDocument): void {
    for (const index of collection.indexes)
      this.#removeKeys(index, entriesOf(index, old.document).keys, old.record);
    this.#storage.documents.remove(documentKey(collection.number, old.record));
    this.#catalogue.count(collection, -1, -old.bytes.length);
  }

  /** Enters one stored document into a new index. */
  addToIndex(collection: CollectionInfo, index: IndexInfo, stored: StoredDocument): void {
    const entries = entriesOf(index, stored.document);
    this.#checkUnique(collection, index, stored.document, entries.keys, stored.record);
    this.#add(collection, index, stored.document, entries, entries.keys, stored.record);
  }

  #checkUnique(
    collection: CollectionInfo,
    index: IndexInfo,
    document: Document,
    keys: readonly Buffer[],
    own: number | undefined,
  ): void {
    if (!index.unique) return;
    for (const key of keys) {
      const holder = this.#storage.indexes.get(indexKey(index.number, key));
      if (holder === undefined || (own !== undefined && readRecord(holder, 0) === own)) continue;
      throw duplicateKey(collection.namespace, index.name, index.key, valuesOfKey(index, document, key));
    }
  }

  #add(
    collection: CollectionInfo,
    index: IndexInfo,
    document: Document,
    entries: EntriesOfDocument,
    added: readonly Buffer[],
    record: number,
  ): void {
    const value = index.unique ? recordValue(record) : NO_BYTES;
    const recordInKey = index.unique ? undefined : record;
    for (const key of added) this.#storage.indexes.put(indexKey(index.number, key, recordInKey), value);
    const longKeys = !index.longKeys && added.some(isLongKey);
    if (!entries.multikey && !longKeys) return;
    const multikeyPaths = entries.multikey ? newMultikeyPaths(index, document) : [];
    if (longKeys || multikeyPaths.length > 0) {
      this.#catalogue.noteIndexTraits(collection, index, { multikeyPaths, longKeys });
    }
  }

  #removeKeys(index: IndexInfo, keys: readonly Buffer[], record: number): void {
    const recordInKey = index.unique ? undefined : record;
    for (const key of keys) this.#storage.indexes.remove(indexKey(index.number, key, recordInKey));
  }
}

function missingIn(keys: readonly Buffer[], others: readonly Buffer[]): Buffer[] {
  return keys.filter((key) => !others.some((other) => other.equals(key)));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
