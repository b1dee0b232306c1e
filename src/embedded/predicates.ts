// What a filter says about single paths, as ranges of encoded values. Only conditions that all matching documents must
// meet are read; everything else is left to the matcher, which sees every document that an index yields.
import { BSONRegExp } from 'bson';
import { getField } from './bson/fields.ts';
import { BsonType, type Document, isDocument, isNumeric, typeOf } from './bson/types.ts';
import { type KeyRange, prefixRange, successor, uniteRanges, WHOLE_RANGE } from './key-range.ts';
import { Bracket, bracketOfType } from './order/canonical-type.ts';
import type { Collation } from './order/collation.ts';
import { encodeValue } from './order/encode.ts';

/** One condition on one path. */
export interface Predicate {
  path: string;
  /** In ascending order, without overlap. */
  ranges: KeyRange[];
  /** Every range is a single value. */
  points: boolean;
  /** The ranges say all that the condition says. */
  exact: boolean;
  /** Also met by documents in which the path is missing. */
  matchesMissing: boolean;
  /** Conditions of one $elemMatch speak of the same array element; others may each be met by a different one. */
  element: object | undefined;
}

export interface FilterSummary {
  predicates: Predicate[];
  /** The branches of each `$or` that stands beside the other conditions. */
  alternatives: Document[][];
}

/** Reads a filter. The filter has been checked by the matcher's compiler before. */
export function summarizeFilter(filter: Document, collation: Collation | undefined): FilterSummary {
  const summary: FilterSummary = { predicates: [], alternatives: [] };
  readConditions(filter, '', undefined, collation, summary);
  return summary;
}

function readConditions(
  filter: Document,
  prefix: string,
  element: object | undefined,
  collation: Collation | undefined,
  summary: FilterSummary,
): void {
  for (const [name, value] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(value)) {
      for (const part of value)
        if (isDocument(part)) readConditions(part, prefix, element, collation, summary);
    } else if (name === '$or' && Array.isArray(value) && prefix === '') {
      const branches = value.filter(isDocument);
      const [only] = branches;
      if (branches.length === 1 && only) readConditions(only, prefix, element, collation, summary);
      else summary.alternatives.push(branches);
    } else if (!name.startsWith('$')) {
      readPath(prefix + name, value, element, collation, summary);
    }
  }
}

function readPath(
  path: string,
  condition: unknown,
  element: object | undefined,
  collation: Collation | undefined,
  summary: FilterSummary,
): void {
  if (!isOperatorDocument(condition)) {
    addEquality(summary, path, condition, true, collation, element);
    return;
  }
  const operators = Object.entries(condition);
  for (const [operator, operand] of operators) {
    if (operator === '$elemMatch' && isDocument(operand)) {
      const inner = {};
      if (isOperatorDocument(operand)) readPath(path, operand, inner, collation, summary);
      else readConditions(operand, `${path}.`, inner, collation, summary);
      continue;
    }
    if (operator === '$in' && Array.isArray(operand)) {
      addPredicate(summary, {
        path,
        ranges: inRanges(operand, collation),
        points: true,
        exact: false,
        element,
      });
    } else if (operator === '$eq') {
      addEquality(summary, path, operand, operators.length === 1, collation, element);
    } else if (operator === '$exists' && isTruthy(operand)) {
      addPredicate(summary, { path, ranges: [WHOLE_RANGE], points: false, exact: false, element });
    } else {
      const ranges = comparisonRanges(operator, operand, condition, collation);
      addPredicate(summary, { path, ranges, points: isNullish(operand), exact: false, element });
    }
  }
}

function addEquality(
  summary: FilterSummary,
  path: string,
  value: unknown,
  isWholeCondition: boolean,
  collation: Collation | undefined,
  element: object | undefined,
): void {
  const points = !(value instanceof BSONRegExp);
  const exact = isWholeCondition && points && !isNullish(value);
  addPredicate(summary, { path, ranges: equalityRanges(value, collation), points, exact, element });
}

function addPredicate(
  summary: FilterSummary,
  found: Omit<Predicate, 'ranges' | 'matchesMissing'> & { ranges: KeyRange[] | undefined },
): void {
  const { ranges } = found;
  if (!ranges) return;
  const matchesMissing = ranges.some(
    ({ start }) => start[0] === Bracket.null || start[0] === Bracket.undefined,
  );
  summary.predicates.push({ ...found, ranges, matchesMissing });
}

/** A document whose first field is an operator. */
function isOperatorDocument(value: unknown): value is Document {
  return (
    isDocument(value) &&
    (Object.keys(value)[0]?.startsWith('$') ?? false) &&
    !('$ref' in value || '$id' in value)
  );
}

function equalityRanges(value: unknown, collation: Collation | undefined): KeyRange[] | undefined {
  if (isNullish(value)) return nullRanges();
  // A pattern matches strings, and an array matches itself or an element: neither is one value in an index.
  if (value instanceof BSONRegExp) return regexRanges(value.pattern, value.options, collation);
  if (value instanceof RegExp || Array.isArray(value)) return undefined;
  return [prefixRange(encodeValue(value, collation))];
}

/** An equality with null is met by null, by the deprecated undefined and by a missing field, which is indexed as null. */
function nullRanges(): KeyRange[] {
  return [prefixRange(Buffer.of(Bracket.undefined)), prefixRange(Buffer.of(Bracket.null))];
}

function inRanges(values: readonly unknown[], collation: Collation | undefined): KeyRange[] | undefined {
  const ranges: KeyRange[] = [];
  for (const value of values) {
    if (value instanceof BSONRegExp) return undefined;
    const found = equalityRanges(value, collation);
    if (!found) return undefined;
    ranges.push(...found);
  }
  return distinctPoints(ranges);
}

/** Points stay apart, even neighbouring ones: each can be a prefix of its own. */
function distinctPoints(ranges: KeyRange[]): KeyRange[] {
  ranges.sort((a, b) => Buffer.compare(a.start, b.start));
  return ranges.filter(
    (range, index) => index === 0 || !range.start.equals(ranges[index - 1]?.start ?? Buffer.alloc(0)),
  );
}

function comparisonRanges(
  operator: string,
  operand: unknown,
  condition: Document,
  collation: Collation | undefined,
): KeyRange[] | undefined {
  if (operator === '$regex') {
    const options = getField(condition, '$options');
    if (operand instanceof BSONRegExp)
      return regexRanges(operand.pattern, typeof options === 'string' ? options : operand.options, collation);
    return typeof operand === 'string'
      ? regexRanges(operand, typeof options === 'string' ? options : '', collation)
      : undefined;
  }
  if (operator !== '$gt' && operator !== '$gte' && operator !== '$lt' && operator !== '$lte')
    return undefined;
  if (isNullish(operand)) return operator === '$gte' || operator === '$lte' ? nullRanges() : undefined;
  if (!isRangeOperand(operand, collation)) return undefined;
  const bracket = Buffer.of(bracketOfType(typeOf(operand)));
  const bytes = encodeValue(operand, collation);
  const afterValue = successor(bytes);
  switch (operator) {
    case '$gt':
      return afterValue ? uniteRanges([{ start: afterValue, end: successor(bracket) }]) : undefined;
    case '$gte':
      return uniteRanges([{ start: bytes, end: successor(bracket) }]);
    case '$lt':
      return uniteRanges([{ start: bracket, end: bytes }]);
    case '$lte':
      return uniteRanges([{ start: bracket, end: afterValue }]);
  }
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

function isTruthy(value: unknown): boolean {
  return value === true || (isNumeric(value) && Number(value.toString()) !== 0);
}
