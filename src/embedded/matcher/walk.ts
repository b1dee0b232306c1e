/**
 * Walks a dotted path of a filter. The rules are MongoDB's, including the surprising ones:
 * - an array on the way is entered element by element, but only into documents: of scalars and nested arrays nothing is
 *   seen, not even "missing", so `{'a.b': null}` does not match `{a: [1]}`;
 * - a numeric component addresses an array position as well as a field of that name in each element;
 * - an array at the end is seen element by element and then as a whole; one reached by position only as a whole;
 * - `$` stands for an element that was looked for, never for one that the path names by its position.
 */
import { getField, isArrayIndex } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';

/** Where in the outermost array the match happened; for `$`. */
export interface MatchDetails {
  position?: number | undefined;
}

/**
 * A compiled filter or part of one. The root is a document, or an array that stands for a document with its indices as
 * names (inside `$elemMatch`), or any value when the path is `THE_ELEMENT`.
 */
export type Node = (root: unknown, details?: MatchDetails) => boolean;

/** Whether one value satisfies an operator; undefined when the path leads nowhere. */
export type Predicate = (value: unknown, details?: MatchDetails) => boolean;

export interface Path {
  readonly text: string;
  readonly components: readonly string[];
  /** Per component, the array position that it can address, or -1. */
  readonly positions: readonly number[];
}

/** The path of zero components: the root itself, never entered. For operators inside `$elemMatch`. */
export const THE_ELEMENT: Path = { text: '', components: [], positions: [] };

/** No array was passed on the way. */
const NO_POSITION = -1;

export function parsePath(text: string): Path {
  const components = text.split('.');
  return {
    text,
    components,
    positions: components.map((name) => (isArrayIndex(name) ? Number(name) : NO_POSITION)),
  };
}

/**
 * A node that holds when any value at the path satisfies the predicate.
 * @param entersLeaf whether an array at the end is also seen element by element
 */
export function atPath(path: Path, predicate: Predicate, entersLeaf = true): Node {
  if (path.components.length === 0) return predicate;
  const only = path.components.length === 1 ? path.text : undefined;
  return (root, details) => {
    if (only !== undefined && !Array.isArray(root)) {
      const value = getField(root as Document, only);
      if (!Array.isArray(value)) return predicate(value, details);
    }
    return walk(root, path, 0, NO_POSITION, entersLeaf, predicate, details);
  };
}

function walk(
  root: unknown,
  path: Path,
  start: number,
  outerPosition: number,
  entersLeaf: boolean,
  predicate: Predicate,
  details: MatchDetails | undefined,
): boolean {
  const { components } = path;
  let value: unknown = root;
  let index = start;
  do {
    value = fieldOf(value, path, index);
    index++;
    if (Array.isArray(value)) break;
    if (index === components.length) return test(value, outerPosition, predicate, details);
  } while (isDocument(value));
  if (!Array.isArray(value)) return test(undefined, outerPosition, predicate, details);
  if (index < components.length)
    return walkElements(value, path, index, outerPosition, entersLeaf, predicate, details);
  if (entersLeaf) {
    for (let at = 0; at < value.length; at++) {
      if (test(value[at], outermost(outerPosition, at), predicate, details)) return true;
    }
  }
  return test(value, outerPosition, predicate, details);
}

function walkElements(
  elements: readonly unknown[],
  path: Path,
  index: number,
  outerPosition: number,
  entersLeaf: boolean,
  predicate: Predicate,
  details: MatchDetails | undefined,
): boolean {
  const addressed = path.positions[index];
  for (let at = 0; at < elements.length; at++) {
    const element = elements[at];
    if (isDocument(element)) {
      const position = outermost(outerPosition, at);
      if (walk(element, path, index, position, entersLeaf, predicate, details)) return true;
    }
    if (at !== addressed) continue;
    if (index + 1 === path.components.length) {
      if (test(element, outerPosition, predicate, details)) return true;
    } else if (isDocument(element) || Array.isArray(element)) {
      if (walk(element, path, index + 1, outerPosition, entersLeaf, predicate, details)) return true;
    }
  }
  return false;
}

function fieldOf(value: unknown, path: Path, index: number): unknown {
  if (!Array.isArray(value)) return getField(value as Document, path.components[index] as string);
  const position = path.positions[index] as number;
  return position === NO_POSITION ? undefined : value[position];
}

function outermost(outer: number, inner: number): number {
  return outer === NO_POSITION ? inner : outer;
}

function test(
  value: unknown,
  position: number,
  predicate: Predicate,
  details: MatchDetails | undefined,
): boolean {
  if (!predicate(value, details)) return false;
  if (details && position !== NO_POSITION) details.position = position;
  return true;
}
