// What $out and $merge do with the documents of a pipeline. Runs inside the pipeline's transaction: all or nothing.
import type { WriteInstruction } from '../aggregator.ts';
import type { Document } from '../bson/types.ts';
import type { CommandRequest } from '../command.ts';
import type { Collation } from '../order.ts';
import { collect, startQuery } from '../query.ts';
import { prepareDocument } from '../records.ts';
import { mergeInto } from './merge.ts';

export function writeResults(
  request: CommandRequest,
  documents: readonly Document[],
  write: WriteInstruction & { collation: Collation | undefined },
): void {
  const { engine } = request;
  const namespace = `${write.database ?? request.database}.${write.collection}`;
  const collection = engine.catalogue.get(namespace) ?? engine.catalogue.create(namespace);
  if (write.kind === 'merge') {
    mergeInto(request, collection, documents, write);
    return;
  }
  // $out replaces the documents and keeps the indexes.
  for (const stored of collect(startQuery(engine, collection, { filter: {} })))
    engine.records.remove(collection, stored);
  for (const document of documents) engine.records.insert(collection, prepareDocument(document));
}
