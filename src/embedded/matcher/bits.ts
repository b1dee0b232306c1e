/** `$bitsAllSet`, `$bitsAnySet`, `$bitsAllClear`, `$bitsAnyClear` over 64-bit whole numbers and binary data. */
import { Binary, Decimal128, Double, Long } from 'bson';
import { isNumeric } from '../bson/types.ts';
import { badValue, failedToParse } from '../errors.ts';
import { binaryParts } from '../order/compare.ts';
import { wholePart } from './element.ts';
import type { Predicate } from './walk.ts';

export const BIT_OPERATORS = ['$bitsAllSet', '$bitsAnySet', '$bitsAllClear', '$bitsAnyClear'] as const;
export type BitOperator = (typeof BIT_OPERATORS)[number];

const SIGN_BIT = 63;

export function bitPredicate(operator: BitOperator, operand: unknown): Predicate {
  const positions = bitPositions(operator, operand);
  const wanted = operator.endsWith('Set');
  const all = operator.startsWith('$bitsAll');
  return (value) => {
    const bit = bitReader(value);
    if (!bit) return false;
    return all
      ? positions.every((position) => bit(position) === wanted)
      : positions.some((position) => bit(position) === wanted);
  };
}

/** The operand is a mask (whole number or binary) or a list of positions. */
function bitPositions(operator: string, operand: unknown): readonly number[] {
  if (Array.isArray(operand)) {
    return operand.map((value) => {
      const position = isNumeric(value) ? Number(value) : Number.NaN;
      if (!Number.isInteger(position) || position < 0 || position > 0x7fffffff) {
        throw badValue(`bit positions must be an integer >= 0 but got: ${String(value)}`);
      }
      return position;
    });
  }
  const read = bitReader(operand);
  if (!read)
    throw badValue(`${operator} takes an Array, a number, or a BinData but received: ${String(operand)}`);
  if (isNumeric(operand) && Number(operand) < 0)
    throw failedToParse(`Expected a non-negative number in: ${operator}: ${String(operand)}`);
  const length = isNumeric(operand) ? SIGN_BIT + 1 : binaryParts(operand as Binary)[0].length * 8;
  return Array.from({ length }, (_, position) => position).filter((position) => read(position));
}

/** Reads single bits of a value, lowest first; undefined for values without bits. */
function bitReader(value: unknown): ((position: number) => boolean) | undefined {
  if (value instanceof Binary || value instanceof Uint8Array) {
    const [bytes] = binaryParts(value);
    return (position) => (((bytes[position >> 3] ?? 0) >> (position & 7)) & 1) === 1;
  }
  const whole = isExactWhole(value) ? wholePart(value) : undefined;
  if (whole === undefined) return undefined;
  // Negative numbers continue their sign beyond 64 bits.
  return (position) => ((whole >> BigInt(Math.min(position, SIGN_BIT))) & 1n) === 1n;
}

function isExactWhole(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value);
  if (value instanceof Double) return Number.isInteger(value.value);
  if (value instanceof Decimal128) return Number.isInteger(Number(value.toString()));
  return value instanceof Long;
}
