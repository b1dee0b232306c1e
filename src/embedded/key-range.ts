// Ranges of order-preserving bytes. Encoded values are never the beginning of one another, so "all keys that begin with
// these bytes" is a value or a bracket, and half-open ranges of such beginnings are all that an index needs.

/** Bytes from `start` (inclusive) up to `end` (exclusive); without an end, to the last key. */
export interface KeyRange {
  start: Buffer;
  end: Buffer | undefined;
}

const NOTHING = Buffer.alloc(0);

/** Every value. */
export const WHOLE_RANGE: KeyRange = { start: NOTHING, end: undefined };

/** The smallest bytes greater than everything that begins with `prefix`; undefined when nothing is. */
export function successor(prefix: Buffer): Buffer | undefined {
  for (let position = prefix.length - 1; position >= 0; position--) {
    const byte = prefix[position] ?? 0;
    if (byte === 0xff) continue;
    const next = Buffer.from(prefix.subarray(0, position + 1));
    next[position] = byte + 1;
    return next;
  }
  return undefined;
}

/** All keys that begin with these bytes: one value, or one bracket when only the bracket's byte is given. */
export function prefixRange(prefix: Buffer): KeyRange {
  return { start: prefix, end: successor(prefix) };
}

export function isEmptyRange(range: KeyRange): boolean {
  return range.end !== undefined && Buffer.compare(range.start, range.end) >= 0;
}

/** Ranges in both lists. The lists and the result are in ascending order and do not overlap. */
export function intersectRanges(left: readonly KeyRange[], right: readonly KeyRange[]): KeyRange[] {
  const common: KeyRange[] = [];
  let i = 0;
  let j = 0;
  for (let a = left[i], b = right[j]; a && b; a = left[i], b = right[j]) {
    const start = Buffer.compare(a.start, b.start) >= 0 ? a.start : b.start;
    const end = earlierEnd(a.end, b.end);
    const range = { start, end };
    if (!isEmptyRange(range)) common.push(range);
    if (end === a.end) i++;
    else j++;
  }
  return common;
}

function earlierEnd(a: Buffer | undefined, b: Buffer | undefined): Buffer | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return Buffer.compare(a, b) <= 0 ? a : b;
}

/** Whether everything in `inner` is also in `outer`. */
export function coversRanges(outer: readonly KeyRange[], inner: readonly KeyRange[]): boolean {
  return inner.every((range) =>
    outer.some((other) => startsBefore(other, range) && earlierEnd(range.end, other.end) === range.end),
  );
}

function startsBefore(outer: KeyRange, inner: KeyRange): boolean {
  return Buffer.compare(outer.start, inner.start) <= 0;
}

/** Sorts ranges and joins those that touch. */
export function uniteRanges(ranges: readonly KeyRange[]): KeyRange[] {
  const sorted = ranges
    .filter((range) => !isEmptyRange(range))
    .sort((a, b) => Buffer.compare(a.start, b.start));
  const united: KeyRange[] = [];
  for (const range of sorted) {
    const last = united.at(-1);
    if (!last || (last.end !== undefined && Buffer.compare(last.end, range.start) < 0)) {
      united.push({ ...range });
    } else if (
      last.end !== undefined &&
      (range.end === undefined || Buffer.compare(range.end, last.end) > 0)
    ) {
      last.end = range.end;
    }
  }
  return united;
}

/** Everything outside of the ranges, which are in ascending order and do not overlap. */
export function complementRanges(ranges: readonly KeyRange[]): KeyRange[] {
  const gaps: KeyRange[] = [];
  let start: Buffer | undefined = NOTHING;
  for (const range of ranges) {
    if (start === undefined) break;
    const gap = { start, end: range.start };
    if (!isEmptyRange(gap)) gaps.push(gap);
    start = range.end;
  }
  if (start !== undefined) gaps.push({ start, end: undefined });
  return gaps;
}

/** The same values where a field is stored descending, that is with inverted bytes. */
export function invertRange(range: KeyRange): KeyRange {
  return {
    start: range.end === undefined ? NOTHING : (successor(inverted(range.end)) ?? range.end),
    end: range.start.length === 0 ? undefined : successor(inverted(range.start)),
  };
}

/** The range behind a prefix of equal fields. */
export function prefixedRange(prefix: Buffer, range: KeyRange): KeyRange {
  if (prefix.length === 0) return range;
  return {
    start: Buffer.concat([prefix, range.start]),
    end: range.end === undefined ? successor(prefix) : Buffer.concat([prefix, range.end]),
  };
}

export function inverted(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafe(bytes.length);
  for (let position = 0; position < bytes.length; position++) copy[position] = ~(bytes[position] ?? 0);
  return copy;
}
