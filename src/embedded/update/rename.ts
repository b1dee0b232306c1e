/** `$rename`: one leaf takes the old field away, the other puts its value, read before the update, under the new name. */
import { describeValue } from '../bson/describe.ts';
import { getField, isArrayIndex } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { badValue } from '../errors.ts';
import { type Leaf, REMOVED, UNCHANGED } from './outcome.ts';
import type { LeafAt } from './tree.ts';

/** `$`, `$[]` and `$[identifier]`; other names may begin with a dollar. */
const DYNAMIC = /(?:^|\.)\$(?:\[.*\])?(?=\.|$)/;

export function renameLeaves(from: string, to: unknown): LeafAt[] {
  if (typeof to !== 'string')
    throw badValue(`The 'to' field for $rename must be a string: ${from}: ${describeValue(to)}`);
  if (to.includes('\0')) throw badValue("The 'to' field for $rename cannot contain an embedded null byte");
  if (from === to)
    throw badValue(`The source and target field for $rename must differ: ${from}: ${describeValue(to)}`);
  if (DYNAMIC.test(from)) throw badValue(`The source field for $rename may not be dynamic: ${from}`);
  if (DYNAMIC.test(to)) throw badValue(`The destination field for $rename may not be dynamic: ${to}`);
  const components = from.split('.');
  const source: Leaf = {
    operator: '$rename',
    whenMissing: 'ignore',
    refusesArrays: 'source',
    applies: (context) => isThere(context.original, components),
    apply: (value) => (value === undefined ? UNCHANGED : REMOVED),
  };
  const target: Leaf = {
    operator: '$rename',
    whenMissing: 'create',
    refusesArrays: 'destination',
    applies: (context) => valueAt(context.original, components) !== undefined,
    apply(_, context) {
      const value = valueAt(context.original, components);
      return value === undefined ? UNCHANGED : value;
    },
  };
  return [
    { path: from, leaf: source },
    { path: to, leaf: target },
  ];
}

/** Also through arrays: only a field that is there is refused for the array around it. */
function isThere(document: Document, components: readonly string[]): boolean {
  let value: unknown = document;
  for (const name of components) {
    if (Array.isArray(value)) value = isArrayIndex(name) ? value[Number(name)] : undefined;
    else value = isDocument(value) ? getField(value, name) : undefined;
  }
  return value !== undefined;
}

function valueAt(document: Document, components: readonly string[]): unknown {
  let value: unknown = document;
  for (const name of components) value = isDocument(value) ? getField(value, name) : undefined;
  return value;
}
