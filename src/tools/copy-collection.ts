/** One collection from one database into another: documents, then a comparison, then indexes. May be repeated at any time. */
import { type Document, serialize } from 'bson';
import { CollectionDigest } from './digest.ts';
import type { Progress } from './progress.ts';
import { type Collection, digestOf, rawDocuments } from './raw-documents.ts';
import { Refusal } from './refusal.ts';

const BATCH_DOCUMENTS = 500;
const BATCH_BYTES = 4 * 1024 * 1024;
/** Different documents that a message names. */
const TOLD = 3;

/**
 * Makes the target hold what the source holds: upserts by `_id`, so that a run after an interruption is the same as one run;
 * what the target has besides is removed.
 * @returns what was read, and is proven to be in the target
 * Errors: Refusal when a document is not the same on the other side
 */
export async function copyDocuments(
  source: Collection,
  target: Collection,
  progress: Progress,
): Promise<CollectionDigest> {
  const name = source.collectionName;
  const total = await source.estimatedDocumentCount();
  const copied = new CollectionDigest();
  let batch: Document[] = [];
  let bytesWaiting = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await upsert(target, batch);
    batch = [];
    bytesWaiting = 0;
    progress(`${name}: moving`, copied.documents, total);
  };
  for await (const { bytes, document } of rawDocuments(source)) {
    copied.add(bytes);
    batch.push(document);
    bytesWaiting += bytes.length;
    if (batch.length >= BATCH_DOCUMENTS || bytesWaiting >= BATCH_BYTES) await flush();
  }
  await flush();
  const count = (done: number) => progress(`${name}: comparing`, done, total);
  let found = await digestOf(target, count);
  if (found.documents > copied.documents) {
    await removeStrangers(source, target);
    found = await digestOf(target, count);
  }
  if (!found.equals(copied)) throw await difference(source, target, copied, found);
  return copied;
}

async function upsert(target: Collection, documents: readonly Document[]): Promise<void> {
  await target.bulkWrite(
    documents.map((document) => ({
      replaceOne: { filter: { _id: { $eq: document._id } }, replacement: document, upsert: true },
    })),
    { ordered: false, ignoreUndefined: false },
  );
}

/** Documents of an earlier, interrupted run that the source has lost since. */
async function removeStrangers(source: Collection, target: Collection): Promise<void> {
  let ids: unknown[] = [];
  const flush = async (): Promise<void> => {
    const known = new Set<string>();
    for await (const { document } of rawDocuments(source, { _id: { $in: ids } }, { _id: 1 }))
      known.add(keyOf(document._id));
    const strange = ids.filter((id) => !known.has(keyOf(id)));
    if (strange.length > 0) await target.deleteMany({ _id: { $in: strange } } as Document);
    ids = [];
  };
  for await (const { document } of rawDocuments(target, {}, { _id: 1 })) {
    ids.push(document._id);
    if (ids.length >= BATCH_DOCUMENTS) await flush();
  }
  await flush();
}

function keyOf(id: unknown): string {
  return Buffer.from(serialize({ id })).toString('latin1');
}

async function difference(
  source: Collection,
  target: Collection,
  copied: CollectionDigest,
  found: CollectionDigest,
): Promise<Refusal> {
  const different: string[] = [];
  for await (const { bytes, document } of rawDocuments(source)) {
    if (!(await holds(target, document._id, bytes))) different.push(String(document._id));
    if (different.length >= TOLD) break;
  }
  return new Refusal(
    `${source.collectionName} is not the same after the move: ${copied.documents} documents were sent, ${found.documents} are there` +
      `${different.length > 0 ? `; different or missing: ${different.join(', ')}` : ''}. ` +
      'Does another program write to the target? Stop it, and run the move again',
  );
}

async function holds(target: Collection, id: unknown, bytes: Uint8Array): Promise<boolean> {
  for await (const other of rawDocuments(target, { _id: { $eq: id } })) {
    return Buffer.compare(other.bytes, bytes) === 0;
  }
  return false;
}

/** Options that say what an index is; the rest (version, namespace) is the server's own. */
const INDEX_OPTIONS = [
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'hidden',
  'collation',
] as const;

/** Makes the source's indexes, and proves that they are there. After the documents: one build is faster than many insertions. */
export async function copyIndexes(source: Collection, target: Collection): Promise<number> {
  const wanted = await indexesOf(source);
  if (wanted.length > 0)
    await target.createIndexes(wanted.map(withOwnCollation) as Parameters<Collection['createIndexes']>[0]);
  const found = new Set((await indexesOf(target)).map(describe));
  const missing = wanted.filter((index) => !found.has(describe(index)));
  if (missing.length > 0)
    throw new Refusal(
      `${source.collectionName}: these indexes are not the same in the target: ${missing.map(({ name }) => String(name)).join(', ')}`,
    );
  return wanted.length;
}

async function indexesOf(collection: Collection): Promise<Document[]> {
  const all: Document[] = await collection.listIndexes().toArray();
  return all
    .filter(({ name }) => name !== '_id_')
    .map((index) =>
      Object.fromEntries(
        INDEX_OPTIONS.filter((name) => index[name] !== undefined).map((name) => [name, index[name]]),
      ),
    );
}

/** An index that names no collation would take over the collection's. */
function withOwnCollation(index: Document): Document {
  return { collation: { locale: 'simple' }, ...index };
}

/** Servers add fields to a collation (its version, defaults): its language and strength say what it does. */
function describe({ collation, ...index }: Document): string {
  return JSON.stringify({
    ...index,
    ...(collation ? { locale: collation.locale, strength: collation.strength } : {}),
  });
}
