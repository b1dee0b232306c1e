/** Applies a tree of updates to a document, copying only what changes. */

import { describeValue } from '../bson/describe.ts';
import { getField, isArrayIndex, setField, shallowCopy } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { badValue, MongoError, pathNotViable } from '../errors.ts';
import { type ApplyContext, type Leaf, REMOVED, UNCHANGED } from './outcome.ts';
import { type Branch, mergeNodes, type UpdateNode } from './tree.ts';

/** MongoDB's limit on the nulls that a position beyond an array's end adds. */
const MAXIMUM_BACKFILL = 1_500_000;

export type ElementFilters = ReadonlyMap<string, (element: unknown) => boolean>;

export class TreeApplication {
  private readonly context: ApplyContext;
  private readonly filters: ElementFilters;

  constructor(context: ApplyContext, filters: ElementFilters) {
    this.context = context;
    this.filters = filters;
  }

  /** The new document, or the given one when nothing changed. */
  run(tree: Branch, document: Document): Document {
    const result = this.document(tree, document, '');
    return result === UNCHANGED ? document : (result as Document);
  }

  private node(node: UpdateNode, value: unknown, path: string): unknown {
    if ('leaf' in node) return node.leaf.apply(value, this.context, path);
    if (node.overElements) return this.elements(node, value, path);
    if (Array.isArray(value)) return this.array(node, value, path);
    if (isDocument(value)) return this.document(node, value, path);
    if (value === undefined) return this.document(node, {}, path);
    for (const [name, child] of node.children) this.refuseObstacle(child, name, value, path);
    return UNCHANGED;
  }

  private document(node: Branch, document: Document, path: string): unknown {
    let copy: Document | undefined;
    for (const [name, child] of node.children) {
      const result = this.node(child, getField(document, name), path === '' ? name : `${path}.${name}`);
      if (result === UNCHANGED) continue;
      copy ??= shallowCopy(document);
      if (result === REMOVED) delete copy[name];
      else setField(copy, name, result);
    }
    return copy ?? UNCHANGED;
  }

  private array(node: Branch, array: readonly unknown[], path: string): unknown {
    let copy: unknown[] | undefined;
    for (const [name, child] of node.children) {
      this.refuseArray(child, path);
      if (!isArrayIndex(name)) {
        this.refuseObstacle(child, name, array, path);
        continue;
      }
      const position = Number(name);
      const result = this.node(child, array[position], `${path}.${name}`);
      if (result === UNCHANGED) continue;
      copy ??= array.slice();
      if (position > copy.length + MAXIMUM_BACKFILL) {
        throw new MongoError(34, `can't backfill more than ${MAXIMUM_BACKFILL} elements`);
      }
      while (copy.length < position) copy.push(null);
      copy[position] = result === REMOVED ? null : result;
    }
    return copy ?? UNCHANGED;
  }

  /** `value` is neither a document nor (for this name) an array: nothing can be made or found below it. */
  private refuseObstacle(child: UpdateNode, name: string, value: unknown, path: string): void {
    const effect = this.effectOn(child);
    if (effect === 'ignore') return;
    const element = `{${lastName(path)}: ${describeValue(value)}}`;
    if (effect === 'create') throw pathNotViable(`Cannot create field '${name}' in element ${element}`);
    throw pathNotViable(
      `Cannot use the part (${name}) of (${path}.${name}) to traverse the element (${element})`,
    );
  }

  /** What the operators below a path that does not exist want to do with it. */
  private effectOn(node: UpdateNode): Leaf['whenMissing'] {
    if ('leaf' in node) return node.leaf.applies?.(this.context) === false ? 'ignore' : node.leaf.whenMissing;
    const effects = Array.from(node.children.values(), (child) => this.effectOn(child));
    return (
      effects.find((effect) => effect === 'create') ?? effects.find((effect) => effect === 'keep') ?? 'ignore'
    );
  }

  private refuseArray(child: UpdateNode, path: string): void {
    if (!('leaf' in child)) {
      for (const node of child.children.values()) this.refuseArray(node, path);
      return;
    }
    const { refusesArrays, applies } = child.leaf;
    if (!refusesArrays || applies?.(this.context) === false) return;
    throw badValue(
      `The ${refusesArrays} field cannot be an array element, '${child.path}' in doc with _id: ${describeValue(this.context.original._id)} has an array field called '${lastName(path)}'`,
    );
  }

  /** `$[]` and `$[identifier]`. */
  private elements(node: Branch, value: unknown, path: string): unknown {
    if (value === undefined) {
      throw badValue(`The path '${path}' must exist in the document in order to apply array updates.`);
    }
    if (!Array.isArray(value)) {
      throw badValue(
        `Cannot apply array updates to non-array element ${lastName(path)}: ${describeValue(value)}`,
      );
    }
    let copy: unknown[] | undefined;
    value.forEach((element: unknown, position) => {
      const child = this.childFor(node, element, `${path}.${position}`);
      if (!child) return;
      const result = this.node(child, element, `${path}.${position}`);
      if (result === UNCHANGED) return;
      copy ??= value.slice();
      copy[position] = result === REMOVED ? null : result;
    });
    return copy ?? UNCHANGED;
  }

  private childFor(node: Branch, element: unknown, path: string): UpdateNode | undefined {
    let merged: UpdateNode | undefined;
    for (const [identifier, child] of node.children) {
      const matches = identifier === '' || this.filters.get(identifier)?.(element);
      if (matches) merged = merged ? mergeNodes(merged, child, path) : child;
    }
    return merged;
  }
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
