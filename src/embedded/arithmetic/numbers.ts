/**
 * Arithmetic on BSON numbers with MongoDB's result types: the wider of int < long < double < decimal; an int that
 * overflows becomes a long. What becomes of a long that overflows is the caller's choice.
 */
import { Decimal128, Double, Int32, Long } from 'bson';
import { BsonType, fitsInt32, toDouble, typeOf } from '../bson/types.ts';
import { addDecimals, multiplyDecimals } from './decimal.ts';

export type Numeric = number | Double | Int32 | Long | Decimal128 | bigint;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** Digits that MongoDB keeps when it turns a double into a decimal. */
const DOUBLE_TO_DECIMAL_DIGITS = 15;

/** The sum; undefined when two whole numbers exceed 64 bits. */
export function add(left: Numeric, right: Numeric): Numeric | undefined {
  if (isPlainInt(left) && isPlainInt(right)) return fromWhole(left + right, BsonType.int);
  return combine(left, right, { whole: (a, b) => a + b, double: (a, b) => a + b, decimal: addDecimals });
}

/** The product; undefined when two whole numbers exceed 64 bits. */
export function multiply(left: Numeric, right: Numeric): Numeric | undefined {
  return combine(left, right, { whole: (a, b) => a * b, double: (a, b) => a * b, decimal: multiplyDecimals });
}

export interface Operation {
  whole(left: bigint, right: bigint): bigint;
  double(left: number, right: number): number;
  decimal(left: Decimal128, right: Decimal128): Decimal128;
}

/** Applies an operation in the wider type of the two; undefined when whole numbers exceed 64 bits. */
export function combine(left: Numeric, right: Numeric, operation: Operation): Numeric | undefined {
  const type = widerType(typeOf(left), typeOf(right));
  switch (type) {
    case BsonType.decimal:
      return operation.decimal(toDecimal(left), toDecimal(right));
    case BsonType.double:
      return toDouble(operation.double(toNumber(left), toNumber(right)));
    default: {
      const whole = operation.whole(toBigInt(left), toBigInt(right));
      if (whole < INT64_MIN || whole > INT64_MAX) return undefined;
      if (type === BsonType.int && fitsInt32(Number(whole))) return Number(whole);
      return Long.fromBigInt(whole);
    }
  }
}

const WIDTH: readonly number[] = [BsonType.int, BsonType.long, BsonType.double, BsonType.decimal];

/** The wider of two number types. */
export function widerType(left: number, right: number): number {
  return WIDTH.indexOf(left) > WIDTH.indexOf(right) ? left : right;
}

function isPlainInt(value: Numeric): value is number {
  return typeof value === 'number' && typeOf(value) === BsonType.int;
}

/** A whole number as int32 when it fits and the type allows, else as int64. */
export function fromWhole(value: number, type: number): Numeric {
  return type === BsonType.int && fitsInt32(value) ? value + 0 : Long.fromNumber(value);
}

/** The nearest double. */
export function toNumber(value: Numeric): number {
  if (typeof value === 'number') return value;
  if (value instanceof Double || value instanceof Int32) return value.value;
  return value instanceof Decimal128 ? Number(value.toString()) : Number(value);
}

/** A whole number on BigInt; for int and long only. */
export function toBigInt(value: Numeric): bigint {
  return value instanceof Long ? value.toBigInt() : BigInt(toNumber(value));
}

/** A decimal; doubles are cut to 15 digits as MongoDB does it, whole numbers stay exact. */
export function toDecimal(value: Numeric): Decimal128 {
  if (value instanceof Decimal128) return value;
  if (value instanceof Long || typeof value === 'bigint') return Decimal128.fromString(value.toString());
  const number = toNumber(value);
  if (typeOf(value) === BsonType.int) return Decimal128.fromString(String(number));
  if (!Number.isFinite(number)) return Decimal128.fromString(String(number));
  return Decimal128.fromString(number === 0 ? '0' : number.toPrecision(DOUBLE_TO_DECIMAL_DIGITS));
}
