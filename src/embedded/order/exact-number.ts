/**
 * Exact comparison of BSON numbers across their four types.
 * int32 and double are JavaScript numbers; Long and Decimal128 need more than 53 bits, so they are compared as
 * coefficient × 10^exponent on BigInt. NaN equals itself and is below every number, as in MongoDB.
 */
import { Decimal128, Double, Int32, Long } from 'bson';

/** value = coefficient × 10^exponent */
export interface DecimalParts {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** A number as stored: a plain number when a double holds it exactly, else its decimal parts. */
export type ExactNumber = number | DecimalParts;

const DECIMAL_TEXT = /^(-?)(\d+)(?:\.(\d*))?(?:E([+-]?\d+))?$/i;

/** Turns any BSON number into its exact value. */
export function exactNumber(value: unknown): ExactNumber {
  if (typeof value === 'number') return value;
  if (value instanceof Double || value instanceof Int32) return value.value;
  if (value instanceof Decimal128) return exactDecimal(value);
  if (value instanceof Long) return exactInteger(value.toBigInt());
  if (typeof value === 'bigint') return exactInteger(value);
  throw new TypeError('not a BSON number');
}

function exactInteger(value: bigint): ExactNumber {
  const approximate = Number(value);
  return BigInt(approximate) === value ? approximate : { coefficient: value, exponent: 0 };
}

function exactDecimal(value: Decimal128): ExactNumber {
  const parts = decimalParts(value);
  if (typeof parts === 'number') return parts;
  if (parts.coefficient === 0n) return 0;
  const approximate = Number(value.toString());
  return Number.isFinite(approximate) && approximate !== 0 && compareDoubleToParts(approximate, parts) === 0
    ? approximate
    : parts;
}

/** Coefficient and exponent of a Decimal128; NaN and the infinities as numbers. */
export function decimalParts(value: Decimal128): DecimalParts | number {
  const text = value.toString();
  const match = DECIMAL_TEXT.exec(text);
  if (!match) return text.startsWith('-') ? -Infinity : text.startsWith('I') ? Infinity : Number.NaN;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const coefficient = BigInt(whole + fraction);
  return { coefficient: sign ? -coefficient : coefficient, exponent: Number(exponent) - fraction.length };
}

/** -1, 0 or 1. */
export function compareExact(left: ExactNumber, right: ExactNumber): number {
  if (typeof left === 'number') {
    if (typeof right === 'number') return compareDoubles(left, right);
    return compareDoubleToParts(left, right);
  }
  if (typeof right === 'number') return -compareDoubleToParts(right, left);
  const [leftScaled, rightScaled] = scaleAlike(left, right);
  return leftScaled < rightScaled ? -1 : leftScaled > rightScaled ? 1 : 0;
}

export function compareDoubles(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  if (left === right) return 0;
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  return 1;
}

function scaleAlike(left: DecimalParts, right: DecimalParts): [bigint, bigint] {
  const shift = left.exponent - right.exponent;
  return shift >= 0
    ? [left.coefficient * 10n ** BigInt(shift), right.coefficient]
    : [left.coefficient, right.coefficient * 10n ** BigInt(-shift)];
}

/** A double is mantissa × 2^exponent, so both sides can be brought to whole numbers. */
export function compareDoubleToParts(double: number, parts: DecimalParts): number {
  if (Number.isNaN(double) || double === -Infinity) return -1;
  if (double === Infinity) return 1;
  const [mantissa, power] = splitDouble(double);
  let left = mantissa;
  let right = parts.coefficient;
  if (power >= 0) left <<= BigInt(power);
  else right <<= BigInt(-power);
  if (parts.exponent >= 0) right *= 10n ** BigInt(parts.exponent);
  else left *= 10n ** BigInt(-parts.exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

const view = new DataView(new ArrayBuffer(8));

/** Whole mantissa and power of two of a finite double. */
export function splitDouble(double: number): [bigint, number] {
  view.setFloat64(0, double);
  const bits = view.getBigUint64(0);
  const fraction = bits & 0xfffffffffffffn;
  const biased = Number((bits >> 52n) & 0x7ffn);
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return [double < 0 ? -mantissa : mantissa, biased === 0 ? -1074 : biased - 1075];
}

/** The largest double not above the value; -Infinity when every finite double is above it. */
export function floorToDouble(parts: DecimalParts): number {
  const nearest = Number(`${parts.coefficient}e${parts.exponent}`);
  return compareDoubleToParts(nearest, parts) > 0 ? previousDouble(nearest) : nearest;
}

function previousDouble(double: number): number {
  if (double === 0) return -Number.MIN_VALUE;
  view.setFloat64(0, double);
  const bits = view.getBigInt64(0);
  view.setBigInt64(0, double > 0 ? bits - 1n : bits + 1n);
  return view.getFloat64(0);
}

/** Compares two BSON numbers of any types. */
export function compareNumbers(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return compareDoubles(left, right);
  return compareExact(exactNumber(left), exactNumber(right));
}
