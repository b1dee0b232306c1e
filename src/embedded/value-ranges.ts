// Ranges of encoded values that single operators stand for: equality, `$in`, comparisons, patterns with a fixed beginning.
import { BSONRegExp } from 'bson';
import { getField } from './bson/fields.ts';
import { BsonType, type Document, isNumeric, typeOf } from './bson/types.ts';
import { type KeyRange, prefixRange, successor, uniteRanges } from './key-range.ts';
import { Bracket, bracketOfType } from './order/canonical-type.ts';
import type { Collation } from './order/collation.ts';
import { encodeValue } from './order/encode.ts';

/** Ranges of one condition; undefined when the condition bounds nothing. */
export interface ConditionRanges {
  ranges: KeyRange[] | undefined;
  /** Every range is a single value. */
  points: boolean;
  /** The ranges say all that the condition says. */
  exact: boolean;
}

/** An equality with null is met by null, by the deprecated undefined and by a missing field, which is indexed as null. */
export const NULL_RANGES: KeyRange[] = [
  prefixRange(Buffer.of(Bracket.undefined)),
  prefixRange(Buffer.of(Bracket.null)),
];

export function equalityRanges(value: unknown, collation: Collation | undefined): KeyRange[] | undefined {
  if (isNullish(value)) return NULL_RANGES;
  // A pattern matches strings, and an array matches itself or an element: neither is one value in an index.
  if (value instanceof BSONRegExp) return regexRanges(value.pattern, value.options, collation);
  if (value instanceof RegExp || Array.isArray(value)) return undefined;
  return [prefixRange(encodeValue(value, collation))];
}

/** `$in`: points, or ranges when patterns are among the operands. */
export function inRanges(operands: unknown, collation: Collation | undefined): ConditionRanges {
  const nothing = { ranges: undefined, points: false, exact: false };
  if (!Array.isArray(operands)) return nothing;
  const ranges: KeyRange[] = [];
  for (const value of operands) {
    const found = equalityRanges(value, collation);
    if (!found) return nothing;
    ranges.push(...found);
  }
  if (operands.some((value) => value instanceof BSONRegExp))
    return { ranges: uniteRanges(ranges), points: false, exact: false };
  return { ranges: distinctPoints(ranges), points: true, exact: true };
}

/** Points stay apart, even neighbouring ones: each can be a prefix of its own. */
function distinctPoints(ranges: KeyRange[]): KeyRange[] {
  ranges.sort((a, b) => Buffer.compare(a.start, b.start));
  return ranges.filter(
    (range, index) => index === 0 || !range.start.equals(ranges[index - 1]?.start ?? Buffer.alloc(0)),
  );
}

/** `$gt`, `$gte`, `$lt`, `$lte` and `$regex`; nothing for any other operator. */
export function comparisonRanges(
  operator: string,
  operand: unknown,
  siblings: Document,
  collation: Collation | undefined,
): ConditionRanges {
  if (operator === '$regex')
    return { ranges: patternRanges(operand, siblings, collation), points: false, exact: false };
  if (operator !== '$gt' && operator !== '$gte' && operator !== '$lt' && operator !== '$lte')
    return { ranges: undefined, points: false, exact: false };
  if (isNullish(operand)) {
    const ranges = operator === '$gte' || operator === '$lte' ? NULL_RANGES : undefined;
    return { ranges, points: true, exact: true };
  }
  if (!isRangeOperand(operand, collation)) return { ranges: undefined, points: false, exact: false };
  return { ranges: inequalityRanges(operator, operand, collation), points: false, exact: true };
}

function inequalityRanges(
  operator: '$gt' | '$gte' | '$lt' | '$lte',
  operand: unknown,
  collation: Collation | undefined,
): KeyRange[] {
  const bracket = Buffer.of(bracketOfType(typeOf(operand)));
  const end = successor(bracket);
  const bytes = encodeValue(operand, collation);
  const afterValue = successor(bytes);
  switch (operator) {
    case '$gt':
      return afterValue ? uniteRanges([{ start: afterValue, end }]) : [];
    case '$gte':
      return uniteRanges([{ start: bytes, end }]);
    case '$lt':
      return uniteRanges([{ start: leastOf(bracket), end: bytes }]);
    case '$lte':
      return uniteRanges([{ start: leastOf(bracket), end: afterValue }]);
  }
}

/** Behind NaN, which is the least number in an index but is below nothing in a comparison. */
const FIRST_NUMBER = successor(encodeValue(Number.NaN)) ?? Buffer.of(Bracket.number);

function leastOf(bracket: Buffer): Buffer {
  return bracket[0] === Bracket.number ? FIRST_NUMBER : bracket;
}

/** Values whose comparison stays within their bracket and follows the order of their bytes. */
function isRangeOperand(value: unknown, collation: Collation | undefined): boolean {
  const type = typeOf(value);
  if (
    type === BsonType.minKey ||
    type === BsonType.maxKey ||
    type === BsonType.array ||
    type === BsonType.regex
  )
    return false;
  if (collation && (type === BsonType.string || type === BsonType.object)) return false;
  return !(isNumeric(value) && Number.isNaN(Number(value.toString())));
}

function patternRanges(
  operand: unknown,
  siblings: Document,
  collation: Collation | undefined,
): KeyRange[] | undefined {
  const options = getField(siblings, '$options');
  if (operand instanceof BSONRegExp)
    return regexRanges(operand.pattern, typeof options === 'string' ? options : operand.options, collation);
  return typeof operand === 'string'
    ? regexRanges(operand, typeof options === 'string' ? options : '', collation)
    : undefined;
}

/** A case-sensitive pattern that begins with `^` and plain letters bounds the strings that it can match. */
function regexRanges(
  pattern: string,
  options: string,
  collation: Collation | undefined,
): KeyRange[] | undefined {
  if (collation || options !== '') return undefined;
  const literal = /^\^([\w \-:/@#]+)(.?)/.exec(pattern);
  if (!literal || pattern.includes('|')) return undefined;
  const [, letters = '', next = ''] = literal;
  // The last letter may be optional or repeated: `^ab*` also matches "a".
  const fixed = '*?{'.includes(next) && next !== '' ? letters.slice(0, -1) : letters;
  if (fixed === '') return undefined;
  // Without the closing zero of an encoded string, this is the beginning of all strings that begin so.
  const encoded = encodeValue(fixed);
  // A stored regular expression matches a pattern that is equal to it.
  return [prefixRange(encoded.subarray(0, -1)), prefixRange(Buffer.of(Bracket.regex))];
}

function isNullish(value: unknown): boolean {
  return value === null || value === undefined || typeOf(value) === BsonType.undefined;
}
