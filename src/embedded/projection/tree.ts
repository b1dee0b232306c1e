/**
 * The tree of paths of a projection. The same tree serves find's projection, `$project`, `$set` and `$unset`; what differs
 * is how the specification is read (parse.ts) and what else is done (array-operators.ts).
 */
import { fieldNames } from '../bson/field-order.ts';
import { fieldPathComponents } from '../bson/field-path.ts';
import { getField, setField } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { MongoError } from '../errors.ts';

/** A value computed from the whole document; undefined removes or omits the field. */
export type Compute = (root: Document) => unknown;

export type ProjectionNode =
  | { readonly kind: 'include' }
  | { readonly kind: 'exclude' }
  | { readonly kind: 'compute'; readonly compute: Compute }
  | { readonly kind: 'branch'; readonly children: Map<string, ProjectionNode> };

export interface Branch {
  readonly kind: 'branch';
  readonly children: Map<string, ProjectionNode>;
}

export function newBranch(): Branch {
  return { kind: 'branch', children: new Map() };
}

/** @throws MongoError 31249 or 31250 when two paths collide */
export function insertPath(root: Branch, path: string, node: ProjectionNode): void {
  const components = fieldPathComponents(path);
  let branch = root;
  components.forEach((name, index) => {
    const present = branch.children.get(name);
    if (index === components.length - 1) {
      if (present) throw new MongoError(31250, `Path collision at ${path}`);
      branch.children.set(name, node);
    } else if (!present) {
      const child = newBranch();
      branch.children.set(name, child);
      branch = child;
    } else if (present.kind === 'branch') {
      branch = present;
    } else {
      throw new MongoError(
        31249,
        `Path collision at ${path} remaining portion ${components.slice(index + 1).join('.')}`,
      );
    }
  });
}

/** Keeps the included fields, in the document's order. Of an array only documents (and arrays of them) stay. */
export function include(branch: Branch, document: Document): Document {
  const result: Document = {};
  for (const name of fieldNames(document)) {
    const child = branch.children.get(name);
    if (!child || child.kind === 'compute' || child.kind === 'exclude') continue;
    const value = child.kind === 'include' ? document[name] : includeValue(child, document[name]);
    if (value !== undefined) setField(result, name, value);
  }
  return result;
}

function includeValue(branch: Branch, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => includeValue(branch, element)).filter((element) => element !== undefined);
  }
  return isDocument(value) ? include(branch, value) : undefined;
}

/** Leaves out the excluded fields. */
export function exclude(branch: Branch, document: Document): Document {
  const result: Document = {};
  for (const name of fieldNames(document)) {
    const child = branch.children.get(name);
    if (child?.kind === 'exclude') continue;
    setField(result, name, child?.kind === 'branch' ? excludeValue(child, document[name]) : document[name]);
  }
  return result;
}

function excludeValue(branch: Branch, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => excludeValue(branch, element));
  return isDocument(value) ? exclude(branch, value) : value;
}

/**
 * Adds computed fields to `target`, which is changed in place at this level. In an array each element gets them; a scalar
 * in the way gives way to a document.
 */
export function addComputed(branch: Branch, target: Document, root: Document): Document {
  for (const [name, child] of branch.children) {
    if (child.kind === 'compute') {
      const value = child.compute(root);
      if (value === undefined) delete target[name];
      else setField(target, name, value);
    } else if (child.kind === 'branch' && hasComputed(child)) {
      setField(target, name, computedValue(child, getField(target, name), root));
    }
  }
  return target;
}

function computedValue(branch: Branch, value: unknown, root: Document): unknown {
  if (Array.isArray(value)) return value.map((element) => computedValue(branch, element, root));
  return addComputed(branch, isDocument(value) ? { ...value } : {}, root);
}

export function hasComputed(branch: Branch): boolean {
  for (const child of branch.children.values()) {
    if (child.kind === 'compute' || (child.kind === 'branch' && hasComputed(child))) return true;
  }
  return false;
}
