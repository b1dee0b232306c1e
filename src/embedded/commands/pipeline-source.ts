// The source of a pipeline: its stages, the namespace that it reads and the query that feeds it.
import { checkSource } from '../aggregator.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { arrayField, type CommandRequest, documentField, missingField, toNumber } from '../command.ts';
import { badValue, MongoError, notSupported, typeMismatch } from '../errors.ts';
import type { CollectionInfo } from '../index-info.ts';
import { collationFrom, variablesOf } from './query-options.ts';

/** The stages of a pipeline, each a document with one field. */
export function readPipeline(request: CommandRequest): Document[] {
  const stages = arrayField(request, 'pipeline');
  if (!stages) throw missingField('aggregate.pipeline');
  const pipeline = stages.map((stage) => {
    if (!isDocument(stage)) throw typeMismatch("Each element of the 'pipeline' array must be an object");
    if (Object.keys(stage).length !== 1)
      throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
    if ('$changeStream' in stage) throw notSupported('A change stream', 40573);
    return stage;
  });
  const outside = pipeline.find((stage) => '$listLocalSessions' in stage);
  // https://www.mongodb.com/docs/v7.0/reference/stable-api/ names the stages that are not in version 1.
  if (outside && request.command.apiStrict === true)
    throw new MongoError(
      323,
      "stage $listLocalSessions is not allowed with 'apiStrict: true' in API Version 1",
    );
  checkSource(pipeline, toNumber(request.command.aggregate) === 1 ? 'own' : 'collection');
  return pipeline;
}

/** Namespace of the pipeline's source; of the database itself when the command says 1. */
export function pipelineNamespace(request: CommandRequest): string {
  const named = request.command.aggregate;
  if (typeof named === 'string' && named !== '') return `${request.database}.${named}`;
  if (toNumber(named) === 1) return `${request.database}.$cmd.aggregate`;
  throw badValue(`aggregate names a collection or is 1, found ${String(named)}`);
}

/** The query that feeds a pipeline. */
export function pipelineQuery(
  request: CommandRequest,
  collection: CollectionInfo | undefined,
  filter: Document,
  sort: Document | undefined,
) {
  return {
    filter,
    sort,
    collation: collationFrom(documentField(request, 'collation'), collection),
    hint: request.command.hint,
    let: variablesOf(request),
    deadline: request.deadline,
  };
}
