/** Text of a value as string operators want it (null is ""), and number formats that MongoDB has. */
import { BSONSymbol, Decimal128, Double, Long, ObjectId } from 'bson';
import { isNullish, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';

/** @throws MongoError 16007 for values that have no text */
export function coerceToString(value: unknown): string {
  if (isNullish(value)) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatDouble(value);
  if (value instanceof Double) return formatDouble(value.value);
  if (value instanceof Long || value instanceof Decimal128) return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof BSONSymbol) return value.value;
  throw new MongoError(16007, `can't convert from BSON type ${typeName(typeOf(value))} to String`);
}

/** JavaScript and MongoDB agree on doubles except for the exponent's sign and the special values. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** `$toString` also knows ids, booleans and dates. */
export function convertToString(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  if (value instanceof ObjectId) return value.toHexString();
  return coerceToString(value);
}
