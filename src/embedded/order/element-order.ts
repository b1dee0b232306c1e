/**
 * The order of an array's elements by some of their fields, as `$push` with `$sort` and `$sortArray` have it. Unlike in a
 * query's sort, arrays are compared as values and not entered, so that there are no parallel ones.
 * Source: pattern_cmp.cpp of https://github.com/mongodb/mongo
 */
import { fieldEntries } from '../bson/field-order.ts';
import { getField } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';
import type { Collation } from './collation.ts';
import { compareValues } from './compare.ts';

/** @param order directions by path; a missing field, and any field of what is no document, counts as null */
export function elementOrder(
  order: Document,
  collation: Collation | undefined,
): (left: unknown, right: unknown) => number {
  const fields = fieldEntries(order).map(([path, direction]) => ({
    components: path.split('.'),
    direction: Number(direction),
  }));
  return (left, right) => {
    for (const { components, direction } of fields) {
      const difference = compareValues(valueAt(left, components), valueAt(right, components), collation);
      if (difference !== 0) return difference * direction;
    }
    return 0;
  };
}

function valueAt(element: unknown, components: readonly string[]): unknown {
  let value = element;
  for (const name of components) value = isDocument(value) ? getField(value, name) : undefined;
  return value === undefined ? null : value;
}
