/** `$eq`, `$gt`, `$gte`, `$lt`, `$lte` and `$in`: predicates on one value, specialised by the type of the operand. */
import { BSONRegExp, Decimal128, ObjectId } from 'bson';
import { isNullish, isNumeric } from '../bson/types.ts';
import { badValue } from '../errors.ts';
import { Bracket } from '../order/canonical-type.ts';
import type { Collation } from '../order/collation.ts';
import { canonicalType, compareValues, equalValues } from '../order/compare.ts';
import { encodeValue } from '../order/encode.ts';
import { exactNumber } from '../order/exact-number.ts';
import { compileRegex } from './regex.ts';
import type { Predicate } from './walk.ts';

export type Inequality = '$gt' | '$gte' | '$lt' | '$lte';

/** From this many operands on `$in` looks values up in a set instead of trying each. */
const SET_THRESHOLD = 8;

/** Equality with a value; null also stands for a missing field. */
export function equals(operand: unknown, collation: Collation | undefined): Predicate {
  if (isNullish(operand)) return isNullish;
  if (typeof operand === 'string' && !collation)
    return (value) => value === operand || isEqual(value, operand);
  if (typeof operand === 'boolean') return (value) => value === operand;
  if (operand instanceof ObjectId) return (value) => value instanceof ObjectId && operand.equals(value);
  if (operand instanceof Date) {
    const time = operand.getTime();
    return (value) => value instanceof Date && value.getTime() === time;
  }
  if (isNumeric(operand)) {
    const exact = exactNumber(operand);
    if (typeof exact === 'number' && !Number.isNaN(exact)) {
      return (value) => (typeof value === 'number' ? value === exact : isEqual(value, operand));
    }
    return (value) => isEqual(value, operand);
  }
  return (value) => isEqual(value, operand, collation);
}

/** Most values of other types fail here cheaply; only objects and odd numbers need the full comparison. */
function isEqual(value: unknown, operand: unknown, collation?: Collation): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false;
  return equalValues(value, operand, collation);
}

/**
 * An inequality compares within the operand's bracket only, so `$lte` of a date never matches null.
 * Null goes with missing for `$gte` and `$lte`; MinKey and MaxKey stand below and above everything.
 */
export function inequality(
  operator: Inequality,
  operand: unknown,
  collation: Collation | undefined,
): Predicate {
  const includesEqual = operator === '$gte' || operator === '$lte';
  if (isNullish(operand)) return includesEqual ? isNullish : never;
  const wanted = operator === '$gt' || operator === '$gte' ? 1 : -1;
  const bracket = canonicalType(operand);
  if (operand instanceof Date) return compareDates(operand.getTime(), wanted, includesEqual);
  if (typeof operand === 'number' && Number.isNaN(operand))
    return includesEqual ? equals(operand, collation) : never;
  return (value) => {
    const valueBracket = canonicalType(value);
    if (valueBracket !== bracket) {
      return (bracket === Bracket.maxKey && wanted < 0) || (bracket === Bracket.minKey && wanted > 0);
    }
    if (bracket === Bracket.number && isNaNValue(value)) return false;
    const order = compareValues(value, operand, collation);
    return order === 0 ? includesEqual : order > 0 === wanted > 0;
  };
}

function compareDates(time: number, wanted: number, includesEqual: boolean): Predicate {
  return (value) => {
    if (!(value instanceof Date)) return false;
    const difference = value.getTime() - time;
    return difference === 0 ? includesEqual : difference > 0 === wanted > 0;
  };
}

/** NaN is equal to itself and neither above nor below any number. */
function isNaNValue(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isNaN(value)
    : value instanceof Decimal128 && value.toString() === 'NaN';
}

function never(): boolean {
  return false;
}

/** `$in`: equality with any operand, or a match of a regular expression among them. */
export function isOneOf(operands: readonly unknown[], collation: Collation | undefined): Predicate {
  const patterns: Predicate[] = [];
  const values: unknown[] = [];
  for (const operand of operands) {
    if (operand instanceof BSONRegExp) patterns.push(compileRegex(operand.pattern, operand.options));
    else values.push(operand);
  }
  const isValue =
    values.length < SET_THRESHOLD
      ? anyOf(values.map((value) => equals(value, collation)))
      : inSet(values, collation);
  return patterns.length === 0 ? isValue : anyOf([isValue, ...patterns]);
}

function anyOf(predicates: readonly Predicate[]): Predicate {
  const [only] = predicates;
  if (only && predicates.length === 1) return only;
  return (value) => predicates.some((predicate) => predicate(value));
}

function inSet(operands: readonly unknown[], collation: Collation | undefined): Predicate {
  const includesNull = operands.some(isNullish);
  const keys = new Set(operands.map((operand) => setKey(operand, collation)));
  return (value) => (isNullish(value) ? includesNull : keys.has(setKey(value, collation)));
}

function setKey(value: unknown, collation: Collation | undefined): string {
  if (typeof value === 'string' && !collation) return `s${value}`;
  if (value instanceof ObjectId) return value.toHexString();
  return encodeValue(value, collation).toString('latin1');
}

/** The array operand of `$in`, `$nin` and `$all`, checked. */
export function arrayOperand(operator: string, operand: unknown): readonly unknown[] {
  if (!Array.isArray(operand)) throw badValue(`${operator} needs an array`);
  return operand;
}
