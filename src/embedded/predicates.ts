// What a filter says about single paths, as ranges of encoded values. Only conditions that all matching documents must
// meet are read; everything else is left to the matcher, which sees every document that an index yields.
import { BSONRegExp } from 'bson';
import { type Document, isDocument, isNumeric } from './bson/types.ts';
import { complementRanges, coversRanges, type KeyRange, prefixRange, WHOLE_RANGE } from './key-range.ts';
import { Bracket } from './order/canonical-type.ts';
import type { Collation } from './order/collation.ts';
import { comparisonRanges, equalityRanges, inRanges, NULL_RANGES } from './value-ranges.ts';

/** One condition on one path. */
export interface Predicate {
  path: string;
  /** In ascending order, without overlap. */
  ranges: KeyRange[];
  /** Every range is a single value. */
  points: boolean;
  /** The ranges say all that the condition says, where no array is on the path. */
  exact: boolean;
  /** `$ne` and `$nin`: speaks of all elements of an array together, so it says nothing about one of them. */
  negative: boolean;
  /** Also met by documents in which the path is missing. */
  matchesMissing: boolean;
  /** Conditions of one $elemMatch speak of the same array element; others may each be met by a different one. */
  element: object | undefined;
}

export interface FilterSummary {
  predicates: Predicate[];
  /** The branches of each `$or` that stands beside the other conditions. */
  alternatives: FilterSummary[][];
  /** All of the filter is in the predicates and alternatives, each of them exact. */
  exact: boolean;
}

/** Reads a filter. The filter has been checked by the matcher's compiler before. */
export function summarizeFilter(filter: Document, collation: Collation | undefined): FilterSummary {
  const summary: FilterSummary = { predicates: [], alternatives: [], exact: true };
  readConditions(filter, { prefix: '', element: undefined, collation, summary });
  return summary;
}

interface Reading {
  /** Path of the array whose elements are spoken of, with a dot at its end. */
  prefix: string;
  element: object | undefined;
  collation: Collation | undefined;
  summary: FilterSummary;
}

function readConditions(filter: Document, reading: Reading): void {
  const { prefix, summary, collation } = reading;
  for (const [name, value] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(value)) {
      for (const part of value) if (isDocument(part)) readConditions(part, reading);
    } else if (name === '$or' && Array.isArray(value) && prefix === '') {
      const branches = value.filter(isDocument);
      const [only] = branches;
      if (branches.length === 1 && only) readConditions(only, reading);
      else summary.alternatives.push(branches.map((branch) => summarizeFilter(branch, collation)));
    } else if (!name.startsWith('$')) {
      readPath(prefix + name, value, reading);
    } else if (name !== '$comment') {
      summary.exact = false;
    }
  }
}

function readPath(path: string, condition: unknown, reading: Reading): void {
  if (!isOperatorDocument(condition)) {
    addEquality(path, condition, reading);
    return;
  }
  for (const [operator, operand] of Object.entries(condition)) {
    readOperator(path, operator, operand, condition, reading);
  }
}

function readOperator(
  path: string,
  operator: string,
  operand: unknown,
  siblings: Document,
  reading: Reading,
): void {
  const { collation } = reading;
  switch (operator) {
    case '$eq':
      addEquality(path, operand, reading);
      return;
    case '$ne':
    case '$nin':
      addNegation(path, operator === '$ne' ? [operand] : operand, reading);
      return;
    case '$in':
      addPredicate(reading, { path, ...inRanges(operand, collation) });
      return;
    case '$all':
      // Each operand is a condition of its own, met by whichever element.
      reading.summary.exact = false;
      for (const each of Array.isArray(operand) ? operand : []) readPath(path, each, reading);
      return;
    case '$elemMatch':
      readElement(path, operand, reading);
      return;
    case '$exists':
      // A missing field is indexed as null, so the key alone cannot tell it from null.
      addPredicate(reading, { path, ranges: isTruthy(operand) ? [WHOLE_RANGE] : NULL_RANGES, exact: false });
      return;
    case '$comment':
      return;
    default:
      addPredicate(reading, { path, ...comparisonRanges(operator, operand, siblings, collation) });
  }
}

function readElement(path: string, operand: unknown, reading: Reading): void {
  reading.summary.exact = false;
  if (!isDocument(operand)) return;
  const inner = { ...reading, element: {} };
  if (isOperatorDocument(operand)) readPath(path, operand, inner);
  else readConditions(operand, { ...inner, prefix: `${path}.` });
}

function addEquality(path: string, value: unknown, reading: Reading): void {
  const ranges = equalityRanges(value, reading.collation);
  const points = !(value instanceof BSONRegExp);
  addPredicate(reading, { path, ranges, points, exact: points });
}

/** Everything but some values. Only of values that are one place in an index each. */
function addNegation(path: string, operands: unknown, reading: Reading): void {
  const { ranges, points, exact } = inRanges(operands, reading.collation);
  // Within an element's conditions a negation is about that element, which a key of the array holds.
  addPredicate(reading, {
    path,
    ranges: ranges && points ? complementRanges(ranges) : undefined,
    exact,
    negative: true,
  });
}

interface Found {
  path: string;
  ranges: KeyRange[] | undefined;
  points?: boolean;
  exact: boolean;
  negative?: boolean;
}

/**
 * A number in a path is a position and a field name in one. Where it is a position, the elements of the array lack such a
 * field, so null matches besides; but the index has the key of the position only.
 */
const POSITION = /\.\d+(\.|$)/;

const WHERE_NULL_IS = [prefixRange(Buffer.of(Bracket.null))];

function addPredicate({ element, summary }: Reading, found: Found): void {
  const { path, ranges, points = false, exact, negative = false } = found;
  const matchesMissing = ranges && ranges[0] !== WHOLE_RANGE && coversRanges(ranges, WHERE_NULL_IS);
  const isBlind = POSITION.test(path) && (matchesMissing || negative);
  if (!ranges || !exact || isBlind) summary.exact = false;
  if (!ranges || matchesMissing === undefined || isBlind) return;
  summary.predicates.push({ path, ranges, points, exact, negative, matchesMissing, element });
}

/** A document whose first field is an operator. */
function isOperatorDocument(value: unknown): value is Document {
  return (
    isDocument(value) &&
    (Object.keys(value)[0]?.startsWith('$') ?? false) &&
    !('$ref' in value || '$id' in value)
  );
}

function isTruthy(value: unknown): boolean {
  return value === true || (isNumeric(value) && Number(value.toString()) !== 0);
}
