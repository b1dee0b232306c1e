// The plan that one index offers for a query: ranges of keys from the conditions on its leading fields, and whether
// walking them gives the order of the sort.

import { isApplicable } from './index-applicability.ts';
import type { IndexInfo } from './index-info.ts';
import { collationOfIndex } from './index-keys.ts';
import { compileKeyFilter, type SortPosition } from './key-filter.ts';
import {
  intersectRanges,
  inverted,
  invertRange,
  type KeyRange,
  prefixedRange,
  prefixRange,
} from './key-range.ts';
import { Bracket } from './order/canonical-type.ts';
import { isSameCollation } from './order.ts';
import type { IndexPlan } from './plan.ts';
import type { QueryShape } from './planner.ts';
import type { FilterSummary, Predicate } from './predicates.ts';

export interface SortField {
  path: string;
  direction: 1 | -1;
}

/** Combinations of values of leading fields; beyond it the fields that would multiply them further are left to the matcher. */
const MOST_COMBINATIONS = 1_000;
/** Ranges that are merged to give a sort's order; each keeps one document at hand. MongoDB merges at most 200 as well. */
const MOST_MERGED = 200;
const NO_BYTES = Buffer.alloc(0);

interface FieldBounds {
  path: string;
  ranges: KeyRange[];
  points: boolean;
}

/** What an index can do for a query, told without the work of a whole plan: of several offers most are never looked at. */
export interface IndexOffer {
  index: IndexInfo;
  bounds: FieldBounds[];
  /** Ranges that the plan will have. */
  rangeCount: number;
  /** The direction in which each range is in the sort's order; undefined when it is not. */
  order: 1 | -1 | undefined;
  /** The conditions that mean in the index what they mean in the query. */
  usable: FilterSummary;
}

/** @returns undefined when the index does not help, or would leave out matching documents */
export function offerOf(
  index: IndexInfo,
  summary: FilterSummary,
  shape: QueryShape,
  sort: readonly SortField[],
  hinted: boolean,
): IndexOffer | undefined {
  const { predicates } = summary;
  if (!isApplicable(index, predicates, shape, hinted)) return undefined;
  const sameCollation = isSameCollation(collationOfIndex(index), shape.collation);
  const usable = sameCollation
    ? summary
    : { predicates: predicates.filter(isFreeOfStrings), alternatives: [], exact: false };
  const bounds = fieldBounds(index, usable.predicates);
  const order = sameCollation && !shape.collation ? sortOrder(index, bounds, sort) : undefined;
  if (bounds.length === 0 && order === undefined && !hinted) return undefined;
  const rangeCount = bounds.reduce((product, { ranges }) => product * ranges.length, 1);
  return { index, bounds, rangeCount, order, usable };
}

/** The whole plan of an offer. */
export function planOf(offer: IndexOffer, shape: QueryShape, sort: readonly SortField[]): IndexPlan {
  const { index, bounds, order, usable } = offer;
  const ranges = keyRanges(index, bounds);
  const sorted = order !== undefined && ranges.length <= MOST_MERGED;
  const { filter: keyFilter, complete } = compileKeyFilter(index, usable, bounds.length);
  const isOneKey =
    index.unique &&
    ranges.length === 1 &&
    bounds.length === index.fields.length &&
    bounds.every((bound) => bound.points);
  return {
    kind: 'index',
    index,
    ranges,
    reverse: sorted && order === -1,
    filter: shape.filter,
    sorted,
    keys: isOneKey ? 1 : 0,
    oneKey: isOneKey,
    bounds,
    keyFilter,
    provesFilter: complete,
    sortPositions: sorted ? sortPositions(index, sort) : [],
  };
}

/** Conditions that mean the same in every collation. */
function isFreeOfStrings(predicate: Predicate): boolean {
  if (predicate.negative) return false;
  return predicate.ranges.every(({ start }) => {
    const bracket = start[0] ?? Bracket.minKey;
    return bracket > Bracket.array || (bracket < Bracket.string && start.length > 0);
  });
}

/** Bounds of the leading fields: single values as far as they go, then at most one field with ranges. */
function fieldBounds(index: IndexInfo, predicates: readonly Predicate[]): FieldBounds[] {
  const bounds: FieldBounds[] = [];
  const elements = new Map<string, object | undefined>();
  let combinations = 1;
  for (const { path } of index.fields) {
    const onPath = predicates.filter((predicate) => predicate.path === path);
    const bound = index.multikeyPaths.includes(path)
      ? multikeyBound(path, onPath, elements)
      : plainBound(path, onPath);
    if (!bound) break;
    combinations *= Math.max(1, bound.ranges.length);
    if (bounds.length > 0 && combinations > MOST_COMBINATIONS) break;
    bounds.push(bound);
    if (!bound.points) break;
  }
  return bounds;
}

/** All conditions on a path that never holds an array speak of the same value. */
function plainBound(path: string, predicates: readonly Predicate[]): FieldBounds | undefined {
  const [first, ...others] = predicates;
  if (!first) return undefined;
  const ranges = others.reduce(
    (common, predicate) => intersectRanges(common, predicate.ranges),
    first.ranges,
  );
  return { path, ranges, points: predicates.some((predicate) => predicate.points) };
}

/**
 * Where the path holds arrays, each condition may be met by a different element, so only one may be used, or those of
 * one $elemMatch together. The same goes for two fields of the elements of one array.
 */
function multikeyBound(
  path: string,
  predicates: readonly Predicate[],
  elements: Map<string, object | undefined>,
): FieldBounds | undefined {
  const root = path.split('.')[0] ?? path;
  const groups = new Map<object, Predicate[]>();
  for (const predicate of predicates) {
    if (predicate.negative) continue;
    if (elements.has(root) && (predicate.element === undefined || elements.get(root) !== predicate.element))
      continue;
    const group = predicate.element ?? predicate;
    groups.set(group, [...(groups.get(group) ?? []), predicate]);
  }
  const choices = [...groups.values()].map((group) => ({
    bound: plainBound(path, group),
    element: group[0]?.element,
  }));
  const best =
    choices.find((choice) => choice.bound?.points) ?? choices.find((choice) => choice.element) ?? choices[0];
  if (!best?.bound) return undefined;
  elements.set(root, best.element);
  return best.bound;
}

/** Ranges of whole keys, ascending in the index's own order. */
function keyRanges(index: IndexInfo, bounds: readonly FieldBounds[]): KeyRange[] {
  let prefixes: Buffer[] = [NO_BYTES];
  for (const [position, { points, ranges }] of bounds.entries()) {
    const descending = index.fields[position]?.direction === -1;
    if (!points)
      return inOrder(combined(prefixes, descending ? ranges.map(invertRange) : ranges, prefixedRange));
    const values = ranges.map(({ start }) => (descending ? inverted(start) : start));
    prefixes = position === 0 ? values : combined(prefixes, values, joined);
  }
  return inOrder(prefixes.map(prefixRange));
}

/** Each prefix with each of what may follow it. */
function combined<Rest, Whole>(
  prefixes: readonly Buffer[],
  rests: readonly Rest[],
  join: (prefix: Buffer, rest: Rest) => Whole,
): Whole[] {
  const all: Whole[] = [];
  for (const prefix of prefixes) for (const rest of rests) all.push(join(prefix, rest));
  return all;
}

function joined(prefix: Buffer, value: Buffer): Buffer {
  return Buffer.concat([prefix, value]);
}

function inOrder(ranges: KeyRange[]): KeyRange[] {
  return ranges.length > 1 ? ranges.sort((a, b) => Buffer.compare(a.start, b.start)) : ranges;
}

/**
 * The direction in which the index gives the sort's order within each of its ranges; undefined when it does not.
 * Fields that are bound to single values are constant within a range and may be passed over on both sides.
 */
function sortOrder(
  index: IndexInfo,
  bounds: readonly FieldBounds[],
  sort: readonly SortField[],
): 1 | -1 | undefined {
  if (sort.length === 0 || index.longKeys) return undefined;
  const isMultikey = (path: string) => index.multikeyPaths.includes(path);
  const constants = new Set(bounds.filter((bound) => bound.points).map((bound) => bound.path));
  let position = 0;
  let order: 1 | -1 | undefined;
  for (const { path, direction } of sort) {
    if (isMultikey(path)) return undefined;
    if (constants.has(path)) continue;
    while (constants.has(index.fields[position]?.path ?? '')) position++;
    const field = index.fields[position];
    if (field?.path !== path) return undefined;
    const needed = field.direction === direction ? 1 : -1;
    if (order !== undefined && order !== needed) return undefined;
    order = needed;
    position++;
  }
  return order ?? 1;
}

function sortPositions(index: IndexInfo, sort: readonly SortField[]): SortPosition[] {
  return sort.map(({ path, direction }) => {
    const position = index.fields.findIndex((field) => field.path === path);
    return { position, inverted: index.fields[position]?.direction !== direction };
  });
}
