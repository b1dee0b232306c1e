// What `$merge` does with each document of a pipeline: an update of the one that it meets, else an insert, by its two modes.
import type { WriteInstruction } from '../aggregator.ts';
import { getField } from '../bson/fields.ts';
import type { Document } from '../bson/types.ts';
import type { CommandRequest } from '../command.ts';
import { MongoError } from '../errors.ts';
import { compileExpression } from '../expressions.ts';
import type { CollectionInfo } from '../index-info.ts';
import { collationOfIndex } from '../index-keys.ts';
import { type Collation, isSameCollation } from '../order.ts';
import { first, startQuery } from '../query.ts';
import { prepareDocument } from '../records.ts';
import { replaceDocument } from '../update/replacement.ts';
import { compileUpdate } from '../updater.ts';

/** With the collation of the pipeline: it says which document is met. */
type MergeInstruction = WriteInstruction & { readonly collation: Collation | undefined };

/** @throws MongoError 51183 when no unique index is on the fields that identify a document */
export function mergeInto(
  request: CommandRequest,
  collection: CollectionInfo,
  documents: readonly Document[],
  write: MergeInstruction,
): void {
  const on = write.on ?? ['_id'];
  if (!identifies(collection, on, write.collation))
    throw new MongoError(51183, 'Cannot find index to verify that join fields will be unique');
  for (const document of documents) mergeOne(request, collection, document, { ...write, on });
}

function identifies(
  { indexes }: CollectionInfo,
  on: readonly string[],
  collation: Collation | undefined,
): boolean {
  return indexes.some(
    (index) =>
      index.unique &&
      !index.partialFilter &&
      isSameCollation(collationOfIndex(index), collation) &&
      index.fields.length === on.length &&
      index.fields.every(({ path }) => on.includes(path)),
  );
}

function mergeOne(
  request: CommandRequest,
  collection: CollectionInfo,
  document: Document,
  write: MergeInstruction & { on: readonly string[] },
): void {
  const { engine } = request;
  // An _id of its own is given only where it identifies: otherwise the document that is met keeps the one it has.
  const needsId = write.on.includes('_id') && document._id === undefined;
  const candidate = needsId ? prepareDocument(document).document : document;
  const filter = Object.fromEntries(
    write.on.map((path) => [path, { $eq: identifyingValue(candidate, path) }]),
  );
  // "fail" is an insert like any other, so the unique index tells what was met.
  const stored =
    write.whenMatched === 'fail'
      ? undefined
      : first(startQuery(engine, collection, { filter, limit: 1, collation: write.collation }));
  if (stored) {
    const merged = mergedWith(stored.document, candidate, write);
    if (merged !== stored.document) engine.records.replace(collection, stored, merged);
  } else if (write.whenNotMatched === 'insert') {
    engine.records.insert(collection, prepareDocument(candidate));
  } else if (write.whenNotMatched === 'fail') {
    throw new MongoError(
      13113,
      '$merge could not find a matching document in the target collection for at least one document in the source collection',
    );
  }
}

function identifyingValue(document: Document, path: string): unknown {
  const value = getField(document, path);
  if (value === undefined || value === null || Array.isArray(value)) {
    throw new MongoError(
      51132,
      `$merge write error: 'on' field '${path}' cannot be missing, null, undefined or an array`,
    );
  }
  return value;
}

/**
 * @returns the stored document itself when it is to stay as it is
 * @throws MongoError 66 when the candidate has another `_id`
 */
function mergedWith(stored: Document, candidate: Document, write: WriteInstruction): Document {
  const { whenMatched } = write;
  if (whenMatched === 'replace') return replaceDocument(stored, candidate);
  if (whenMatched === 'merge') return mergedBy([MERGE_OBJECTS], stored, { new: candidate });
  if (typeof whenMatched !== 'object') return stored;
  const variables: Document = { new: candidate };
  for (const [name, expression] of Object.entries(write.let ?? {}))
    variables[name] = compileExpression(expression)(candidate);
  return mergedBy(whenMatched, stored, variables);
}

const MERGE_OBJECTS = { $replaceWith: { $mergeObjects: ['$$ROOT', '$$new'] } };

function mergedBy(pipeline: readonly Document[], stored: Document, variables: Document): Document {
  const now = new Date();
  return compileUpdate(pipeline, { now: () => now, let: variables }).apply(stored, false).doc;
}
