// What stages hold of a pipeline's documents, estimated, with MongoDB's limit: a pipeline that outgrows it is refused
// before the process is out of memory.
import { Binary } from 'bson';
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
 * @throws MongoError 292 when the stage keeps too much
 */
export type Hold = (stage: string, value: unknown) => void;

/** A meter for one run of a pipeline. Stages of the same name share one limit. */
export function memoryMeter(): Hold {
  const held = new Map<string, number>();
  return (stage, value) => {
    const bytes = (held.get(stage) ?? 0) + approximateSize(value);
    held.set(stage, bytes);
    if (bytes > MAX_STAGE_BYTES) throw exceeded(stage, MAX_STAGE_BYTES);
  };
}

export function exceeded(what: string, limit: number): MongoError {
  return new MongoError(
    292,
    `Exceeded memory limit for ${what}: ${limit} bytes, and this database uses no disk for it; narrow it with $match or $project, or set MONGODB_URI`,
  );
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
