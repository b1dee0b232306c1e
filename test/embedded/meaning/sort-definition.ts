// The definition of a sort, written down a second time and as plainly as possible: the key of a path is its least element
// ascending and its greatest descending, an empty array is `undefined`, a missing field is null.
import { BSON_UNDEFINED, isDocument } from '../../../src/embedded/bson/types.ts';
import { compareValues, encodeValue } from '../../../src/embedded/order.ts';
import type { Fields } from './local-engine.ts';

function valuesOf(value: unknown, names: readonly string[]): unknown[] {
  const [name, ...rest] = names;
  if (Array.isArray(value)) {
    if (value.length === 0) return [name === undefined ? BSON_UNDEFINED : null];
    if (name === undefined) return value;
    return value.flatMap((element) => (isDocument(element) ? valuesOf(element, names) : [null]));
  }
  if (name === undefined) return [value ?? null];
  return isDocument(value) ? valuesOf(value[name], rest) : [null];
}

function keyOf(document: Fields, path: string, direction: 1 | -1): unknown {
  const [first, ...others] = valuesOf(document, path.split('.'));
  return others.reduce((best, value) => (compareValues(value, best) * direction < 0 ? value : best), first);
}

function keysOf(document: Fields, sort: Record<string, 1 | -1>): unknown[] {
  return Object.entries(sort).map(([path, direction]) => keyOf(document, path, direction));
}

/** The document's key in a sort, as text: equal texts are equal places. */
export function sortKeyOf(document: Fields, sort: Record<string, 1 | -1>): string {
  return keysOf(document, sort)
    .map((value) => encodeValue(value).toString('hex'))
    .join();
}

/**
 * Whether the definition above says it all: of two fields of the elements of one array it would have to compare pairs,
 * and a number in a path may be a position.
 */
export function isPlainSort(sort: Record<string, 1 | -1>): boolean {
  const paths = Object.keys(sort);
  return paths.every((path) => !/\.\d/.test(path)) && paths.filter((path) => path.startsWith('c')).length < 2;
}

/** The first two neighbours that stand in the wrong order, as positions; undefined when there are none. */
export function misplaced(documents: readonly Fields[], sort: Record<string, 1 | -1>): number | undefined {
  const fields = Object.entries(sort);
  const keys = documents.map((document) => keysOf(document, sort));
  for (let position = 1; position < keys.length; position++) {
    for (const [field, [, direction]] of fields.entries()) {
      const difference = compareValues(keys[position - 1]?.[field], keys[position]?.[field]) * direction;
      if (difference > 0) return position;
      if (difference < 0) break;
    }
  }
  return undefined;
}
