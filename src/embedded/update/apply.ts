/** Applies a tree of updates to a document, copying only what changes. */

import { describeValue } from '../bson/describe.ts';
import { getField, isArrayIndex, setField, shallowCopy } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { badValue, MongoError, pathNotViable } from '../errors.ts';
import { type ApplyContext, REMOVED, UNCHANGED } from './outcome.ts';
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
    if (value === undefined) return this.missing(node, path);
    if (node.creates) {
      const [name] = node.children.keys();
      throw pathNotViable(
        `Cannot create field '${name}' in element {${lastName(path)}: ${describeValue(value)}}`,
      );
    }
    if (node.objects) {
      const [name] = node.children.keys();
      throw pathNotViable(
        `Cannot use the part (${name}) of (${path}.${name}) to traverse the element ({${lastName(path)}: ${describeValue(value)}})`,
      );
    }
    return UNCHANGED;
  }

  private missing(node: Branch, path: string): unknown {
    const made = this.document(node, {}, path);
    return made;
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
      if (!isArrayIndex(name)) {
        this.refuseName(child, name, array, path);
        continue;
      }
      const position = Number(name);
      this.refuseArray(child, path);
      const result = this.node(child, array[position], `${path}.${name}`);
      if (result === UNCHANGED) continue;
      copy ??= array.slice();
      if (position > copy.length + MAXIMUM_BACKFILL) {
        throw new MongoError(31, `can't backfill more than ${MAXIMUM_BACKFILL} elements`);
      }
      while (copy.length < position) copy.push(null);
      copy[position] = result === REMOVED ? null : result;
    }
    return copy ?? UNCHANGED;
  }

  /** A name that is no position cannot be made in an array. */
  private refuseName(child: UpdateNode, name: string, array: readonly unknown[], path: string): void {
    this.refuseArray(child, path);
    const creates = 'leaf' in child ? child.leaf.whenMissing === 'create' : child.creates;
    const objects = 'leaf' in child ? child.leaf.whenMissing !== 'ignore' : child.objects;
    const element = `{${lastName(path)}: ${describeValue(array)}}`;
    if (creates) throw pathNotViable(`Cannot create field '${name}' in element ${element}`);
    if (objects)
      throw pathNotViable(
        `Cannot use the part (${name}) of (${path}.${name}) to traverse the element (${element})`,
      );
  }

  private refuseArray(child: UpdateNode, path: string): void {
    if (!('leaf' in child)) {
      for (const node of child.children.values()) this.refuseArray(node, path);
    } else if (child.leaf.refusesArrays) {
      throw badValue(
        `The ${child.leaf.refusesArrays} field cannot be an array element, '${child.path}' in doc with _id: ${describeValue(this.context.original._id)} has an array field called '${lastName(path)}'`,
      );
    }
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
