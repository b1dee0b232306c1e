// What stages hold of a pipeline's documents, estimated, with MongoDB's limit: a pipeline that outgrows it is refused
// before the process is out of memory.
import { Binary } from 'bson';
import type { Document } from '../bson/types.ts';
import { MongoError } from '../errors.ts';

/** MongoDB's limit for a stage without disk use. https://www.mongodb.com/docs/manual/core/aggregation-pipeline-limits/ */
export const MAX_STAGE_BYTES = 100 * 1024 * 1024;
/** MongoDB gives results as they come; here all of them are held until they are read. */
export const MAX_RESULT_BYTES = 256 * 1024 * 1024;
const FIELD_BYTES = 16;
/** Of numbers, dates, ids and the like. */
const SCALAR_BYTES = 12;

/**
 * Notes that a stage keeps a value.
 * @throws MongoError 292, of `$graphLookup` 40099, when the stage keeps too much
 */
export type Hold = (stage: string, value: unknown) => void;

export interface MemoryMeter {
  readonly hold: Hold;
  /** The stages begin anew and keep nothing yet: a pipeline inside a stage runs once for each document. */
  reset(): void;
}

/** A meter for one pipeline. Stages of the same name share one limit. */
export function memoryMeter(): MemoryMeter {
  const held = new Map<string, number>();
  return {
    hold(stage, value) {
      const bytes = (held.get(stage) ?? 0) + approximateSize(value);
      held.set(stage, bytes);
      if (bytes > MAX_STAGE_BYTES) throw exceeded(stage, MAX_STAGE_BYTES);
    },
    reset: () => held.clear(),
  };
}

/** Documents of which a stage keeps all at once. */
export function* held(documents: Iterable<Document>, stage: string, hold: Hold): Generator<Document> {
  for (const document of documents) {
    hold(stage, document);
    yield document;
  }
}

export function exceeded(what: string, limit: number): MongoError {
  const advice = 'this database uses no disk for it; narrow it with $match or $project, or set MONGODB_URI';
  // https://github.com/mongodb/mongo/blob/v7.0/src/mongo/db/pipeline/document_source_graph_lookup.cpp
  if (what === '$graphLookup')
    return new MongoError(
      40099,
      `$graphLookup reached maximum memory consumption (${limit} bytes): ${advice}`,
    );
  return new MongoError(292, `Exceeded memory limit for ${what}: ${limit} bytes, and ${advice}`);
}

/**
 * All documents, which become part of one document of the result.
 * @param tooLarge the error when they have more than `MAX_STAGE_BYTES` together, from the bytes so far
 */
export function gather(documents: Iterable<Document>, tooLarge: (bytes: number) => MongoError): Document[] {
  const all: Document[] = [];
  let bytes = 0;
  for (const document of documents) {
    bytes += approximateSize(document);
    if (bytes > MAX_STAGE_BYTES) throw tooLarge(bytes);
    all.push(document);
  }
  return all;
}

/** Bytes of a value, about as in BSON. */
export function approximateSize(value: unknown): number {
  if (typeof value === 'string') return FIELD_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return SCALAR_BYTES;
  if (value instanceof Binary) return FIELD_BYTES + value.position;
  let bytes = FIELD_BYTES;
  if (Array.isArray(value)) for (const element of value) bytes += approximateSize(element);
  else if (Object.getPrototypeOf(value) === Object.prototype)
    for (const [name, inner] of Object.entries(value)) bytes += name.length + approximateSize(inner);
  return bytes;
}
