/** `$range`: whole numbers in steps. */
import { type Numeric, toNumber } from '../arithmetic/numbers.ts';
import { isNumeric, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';

/** MongoDB's internalQueryMaxRangeBytes, and the sizes by which it foresees what an array will take. */
const MAX_BYTES = 100 * 1024 * 1024;
const ARRAY_BYTES = 24;
const VALUE_BYTES = 16;

/** @throws MongoError 146 for an array that would be too large, before it is made */
export function range(start: unknown, end: unknown, step: unknown = 1): number[] {
  const from = requireInt32('a starting', start, 34443);
  const to = requireInt32('an ending', end, 34445);
  const by = requireInt32('a step', step, 34447);
  if (by === 0) throw new MongoError(34449, '$range requires a non-zero step value');
  const length = Math.max(0, Math.ceil((to - from) / by));
  const bytes = ARRAY_BYTES + length * VALUE_BYTES;
  if (bytes >= MAX_BYTES)
    throw new MongoError(
      146,
      `$range would use too much memory (${bytes} bytes) and cannot spill to disk. Memory limit: ${MAX_BYTES} bytes`,
    );
  return Array.from({ length }, (_, index) => from + index * by);
}

/** @param code of a value that is no number; the next one is that of a number that is not of 32 bits */
function requireInt32(what: string, value: unknown, code: number): number {
  const kind = what.replace(/^an? /, '');
  if (!isNumeric(value))
    throw new MongoError(
      code,
      `$range requires a numeric ${kind} value, found value of type: ${typeName(typeOf(value))}`,
    );
  const number = toNumber(value as Numeric);
  if (number === (number | 0)) return number;
  throw new MongoError(
    code + 1,
    `$range requires ${what} value that can be represented as a 32-bit integer, found value: ${number}`,
  );
}
