/** Order-preserving bytes of a number; the layout is described in encode.ts. */
import type { ByteWriter } from './byte-writer.ts';
import { type DecimalParts, exactNumber, floorToDouble } from './exact-number.ts';

const EXACT = 0;
const MORE_FOLLOWS = 1;
/** Makes the exponent of every Decimal128 (-6176 to 6144 plus 34 digits) positive in 16 bits. */
const EXPONENT_BIAS = 0x4000;
const DIGITS_END = 0;

export function writeNumber(target: ByteWriter, value: unknown): void {
  const exact = exactNumber(value);
  if (typeof exact === 'number') {
    target.double(exact);
    target.byte(EXACT);
    return;
  }
  target.double(floorToDouble(exact));
  target.byte(MORE_FOLLOWS);
  writeDecimal(target, exact);
}

/**
 * Values with the same floor have the same sign, so exponent and digits decide: digits without trailing zeros, each
 * plus one, ended by 0. For negative values every byte is inverted.
 */
function writeDecimal(target: ByteWriter, parts: DecimalParts): void {
  const negative = parts.coefficient < 0n;
  const digits = (negative ? -parts.coefficient : parts.coefficient).toString();
  const scientific = parts.exponent + digits.length + EXPONENT_BIAS;
  const mask = negative ? 0xff : 0;
  target.byte((scientific >> 8) ^ mask);
  target.byte((scientific & 0xff) ^ mask);
  for (const digit of digits.replace(/0+$/, '')) target.byte((Number(digit) + 1) ^ mask);
  target.byte(DIGITS_END ^ mask);
}
