// The entries that one document has in one index, and what must change in them when the document does.
import { getField } from './bson/fields.ts';
import { type Document, isDocument } from './bson/types.ts';
import type { IndexInfo } from './index-info.ts';
import { compileFilter, type Matches } from './matcher.ts';
import {
  type Collation,
  distinctValuesAtPath,
  encodeIndexKey,
  encodeValue,
  invertBytes,
  meetsArray,
  type PathOfKey,
  parseCollation,
  pathExists,
} from './order.ts';

export interface EntriesOfDocument {
  keys: Buffer[];
  /** Whether an array was met on the way to an indexed field. */
  multikey: boolean;
}

const NO_ENTRIES: EntriesOfDocument = { keys: [], multikey: false };

interface CompiledIndex {
  collation: Collation | undefined;
  partial: Matches | undefined;
  paths: PathOfKey[];
  /** Top-level fields on which the entries depend. */
  roots: string[];
}

const compiled = new WeakMap<IndexInfo, CompiledIndex>();

/** The collation of an index's strings, parsed once. */
export function collationOfIndex(index: IndexInfo): Collation | undefined {
  return compileIndex(index).collation;
}

/** Keys of a document in an index; none when the index is sparse or partial and leaves it out. */
export function entriesOf(index: IndexInfo, document: Document): EntriesOfDocument {
  const { partial, collation } = compileIndex(index);
  if (partial && !partial(document)) return NO_ENTRIES;
  const found = encodeIndexKey(document, index.key, { collation });
  if (index.sparse && found.missing) return NO_ENTRIES;
  return found;
}

/**
 * True when the entries cannot differ because every field behind them is the same value in memory. An update shares
 * with its input what it did not touch, so this spares most updates the encoding of keys that stay.
 */
export function isUntouched(index: IndexInfo, before: Document, after: Document): boolean {
  for (const root of compileIndex(index).roots)
    if (getField(before, root) !== getField(after, root)) return false;
  return true;
}

/** Indexed paths on which the document has an array and that are not marked so yet. */
export function newMultikeyPaths(index: IndexInfo, document: Document): string[] {
  return compileIndex(index)
    .paths.filter(
      ({ path, components }) => !index.multikeyPaths.includes(path) && meetsArray(document, components),
    )
    .map(({ path }) => path);
}

/** The values of a key, for the error about a duplicate: of an array, the element that is in the key. */
export function valuesOfKey(index: IndexInfo, document: Document, key: Buffer): Document {
  const collation = collationOfIndex(index);
  const values: Document = {};
  for (const { path, direction } of index.fields) {
    const candidates = pathExists(document, path) ? distinctValuesAtPath(document, path) : [];
    const inKey = (value: unknown) => {
      const bytes = encodeValue(value, collation);
      return key.includes(direction < 0 ? invertBytes(bytes) : bytes);
    };
    values[path] = candidates.length > 1 ? candidates.find(inKey) : (candidates[0] ?? null);
  }
  return values;
}

function compileIndex(index: IndexInfo): CompiledIndex {
  const known = compiled.get(index);
  if (known) return known;
  const roots = new Set(index.fields.map((field) => rootOf(field.path)));
  if (index.partialFilter) collectRoots(index.partialFilter, roots);
  const collation = index.collation ? parseCollation(index.collation) : undefined;
  const partial = index.partialFilter ? compileFilter(index.partialFilter, { collation }) : undefined;
  const paths = index.fields.map(({ path }) => ({ path, components: path.split('.') }));
  const result = { collation, partial, paths, roots: [...roots] };
  compiled.set(index, result);
  return result;
}

function collectRoots(filter: Document, roots: Set<string>): void {
  for (const [name, value] of Object.entries(filter)) {
    if (!name.startsWith('$')) roots.add(rootOf(name));
    else if (Array.isArray(value)) for (const part of value) if (isDocument(part)) collectRoots(part, roots);
  }
}

function rootOf(path: string): string {
  const dot = path.indexOf('.');
  return dot < 0 ? path : path.slice(0, dot);
}
