/**
 * Decimal128 arithmetic: exact on BigInt, then rounded to 34 digits, ties to even, as IEEE 754 wants.
 * The bson package reads and writes decimals but does not calculate with them.
 */
import { Decimal128 } from 'bson';
import { type DecimalParts, decimalParts } from '../order/exact-number.ts';

export const DECIMAL_DIGITS = 34;
const SMALLEST_EXPONENT = -6176;
const LARGEST_EXPONENT = 6111;

/** Adds, multiplies or divides two decimals. */
export function addDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  return combine(
    left,
    right,
    (a, b) => a + b,
    (a, b) => {
      const exponent = Math.min(a.exponent, b.exponent);
      return { coefficient: scaled(a, exponent) + scaled(b, exponent), exponent };
    },
  );
}

export function multiplyDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  return combine(
    left,
    right,
    (a, b) => a * b,
    (a, b) => ({
      coefficient: a.coefficient * b.coefficient,
      exponent: a.exponent + b.exponent,
    }),
  );
}

/** The divisor must not be zero. */
export function divideDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  return combine(left, right, (a, b) => a / b, divideParts);
}

/** Remainder with the sign of the dividend. The divisor must not be zero. */
export function remainderOfDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  return combine(
    left,
    right,
    (a, b) => a % b,
    (a, b) => {
      const exponent = Math.min(a.exponent, b.exponent);
      return { coefficient: scaled(a, exponent) % scaled(b, exponent), exponent };
    },
  );
}

export function negateDecimal(value: Decimal128): Decimal128 {
  const text = value.toString();
  return Decimal128.fromString(text.startsWith('-') ? text.slice(1) : `-${text}`);
}

/** Rounds half to even at `place` digits after the point (negative: before it). */
export function roundDecimal(value: Decimal128, place: number, mode: 'halfEven' | 'truncate'): Decimal128 {
  const parts = decimalParts(value);
  if (typeof parts === 'number' || -parts.exponent <= place) return value;
  const drop = -place - parts.exponent;
  const unit = 10n ** BigInt(drop);
  const coefficient =
    mode === 'truncate' ? parts.coefficient / unit : divideHalfEven(parts.coefficient, unit);
  return fromParts({ coefficient, exponent: -place });
}

/** A decimal from coefficient × 10^exponent, rounded to 34 digits. */
export function fromParts(parts: DecimalParts): Decimal128 {
  let { coefficient, exponent } = parts;
  const digits = (coefficient < 0n ? -coefficient : coefficient).toString().length;
  const drop = Math.max(digits - DECIMAL_DIGITS, SMALLEST_EXPONENT - exponent, 0);
  if (drop > 0) {
    coefficient = divideHalfEven(coefficient, 10n ** BigInt(drop));
    exponent += drop;
    // Rounding up 99…9 gives one digit more.
    if (coefficient.toString().replace('-', '').length > DECIMAL_DIGITS)
      return fromParts({ coefficient, exponent });
  }
  if (exponent > LARGEST_EXPONENT) {
    const room = DECIMAL_DIGITS - coefficient.toString().replace('-', '').length;
    const shift = exponent - LARGEST_EXPONENT;
    if (coefficient !== 0n && shift > room)
      return Decimal128.fromString(coefficient < 0n ? '-Infinity' : 'Infinity');
    coefficient *= 10n ** BigInt(coefficient === 0n ? 0 : shift);
    exponent = LARGEST_EXPONENT;
  }
  return Decimal128.fromString(`${coefficient}E${exponent}`);
}

function combine(
  left: Decimal128,
  right: Decimal128,
  special: (left: number, right: number) => number,
  exact: (left: DecimalParts, right: DecimalParts) => DecimalParts,
): Decimal128 {
  const leftParts = decimalParts(left);
  const rightParts = decimalParts(right);
  if (typeof leftParts === 'number' || typeof rightParts === 'number') {
    // With NaN or an infinity involved the sign and kind of the result do not depend on the digits.
    const result = special(Number(left.toString()), Number(right.toString()));
    return Number.isFinite(result) ? Decimal128.fromString('0') : Decimal128.fromString(String(result));
  }
  return fromParts(exact(leftParts, rightParts));
}

function scaled(parts: DecimalParts, exponent: number): bigint {
  return parts.coefficient * 10n ** BigInt(parts.exponent - exponent);
}

function divideParts(left: DecimalParts, right: DecimalParts): DecimalParts {
  const ideal = left.exponent - right.exponent;
  const extra = DECIMAL_DIGITS + 1 + digitCount(right.coefficient) - digitCount(left.coefficient);
  const shift = Math.max(extra, 0);
  const scaledLeft = left.coefficient * 10n ** BigInt(shift);
  let coefficient = scaledLeft / right.coefficient;
  let exponent = ideal - shift;
  const exact = scaledLeft % right.coefficient === 0n;
  if (!exact) {
    // One digit more that is never 0, so that the rounding to 34 digits sees that something follows.
    return {
      coefficient: coefficient * 10n + (scaledLeft < 0n !== right.coefficient < 0n ? -1n : 1n),
      exponent: exponent - 1,
    };
  }
  while (exponent < ideal && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return { coefficient, exponent };
}

function digitCount(value: bigint): number {
  return (value < 0n ? -value : value).toString().length;
}

function divideHalfEven(value: bigint, unit: bigint): bigint {
  const quotient = value / unit;
  const remainder = value % unit;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  if (twice < unit || (twice === unit && quotient % 2n === 0n)) return quotient;
  return quotient + (value < 0n ? -1n : 1n);
}
