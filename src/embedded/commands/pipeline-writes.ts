// What $out and $merge do with the documents of a pipeline. Runs inside the pipeline's transaction: all or nothing.
import type { WriteInstruction } from '../aggregator.ts';
import { getField } from '../bson/fields.ts';
import type { Document } from '../bson/types.ts';
import type { CommandRequest } from '../command.ts';
import { badValue, MongoError } from '../errors.ts';
import type { CollectionInfo } from '../index-info.ts';
import { collect, first, startQuery } from '../query.ts';
import { prepareDocument, type StoredDocument } from '../records.ts';
import { compileUpdate } from '../updater.ts';

export function writeResults(
  request: CommandRequest,
  documents: readonly Document[],
  write: WriteInstruction,
): void {
  const { engine } = request;
  const namespace = `${write.database ?? request.database}.${write.collection}`;
  const collection = engine.catalogue.get(namespace) ?? engine.catalogue.create(namespace);
  if (write.kind === 'merge') {
    for (const document of documents) mergeOne(request, collection, document, write);
    return;
  }
  // $out replaces the documents and keeps the indexes.
  for (const stored of collect(startQuery(engine, collection, { filter: {} })))
    engine.records.remove(collection, stored);
  for (const document of documents) engine.records.insert(collection, prepareDocument(document));
}

function mergeOne(
  request: CommandRequest,
  collection: CollectionInfo,
  document: Document,
  write: WriteInstruction,
): void {
  const { engine } = request;
  const on = write.on ?? ['_id'];
  const candidate = getField(document, '_id') === undefined ? prepareDocument(document).document : document;
  const filter = Object.fromEntries(on.map((path) => [path, { $eq: requiredValue(candidate, path) }]));
  const stored = first(startQuery(engine, collection, { filter, limit: 1 }));
  if (!stored) {
    const action = write.whenNotMatched ?? 'insert';
    if (action === 'fail')
      throw new MongoError(
        13113,
        '$merge could not find a matching document in the target collection for at least one document in the source collection',
      );
    if (action === 'insert') engine.records.insert(collection, prepareDocument(candidate));
    return;
  }
  const merged = mergedWith(stored, candidate, write);
  if (merged) engine.records.replace(collection, stored, merged);
}

function requiredValue(document: Document, path: string): unknown {
  const value = getField(document, path);
  if (value === undefined || value === null || Array.isArray(value)) {
    throw new MongoError(
      51132,
      `$merge write error: 'on' field '${path}' cannot be missing, null, undefined or an array`,
    );
  }
  return value;
}

/** The new document; undefined to keep what is there. */
function mergedWith(
  stored: StoredDocument,
  candidate: Document,
  write: WriteInstruction,
): Document | undefined {
  const action = write.whenMatched ?? 'merge';
  const { _id } = stored.document;
  if (action === 'keepExisting') return undefined;
  if (action === 'fail')
    throw new MongoError(11000, '$merge with whenMatched: fail found an existing document');
  if (action === 'replace') return { ...candidate, _id };
  if (action === 'merge') return { ...stored.document, ...candidate, _id };
  if (typeof action === 'string') throw badValue(`$merge whenMatched is "${String(action)}"`);
  const now = new Date();
  const compiled = compileUpdate(action, { now: () => now, let: { ...write.let, new: candidate } });
  return compiled.apply(stored.document, false).doc;
}
