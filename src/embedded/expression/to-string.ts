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

/** MongoDB writes doubles with 16 significant digits, as C's `%.16g` does. */
const DIGITS = 16;
/** Below this power of ten `%g` writes an exponent. */
const LEAST_PLAIN_EXPONENT = -4;

/** `0.1 + 0.2` is "0.3", 1e21 is "1e+21", 0.00001 is "1e-05". */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', power = '0'] = value.toExponential(DIGITS - 1).split('e');
  const exponent = Number(power);
  if (exponent >= LEAST_PLAIN_EXPONENT && exponent < DIGITS)
    return withoutZeros(value.toFixed(DIGITS - 1 - exponent));
  const sign = exponent < 0 ? '-' : '+';
  return `${withoutZeros(digits)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** `$toString` also knows ids, booleans and dates, and spells out what is no number. */
export function convertToString(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Double) return convertToString(value.value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return coerceToString(value);
}
