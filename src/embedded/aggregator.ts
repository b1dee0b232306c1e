/**
 * Aggregation pipelines. Each stage is compiled to a function from documents to documents; they run lazily, so `$limit`
 * stops the source early. aggregation/ holds the stages by family. A stage that MongoDB has and these tables have not is
 * refused. `$out` and `$merge` come back as an instruction, since only the engine writes.
 */
import { GROUPING_STAGES } from './aggregation/group.ts';
import { JOINING_STAGES } from './aggregation/joins.ts';
import { listLocalSessions } from './aggregation/list-sessions.ts';
import {
  approximateSize,
  exceeded,
  MAX_RESULT_BYTES,
  type MemoryMeter,
  memoryMeter,
} from './aggregation/memory.ts';
import { SIMPLE_STAGES } from './aggregation/simple-stages.ts';
import {
  type LookupEqual,
  OWN_SOURCES,
  type PipelineContext,
  type PipelineSource,
  type Stage,
  type StageCompiler,
} from './aggregation/stage.ts';
import { readMerge, readOut, type WriteInstruction } from './aggregation/write-stages.ts';
import { type Document, isDocument } from './bson/types.ts';
import { MongoError, notSupported, typeMismatch, unknownName } from './errors.ts';
import type { Collation } from './order/collation.ts';

export type { WriteInstruction } from './aggregation/write-stages.ts';

export interface AggregateOptions {
  /** Documents of the collection, in natural order, or as narrowed and sorted by a planner: see `splitPipeline`. */
  readonly source: Iterable<Document>;
  /** Documents of another collection of the same database, for `$lookup`, `$graphLookup` and `$unionWith`. */
  readonly lookup: (collection: string) => Iterable<Document>;
  /** Documents of another collection by the values of a field, where an index serves; undefined where none does. */
  readonly lookupEqual?: LookupEqual | undefined;
  /** The sessions that clients have used of late, for `$listLocalSessions`. */
  readonly localSessions?: (() => Iterable<Document>) | undefined;
  /** Called for each document of each stage; throws when the time is over. */
  readonly step?: (() => void) | undefined;
  /** Variables of the command's `let`, already evaluated. */
  readonly let?: Document | undefined;
  readonly collation?: Collation | undefined;
  readonly now: () => Date;
  /** A random number in [0, 1), for `$sample` and `$rand`. */
  readonly random?: (() => number) | undefined;
}

export interface AggregateResult {
  readonly documents: Document[];
  readonly write?: WriteInstruction;
}

const STAGES = new Map<string, StageCompiler>(
  [SIMPLE_STAGES, GROUPING_STAGES, JOINING_STAGES, { $listLocalSessions: listLocalSessions }].flatMap(
    (family) => Object.entries(family),
  ),
);

/** Stages of MongoDB 7 that are not built. Source: https://www.mongodb.com/docs/v7.0/reference/operator/aggregation-pipeline/ */
const REFUSED = new Set([
  '$collStats',
  '$currentOp',
  '$densify',
  '$fill',
  '$geoNear',
  '$indexStats',
  '$listSampledQueries',
  '$listSearchIndexes',
  '$listSessions',
  '$planCacheStats',
  '$redact',
  '$search',
  '$searchMeta',
  '$setWindowFields',
  '$shardedDataDistribution',
  '$vectorSearch',
  '$changeStreamSplitLargeEvent',
]);
const CHANGE_STREAM_CODE = 40573;

/**
 * Runs a pipeline. `$$NOW` is one instant throughout.
 * @throws MongoError 40324 for an unknown stage, those of the stages; refuses what is not built
 */
export function aggregate(pipeline: readonly unknown[], options: AggregateOptions): AggregateResult {
  const instant = options.now();
  const stages = [...pipeline];
  const write = takeWriteStage(stages);
  const context = contextFor({ ...options, now: () => instant }, memoryMeter());
  const run = compilePipeline(stages, context, 'own');
  const documents: Document[] = [];
  let bytes = 0;
  for (const document of run(options.source)) {
    documents.push(document);
    bytes += approximateSize(document);
    if (bytes > MAX_RESULT_BYTES) throw exceeded('the result of a pipeline', MAX_RESULT_BYTES);
  }
  return write ? { documents, write } : { documents };
}

function contextFor(options: AggregateOptions, meter: MemoryMeter): PipelineContext {
  return {
    let: options.let,
    collation: options.collation,
    now: options.now,
    random: options.random ?? Math.random,
    lookup: options.lookup,
    lookupEqual: options.lookupEqual,
    localSessions: options.localSessions ?? (() => []),
    step: options.step,
    hold: meter.hold,
    subPipeline(pipeline, variables, source = 'collection') {
      if (!Array.isArray(pipeline)) throw typeMismatch("'pipeline' option must be specified as an array");
      const own = memoryMeter();
      const context = contextFor(variables ? { ...options, let: variables } : options, own);
      const stage = compilePipeline(pipeline, context, source);
      return (documents) => {
        own.reset();
        return stage(documents);
      };
    },
  };
}

function compilePipeline(
  pipeline: readonly unknown[],
  context: PipelineContext,
  source: PipelineSource,
): Stage {
  const stages = pipeline.map((stage, index) => {
    const [name, operand] = readStage(stage);
    if (OWN_SOURCES.has(name)) {
      if (index > 0) throw new MongoError(40602, `${name} is only valid as the first stage in a pipeline`);
      if (source === 'collection') throw needsNoCollection(name);
    }
    return compileStage(name, operand, context);
  });
  const { step } = context;
  return (documents) =>
    stages.reduce<Iterable<Document>>(
      (current, stage) => (step ? watched(stage(current), step) : stage(current)),
      documents,
    );
}

/**
 * Whether a pipeline may begin as it does.
 * @throws MongoError 73 for a stage that needs a collection where none is named, and the other way round
 */
export function checkSource(pipeline: readonly Document[], source: PipelineSource): void {
  const [first] = pipeline;
  if (source === 'collection') {
    const name = first && Object.keys(first).find((each) => OWN_SOURCES.has(each));
    if (name !== undefined) throw needsNoCollection(name);
    return;
  }
  if (!first) throw new MongoError(73, '{aggregate: 1} is not valid for an empty pipeline.');
  const [name] = readStage(first);
  const isWriting = name === '$out' || name === '$merge';
  if ((STAGES.has(name) || isWriting) && !OWN_SOURCES.has(name))
    throw new MongoError(73, `{aggregate: 1} is not valid for '${name}'; a collection is required.`);
}

function needsNoCollection(stage: string): MongoError {
  return new MongoError(73, `'${stage}' can only be run with {aggregate: 1}`);
}

/** A stage that makes many documents of few must end in time too. */
function* watched(documents: Iterable<Document>, step: () => void): Generator<Document> {
  for (const document of documents) {
    step();
    yield document;
  }
}

function compileStage(name: string, operand: unknown, context: PipelineContext): Stage {
  const compile = STAGES.get(name);
  if (compile) return compile(operand, context, name);
  if (name === '$out' || name === '$merge')
    throw new MongoError(40601, `${name} can only be the final stage in the pipeline`);
  if (name === '$changeStream') {
    throw new MongoError(
      CHANGE_STREAM_CODE,
      `The $changeStream stage is only supported on replica sets; ${notSupported(name).message}`,
    );
  }
  if (REFUSED.has(name)) throw notSupported(`The stage ${name}`, 40324);
  throw unknownName(40324, `Unrecognized pipeline stage name: '${name}'`);
}

function readStage(stage: unknown): [string, unknown] {
  if (!isDocument(stage)) throw typeMismatch("Each element of the 'pipeline' array must be an object");
  const [name, ...others] = Object.keys(stage);
  if (name === undefined || others.length > 0) {
    throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  return [name, stage[name]];
}

function takeWriteStage(stages: unknown[]): WriteInstruction | undefined {
  const last = stages.at(-1);
  if (last === undefined) return undefined;
  const [name, operand] = readStage(last);
  if (name !== '$out' && name !== '$merge') return undefined;
  stages.pop();
  return name === '$out' ? readOut(operand) : readMerge(operand);
}

/**
 * The leading `$match` stages as one filter and a `$sort` right after them, which a planner can serve from an index, and
 * the rest of the pipeline, which then begins after them.
 */
export function splitPipeline(pipeline: readonly Document[]): {
  filter: Document;
  sort?: Document;
  rest: readonly Document[];
} {
  let index = 0;
  const filters: Document[] = [];
  for (; index < pipeline.length; index++) {
    const [name, operand] = readStage(pipeline[index]);
    if (name !== '$match' || !isDocument(operand)) break;
    filters.push(operand);
  }
  const [first = {}] = filters;
  const filter = filters.length > 1 ? { $and: filters } : first;
  const next = pipeline[index];
  const [name, operand] = next === undefined ? [] : readStage(next);
  if (name !== '$sort' || !isDocument(operand) || Object.keys(operand).length === 0)
    return { filter, rest: pipeline.slice(index) };
  return { filter, sort: operand, rest: pipeline.slice(index + 1) };
}
