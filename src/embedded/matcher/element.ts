/** Predicates on the kind of a value: `$type`, `$size`, `$mod`. */
import { Decimal128, Double, Long } from 'bson';
import { describeValue } from '../bson/describe.ts';
import { isNumeric, TYPE_ALIASES, typeOf } from '../bson/types.ts';
import { badValue, failedToParse } from '../errors.ts';
import { decimalParts } from '../order/exact-number.ts';
import type { Predicate } from './walk.ts';

const NUMBER_ALIAS = 'number';
const NUMBER_TYPES = ['double', 'int', 'long', 'decimal'];
const KNOWN_CODES = new Set(Object.values(TYPE_ALIASES));

/** `$type`: one alias or number, or several in an array. */
export function hasType(operand: unknown): Predicate {
  const wanted = new Set((Array.isArray(operand) ? operand : [operand]).flatMap(typeCodes));
  if (wanted.size === 0) throw failedToParse('$type must match at least one type');
  return (value) => value !== undefined && wanted.has(typeOf(value));
}

function typeCodes(operand: unknown): number[] {
  if (typeof operand === 'string') {
    if (operand === NUMBER_ALIAS) return NUMBER_TYPES.map((name) => TYPE_ALIASES[name] as number);
    const code = Object.hasOwn(TYPE_ALIASES, operand) ? TYPE_ALIASES[operand] : undefined;
    if (code === undefined) throw badValue(`Unknown type name alias: ${operand}`);
    return [code];
  }
  if (!isNumeric(operand)) throw badValue('type must be represented as a number or a string');
  const code = Number(operand);
  if (!KNOWN_CODES.has(code)) throw badValue(`Invalid numerical type code: ${code}`);
  return [code];
}

/** `$size`: exact length of an array. */
export function hasSize(operand: unknown): Predicate {
  if (!isNumeric(operand))
    throw badValue(`Failed to parse $size. Expected a number in: $size: ${describeValue(operand)}`);
  const size = Number(operand);
  if (!Number.isInteger(size)) throw badValue(`Failed to parse $size. Expected an integer: $size: ${size}`);
  if (size < 0) throw badValue(`Failed to parse $size. Expected a non-negative number in: $size: ${size}`);
  return (value) => Array.isArray(value) && value.length === size;
}

/** `$mod`: [divisor, remainder]; both sides are cut to whole numbers first. */
export function hasRemainder(operand: unknown): Predicate {
  if (!Array.isArray(operand)) throw badValue('malformed mod, needs to be an array');
  if (operand.length < 2) throw badValue('malformed mod, not enough elements');
  if (operand.length > 2) throw badValue('malformed mod, too many elements');
  const [divisor, remainder] = operand.map((value, index) => {
    const whole = wholePart(value);
    if (whole === undefined)
      throw badValue(`malformed mod, ${index === 0 ? 'divisor' : 'remainder'} not a number`);
    return whole;
  });
  if (divisor === undefined || divisor === 0n) throw badValue('divisor cannot be 0');
  return (value) => {
    const whole = wholePart(value);
    return whole !== undefined && whole % divisor === remainder;
  };
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** A number without its fraction; undefined when it is none, not finite or beyond 64 bits. */
export function wholePart(value: unknown): bigint | undefined {
  const whole = untruncated(value);
  return whole !== undefined && whole >= INT64_MIN && whole <= INT64_MAX ? whole : undefined;
}

function untruncated(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
  if (value instanceof Double) return BigInt(Math.trunc(value.value));
  if (value instanceof Decimal128) {
    const parts = decimalParts(value);
    if (typeof parts === 'number') return undefined;
    return parts.exponent >= 0
      ? parts.coefficient * 10n ** BigInt(parts.exponent)
      : parts.coefficient / 10n ** BigInt(-parts.exponent);
  }
  return isNumeric(value) && value instanceof Long ? value.toBigInt() : undefined;
}
