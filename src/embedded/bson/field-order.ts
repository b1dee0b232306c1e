/**
 * The order of a document's fields where it differs from JavaScript's. An object has its integer-like names ("7") first and
 * in ascending order, wherever they were set; BSON has them where they stand. Only documents with such names carry an
 * order of their own, under a symbol that copies by spreading take along, so all others cost nothing but a look.
 */
import type { Document } from './types.ts';

const ORDER = Symbol('order of fields');

interface Order {
  /** The document that may add to the names; a copy that was spread from it makes a list of its own first. */
  owner: Document;
  names: string[];
}

interface Ordered {
  [ORDER]?: Order;
}

const INTEGER_NAME = /^(?:0|[1-9]\d{0,9})$/;

/** Whether JavaScript would move a field of this name to the front. */
export function movesToFront(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 48 && first <= 57 && INTEGER_NAME.test(name);
}

/** Names of the fields in the document's order. */
export function fieldNames(document: Document): readonly string[] {
  const order = (document as Ordered)[ORDER];
  return order === undefined ? Object.keys(document) : reconciled(document, order.names);
}

/** Fields that were removed since are left out, new ones come at the end. */
function reconciled(document: Document, order: readonly string[]): readonly string[] {
  const names = order.filter((name) => Object.hasOwn(document, name));
  const own = Object.keys(document);
  if (names.length === own.length) return names;
  const known = new Set(names);
  return [...names, ...own.filter((name) => !known.has(name))];
}

/** Name and value of each field in the document's order. */
export function fieldEntries(document: Document): [string, unknown][] {
  return fieldNames(document).map((name) => [name, document[name]]);
}

/** Gives a document an order of its own; nothing is kept where it is JavaScript's. */
export function setFieldOrder(document: Document, names: string[]): void {
  const own = Object.keys(document);
  if (own.every((name, index) => name === names[index])) return;
  (document as Ordered)[ORDER] = { owner: document, names };
}

/** To be called before a field whose name moves to the front is set anew: it belongs to the end. */
export function appendToOrder(document: Document, name: string): void {
  if (Object.hasOwn(document, name)) return;
  const order = (document as Ordered)[ORDER];
  if (order === undefined && isLastAnyway(document, name)) return;
  // A name that was removed before is still in the list, at a place that is no longer its own.
  if (order?.owner === document && !order.names.includes(name)) order.names.push(name);
  else (document as Ordered)[ORDER] = { owner: document, names: [...fieldNames(document), name] };
}

/** Nothing but smaller numbers is there, so JavaScript keeps the place. */
function isLastAnyway(document: Document, name: string): boolean {
  const last = Object.keys(document).at(-1);
  return last === undefined || (movesToFront(last) && Number(last) < Number(name));
}

/** A copy with one field in first place, which it may have had elsewhere or not at all. */
export function withFirst(document: Document, name: string, value: unknown): Document {
  const copy: Document = { [name]: value, ...document };
  copy[name] = value;
  const order = (document as Ordered)[ORDER];
  if (order === undefined && Object.keys(copy)[0] === name) return copy;
  const others = fieldNames(document).filter((each) => each !== name);
  (copy as Ordered)[ORDER] = { owner: copy, names: [name, ...others] };
  return copy;
}
