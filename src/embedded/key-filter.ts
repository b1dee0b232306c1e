// Conditions that can be tried on an index entry's key, before its document is fetched: a fetch and decode costs ten
// times as much as a look at the key.
import type { IndexField, IndexInfo } from './index-info.ts';
import { invertRange, type KeyRange } from './key-range.ts';
import { endOfValue } from './order/skip-value.ts';
import type { FilterSummary, Predicate } from './predicates.ts';
import { NUMBER_BYTES } from './record-keys.ts';

/** Whether the document behind a stored key may match; false is certain. */
export type KeyFilter = (storedKey: Buffer) => boolean;

interface FieldTest {
  position: number;
  /** In the index's own bytes, ascending, without overlap. */
  ranges: KeyRange[];
}

interface KeyCondition {
  tests: FieldTest[];
  /** Of each list one must hold. */
  alternatives: KeyCondition[][];
}

export interface CompiledKeyFilter {
  /** Undefined when there is nothing to try. */
  filter: KeyFilter | undefined;
  /** Every condition of the query is among the tests and bounds, and they say all that it says. */
  complete: boolean;
}

/** Where the fields of the key at hand begin, and where the last one looked at ends. One array serves all keys. */
const offsets: number[] = [];

/**
 * @param bounded number of leading fields whose conditions the ranges of the scan have tested already
 */
export function compileKeyFilter(
  index: IndexInfo,
  summary: FilterSummary,
  bounded: number,
): CompiledKeyFilter {
  // A shortened key cannot be taken apart.
  if (index.longKeys) return { filter: undefined, complete: false };
  const state = { complete: summary.exact, last: -1 };
  const condition = conditionOf(index, summary, bounded, state);
  if (state.last < 0) return { filter: undefined, complete: state.complete };
  const { last } = state;
  const fields = index.fields;
  return {
    filter: (key) => {
      takeApart(key, fields, last);
      return holds(condition, key);
    },
    complete: state.complete,
  };
}

function conditionOf(
  index: IndexInfo,
  summary: FilterSummary,
  bounded: number,
  state: { complete: boolean; last: number },
): KeyCondition {
  const condition: KeyCondition = { tests: [], alternatives: [] };
  for (const predicate of summary.predicates) {
    const position = positionOf(index, predicate);
    if (position < 0) {
      state.complete = false;
    } else if (position >= bounded) {
      condition.tests.push({ position, ranges: storedRanges(index.fields[position], predicate.ranges) });
      state.last = Math.max(state.last, position);
    }
  }
  for (const branches of summary.alternatives) {
    // Within a branch nothing is bounded: the ranges of the scan know only what stands beside the `$or`.
    condition.alternatives.push(
      branches.map((branch) => {
        if (!branch.exact) state.complete = false;
        return conditionOf(index, branch, 0, state);
      }),
    );
  }
  return condition;
}

/** The field of the index that a predicate is about; -1 where it may hold arrays, of which a key has one element only. */
function positionOf(index: IndexInfo, predicate: Predicate): number {
  if (predicate.element !== undefined || index.multikeyPaths.includes(predicate.path)) return -1;
  return index.fields.findIndex(({ path }) => path === predicate.path);
}

function storedRanges(field: IndexField | undefined, ranges: readonly KeyRange[]): KeyRange[] {
  if (field?.direction !== -1) return [...ranges];
  return ranges.map(invertRange).sort((a, b) => Buffer.compare(a.start, b.start));
}

function takeApart(key: Buffer, fields: readonly IndexField[], last: number): void {
  let offset = NUMBER_BYTES;
  for (let position = 0; position <= last; position++) {
    offsets[position] = offset;
    offset = endOfValue(key, offset, fields[position]?.direction === -1);
  }
  offsets[last + 1] = offset;
}

function holds({ tests, alternatives }: KeyCondition, key: Buffer): boolean {
  for (const { position, ranges } of tests) {
    if (!isWithin(key, offsets[position] ?? 0, offsets[position + 1] ?? 0, ranges)) return false;
  }
  for (const branches of alternatives) {
    if (!branches.some((branch) => holds(branch, key))) return false;
  }
  return true;
}

/** Looks for the last range that begins at or before the value. */
function isWithin(key: Buffer, start: number, end: number, ranges: readonly KeyRange[]): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle] as KeyRange;
    if (key.compare(range.start, 0, range.start.length, start, end) >= 0) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low - 1];
  if (!range) return false;
  return range.end === undefined || key.compare(range.end, 0, range.end.length, start, end) < 0;
}

/** A field of the sort within the keys of an index. */
export interface SortPosition {
  position: number;
  /** The key's bytes run against the sort. */
  inverted: boolean;
}

/** Bytes of a stored key in the order of a sort: those of the sort's fields. */
export function sortKeyReader(index: IndexInfo, positions: readonly SortPosition[]): (key: Buffer) => Buffer {
  const last = Math.max(...positions.map(({ position }) => position));
  return (key) => {
    takeApart(key, index.fields, last);
    const parts = positions.map(({ position, inverted }) => {
      const part = key.subarray(offsets[position], offsets[position + 1]);
      return inverted ? invertedCopy(part) : part;
    });
    const [only] = parts;
    return only && parts.length === 1 ? only : Buffer.concat(parts);
  };
}

function invertedCopy(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let position = 0; position < copy.length; position++) copy[position] = ~(copy[position] ?? 0);
  return copy;
}
