/**
 * The tree of paths of one update. Two operators must not touch the same path or one inside the other, and fields are
 * made in the order of their names (numbers as numbers), whatever the order in the statement.
 * Source: https://www.mongodb.com/docs/manual/reference/operator/update/#update-operators-behavior
 */
import { isArrayIndex } from '../bson/fields.ts';
import { conflictingPaths, MongoError } from '../errors.ts';
import { compareUtf8 } from '../order/compare.ts';
import type { Leaf } from './outcome.ts';

export interface Branch {
  /** Children by field name, or by array filter identifier ('' for `$[]`) when `overElements`. */
  readonly children: Map<string, UpdateNode>;
  /** Whether the children apply to elements of an array (`$[]`, `$[identifier]`). */
  readonly overElements: boolean;
}

export type UpdateNode = { readonly leaf: Leaf; readonly path: string } | Branch;

export interface LeafAt {
  readonly path: string;
  readonly leaf: Leaf;
}

const ELEMENTS = /^\$\[(.*)\]$/;

/** Most drafts become leaves, so a list of children is made when the first one comes. */
interface Draft {
  leaf: LeafAt | undefined;
  children: Map<string, Draft> | undefined;
  overElements: boolean;
}

function newDraft(): Draft {
  return { leaf: undefined, children: undefined, overElements: false };
}

/** @throws MongoError 40 when two paths conflict, 56 for an empty component */
export function buildTree(leaves: readonly LeafAt[]): Branch {
  const root = newDraft();
  for (const leaf of leaves) insert(root, leaf);
  return finish(root) as Branch;
}

function insert(root: Draft, leaf: LeafAt): void {
  const components = leaf.path.split('.');
  let draft = root;
  for (let index = 0; index < components.length; index++) {
    const component = components[index] as string;
    if (component === '') {
      throw new MongoError(
        56,
        `The update path '${leaf.path}' contains an empty field name, which is not allowed.`,
      );
    }
    const elements = component.startsWith('$[') ? ELEMENTS.exec(component) : null;
    if (elements && index === 0) {
      throw new MongoError(
        2,
        `Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${leaf.path}'`,
      );
    }
    const overElements = elements !== null;
    if (draft.leaf || (draft.children && draft.overElements !== overElements)) {
      throw conflictingPaths(leaf.path, components.slice(0, index).join('.'));
    }
    draft.overElements = overElements;
    const name = elements?.[1] ?? component;
    draft.children ??= new Map();
    let child = draft.children.get(name);
    if (!child) {
      child = newDraft();
      draft.children.set(name, child);
    }
    draft = child;
  }
  if (draft.leaf || draft.children) throw conflictingPaths(leaf.path, leaf.path);
  draft.leaf = leaf;
}

function finish(draft: Draft): UpdateNode {
  if (draft.leaf) return draft.leaf;
  const entries: [string, UpdateNode][] = [];
  for (const [name, child] of draft.children ?? []) entries.push([name, finish(child)]);
  return branch(entries, draft.overElements);
}

function branch(entries: [string, UpdateNode][], overElements: boolean): Branch {
  if (entries.length > 1) entries.sort(([left], [right]) => compareNames(left, right));
  return { children: new Map(entries), overElements };
}

function compareNames(left: string, right: string): number {
  if (isArrayIndex(left) && isArrayIndex(right)) return Number(left) - Number(right);
  return compareUtf8(left, right);
}

/** Joins the updates of several identifiers that match one array element. */
export function mergeNodes(left: UpdateNode, right: UpdateNode, path: string): UpdateNode {
  if ('leaf' in left || 'leaf' in right) throw conflictingPaths(path, path);
  if (left.overElements !== right.overElements) throw conflictingPaths(path, path);
  const children = new Map(left.children);
  for (const [name, node] of right.children) {
    const present = children.get(name);
    children.set(name, present ? mergeNodes(present, node, `${path}.${name}`) : node);
  }
  return branch([...children], left.overElements);
}
