// aggregate: the leading conditions and order go to the planner, the rest to the pipeline; counting needs no pipeline.
import { MAX_STAGE_BYTES } from '../aggregation/memory.ts';
import type { LookupEqual } from '../aggregation/stage.ts';
import { type AggregateResult, aggregate as runPipeline, splitPipeline } from '../aggregator.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { booleanField, type Command, type CommandRequest, toNumber } from '../command.ts';
import { MongoError } from '../errors.ts';
import type { CollectionInfo } from '../index-info.ts';
import { planQuery, type Query, RunningQuery, startQuery } from '../query.ts';
import { ReadMeter } from '../read-meter.ts';
import type { StoredDocument } from '../records.ts';
import { ArraySource, QuerySource } from '../result-sources.ts';
import { explainAggregate } from './explain.ts';
import { firstBatch } from './find.ts';
import { cursorBatchSize } from './indexes.ts';
import { pipelineNamespace, pipelineQuery, readPipeline } from './pipeline-source.ts';
import { writeResults } from './pipeline-writes.ts';

export const AGGREGATE_FIELDS = [
  'pipeline',
  'cursor',
  'explain',
  'allowDiskUse',
  'hint',
  'collation',
  'let',
  'bypassDocumentValidation',
];

export const aggregate: Command = {
  name: 'aggregate',
  fields: AGGREGATE_FIELDS,
  run(request) {
    const pipeline = readPipeline(request);
    if (booleanField(request, 'explain')) return explainAggregate(request, 'queryPlanner');
    if (request.command.cursor === undefined)
      throw new MongoError(
        9,
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    const last = pipeline.at(-1) ?? {};
    // Reading and writing are one step, so that the result is never of two moments.
    if ('$out' in last || '$merge' in last)
      return request.engine.catalogue.transaction(() => answer(request, pipeline));
    return answer(request, pipeline);
  },
};

function answer(request: CommandRequest, pipeline: readonly Document[]): Document {
  const namespace = pipelineNamespace(request);
  const batchSize = cursorBatchSize(request);
  const collection = request.engine.catalogue.get(namespace);
  const counted = countOnly(pipeline);
  if (counted) {
    const documents = countDocuments(request, collection, counted);
    return firstBatch(request, namespace, new ArraySource(documents), false, batchSize);
  }
  const { filter, sort, rest } = splitPipeline(pipeline);
  // A limit that comes next also ends the search; the stage itself stays and finds nothing left to cut.
  const limit = toNumber(rest[0]?.$limit);
  const query = { ...pipelineQuery(request, collection, filter, sort), limit };
  if (rest.length === 0)
    return firstBatch(
      request,
      namespace,
      new QuerySource(startQuery(request.engine, collection, query)),
      false,
      batchSize,
    );
  const result = runStages(request, collection, query, rest);
  if (result.write) {
    writeResults(request, result.documents, { ...result.write, collation: query.collation });
    return firstBatch(request, namespace, new ArraySource([]), false, batchSize);
  }
  return firstBatch(request, namespace, new ArraySource(result.documents), false, batchSize);
}

function runStages(
  request: CommandRequest,
  collection: CollectionInfo | undefined,
  query: Query,
  rest: readonly Document[],
): AggregateResult {
  const { engine } = request;
  const documents = (source: CollectionInfo | undefined) =>
    documentsOf(startQuery(engine, source, { filter: {}, deadline: request.deadline }));
  const now = new Date();
  const meter = new ReadMeter(request.deadline);
  return runPipeline(rest, {
    lookupEqual: indexLookup(request, query),
    step: Number.isFinite(request.deadline) ? () => meter.step() : undefined,
    source: documentsOf(startQuery(engine, collection, query)),
    lookup: (name) => documents(engine.catalogue.get(`${request.database}.${name}`)),
    localSessions: () => engine.sessions.list(now.getTime()),
    let: query.let,
    collation: query.collation,
    now: () => now,
  });
}

/** One by one: a stage that keeps none needs no room for all of them. */
function* documentsOf(running: RunningQuery): Generator<Document> {
  try {
    for (let stored = running.next(); stored; stored = running.next()) yield stored.document;
  } finally {
    running.suspend();
  }
}

/** Beyond this part of a collection that can be kept, reading all of it once is cheaper than asking its index again and again. */
const MOST_LOOKUPS_PART = 0.1;

/** Serves `$lookup` from an index of the other collection while few of its documents are asked for. */
function indexLookup(request: CommandRequest, { collation, deadline }: Query): LookupEqual {
  const { engine } = request;
  const asked = new Map<CollectionInfo, number>();
  return (name, field, values, tooLarge) => {
    const collection = engine.catalogue.get(`${request.database}.${name}`);
    if (!collection) return [];
    const count = (asked.get(collection) ?? 0) + 1;
    asked.set(collection, count);
    const canBeKept = collection.bytes <= MAX_STAGE_BYTES;
    if (canBeKept && count > collection.count * MOST_LOOKUPS_PART) return undefined;
    const [only, ...others] = values.map((value) => ({ [field]: { $eq: value } }));
    if (!only) return [];
    const filter = others.length === 0 ? only : { $or: [only, ...others] };
    const query = { filter, collation, ...(deadline === undefined ? {} : { deadline }) };
    const plan = planQuery(engine, collection, query);
    if (plan.kind === 'collection') return undefined;
    return collectWithin(new RunningQuery(engine, collection, query, plan), tooLarge)
      .sort((a, b) => a.record - b.record)
      .map((stored) => stored.document);
  };
}

function collectWithin(running: RunningQuery, tooLarge: () => MongoError): StoredDocument[] {
  const all: StoredDocument[] = [];
  let bytes = 0;
  try {
    for (let stored = running.next(); stored; stored = running.next()) {
      bytes += stored.bytes.length;
      if (bytes > MAX_STAGE_BYTES) throw tooLarge();
      all.push(stored);
    }
  } finally {
    running.suspend();
  }
  return all;
}

interface CountStages {
  filter: Document;
  skip: number;
  limit: number | undefined;
  /** Field that holds the count, and the group's `_id`. */
  field: string;
  id: unknown;
}

/** Reads what countDocuments sends, `[{$match}, {$skip}, {$limit}, {$group: {_id: 1, n: {$sum: 1}}}]`, all but the last optional. A sum of longs or doubles is of their type. */
function countOnly(pipeline: readonly Document[]): CountStages | undefined {
  const stages = [...pipeline];
  const { $match } = stages[0] ?? {};
  if (isDocument($match)) stages.shift();
  const skip = takeNumber(stages, '$skip');
  const limit = takeNumber(stages, '$limit');
  const group = stages[0]?.$group;
  if (stages.length !== 1 || !isDocument(group)) return undefined;
  const [id, sum, ...others] = Object.entries(group);
  if (id?.[0] !== '_id' || !sum || others.length > 0 || (typeof id[1] !== 'number' && id[1] !== null))
    return undefined;
  // A name that a group may not have is left for the stage to refuse.
  if (/^\$|\./.test(sum[0])) return undefined;
  if (!isDocument(sum[1]) || Object.keys(sum[1]).length !== 1 || sum[1].$sum !== 1) return undefined;
  return { filter: isDocument($match) ? $match : {}, skip: skip ?? 0, limit, field: sum[0], id: id[1] };
}

/** Takes a leading stage with a sensible number off the list; any other is left for the pipeline to judge. */
function takeNumber(stages: Document[], name: string): number | undefined {
  const number = toNumber(stages[0]?.[name]);
  if (number === undefined || !Number.isInteger(number) || number < 1) return undefined;
  stages.shift();
  return number;
}

function countDocuments(
  request: CommandRequest,
  collection: CollectionInfo | undefined,
  stages: CountStages,
): Document[] {
  const { filter, skip, limit, field, id } = stages;
  const query = pipelineQuery(request, collection, filter, undefined);
  const count = countMatches(request, collection, { ...query, skip, limit });
  return count > 0 ? [{ _id: id, [field]: count }] : [];
}

/** Number of documents of a query. Without conditions it is known and nothing is read. */
export function countMatches(
  { engine }: CommandRequest,
  collection: CollectionInfo | undefined,
  query: Parameters<typeof startQuery>[2],
): number {
  if (Object.keys(query.filter).length === 0 && query.hint === undefined) {
    const left = Math.max(0, (collection?.count ?? 0) - (query.skip ?? 0));
    return query.limit ? Math.min(left, query.limit) : left;
  }
  const running = startQuery(engine, collection, { ...query, sort: undefined });
  let count = 0;
  while (running.pass()) count += 1;
  running.suspend();
  return count;
}
