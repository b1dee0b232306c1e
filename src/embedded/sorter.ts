/**
 * Sort specifications. An array sorts by its least element ascending and by its greatest descending, an empty one
 * before null, a missing field as null. An array that a path reaches by its position sorts as the array that it is.
 */
import type { Buffer } from 'node:buffer';
import { describeValue } from './bson/describe.ts';
import { fieldEntries } from './bson/field-order.ts';
import { fieldPathComponents } from './bson/field-path.ts';
import { getField } from './bson/fields.ts';
import { type Document, isDocument, isNumeric } from './bson/types.ts';
import { badValue, MongoError, notSupported } from './errors.ts';
import type { Collation } from './order/collation.ts';
import { compareValues } from './order/compare.ts';
import { encodeKey } from './order/encode.ts';
import { forEachCombination, PARALLEL_ARRAYS, type PathOfKey } from './order/index-key.ts';

export interface CompiledSort {
  /** Negative, 0 or positive. */
  compare(left: Document, right: Document): number;
  /** Bytes in the order of the sort. Not to be used with a collation, whose bytes serve equality only. */
  keyOf(document: Document): Buffer;
  /** Sorts a copy; documents that tie keep their order. Each document's key is worked out once. */
  sort(documents: Iterable<Document>): Document[];
}

interface SortField extends PathOfKey {
  readonly direction: 1 | -1;
  readonly descending: boolean;
}

/** @throws MongoError for a direction other than 1 and -1; refuses `$meta` */
export function compileSort(specification: Document, collation?: Collation): CompiledSort {
  const fields = parseSort(specification);
  const compareKeys = (left: readonly unknown[], right: readonly unknown[]): number => {
    for (let index = 0; index < fields.length; index++) {
      const difference = compareValues(left[index], right[index], collation);
      if (difference !== 0) return difference * (fields[index] as SortField).direction;
    }
    return 0;
  };
  const keyOf = (document: Document) => sortKey(document, fields, compareKeys);
  return {
    compare: (left, right) => compareKeys(keyOf(left), keyOf(right)),
    keyOf: (document) => encodeKey(keyOf(document), fields, collation),
    sort(documents) {
      const keyed = Array.from(documents, (document) => ({ document, key: keyOf(document) }));
      keyed.sort((left, right) => compareKeys(left.key, right.key));
      return keyed.map((entry) => entry.document);
    },
  };
}

function parseSort(specification: Document): readonly SortField[] {
  return fieldEntries(specification).map(([path, direction]) => {
    if (isDocument(direction)) throw notSupported(`Sorting by an expression (${path})`, 2);
    if (!isNumeric(direction))
      throw new MongoError(15974, `Illegal key in $sort specification: ${path}: ${describeValue(direction)}`);
    const sign = Number(direction);
    if (sign !== 1 && sign !== -1) {
      throw new MongoError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    return { path, components: fieldPathComponents(path), direction: sign, descending: sign < 0 };
  });
}

function sortKey(
  document: Document,
  fields: readonly SortField[],
  compareKeys: (left: readonly unknown[], right: readonly unknown[]) => number,
): readonly unknown[] {
  const plain = fields.map((field) =>
    field.components.length === 1 ? getField(document, field.path) : DOTTED,
  );
  if (plain.every((value) => value !== DOTTED && !Array.isArray(value))) return plain.map(missingAsNull);
  let best: readonly unknown[] | undefined;
  try {
    const keepBest = (values: unknown[]): void => {
      const key = values.map(missingAsNull);
      if (best === undefined || compareKeys(key, best) < 0) best = key;
    };
    forEachCombination(document, fields, keepBest, true);
  } catch (error) {
    // Of an index the error is 171; a sort has no index that could not be made.
    if (error instanceof MongoError && error.code === PARALLEL_ARRAYS)
      throw badValue('cannot sort with keys that are parallel arrays');
    throw error;
  }
  return best ?? [];
}

/** Stands for a value that needs the walk through the document. */
const DOTTED = Symbol('dotted');

function missingAsNull(value: unknown): unknown {
  return value === undefined ? null : value;
}
