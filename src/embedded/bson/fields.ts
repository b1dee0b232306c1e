/**
 * Reading, writing and copying fields of documents in memory.
 * Field names come from clients: `constructor` and `__proto__` must be ordinary names, so nothing here may reach the
 * prototype chain.
 */
import { appendToOrder, fieldNames, movesToFront } from './field-order.ts';
import { type Document, isDocument } from './types.ts';

/** Own value of a field, `undefined` when it is missing. */
export function getField(document: Document, name: string): unknown {
  const value = document[name];
  // No BSON value is a function, so a function can only be an inherited method.
  if (typeof value === 'function') return undefined;
  if (name === '__proto__') return Object.hasOwn(document, name) ? value : undefined;
  return value;
}

/** Sets a field as an own property, whatever its name. */
export function setField(document: Document, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(document, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    if (movesToFront(name)) appendToOrder(document, name);
    document[name] = value;
  }
}

/** Copies documents and arrays at every depth; value classes are immutable here and are shared. */
export function cloneValue<T>(value: T): T;
export function cloneValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element: unknown) => cloneValue(element));
  return isDocument(value) ? cloneDocument(value) : value;
}

export function cloneDocument(document: Document): Document {
  const copy: Document = {};
  for (const name of fieldNames(document)) setField(copy, name, cloneValue(document[name]));
  return copy;
}

/** A copy of the top level only. Spreading defines own properties, so a field called `__proto__` survives. */
export function shallowCopy(document: Document): Document {
  return { ...document };
}

const ARRAY_INDEX = /^(?:0|[1-9][0-9]{0,9})$/;

/** Whether a path component can address an array element ("0", "12", never "01"). */
export function isArrayIndex(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 48 && first <= 57 && ARRAY_INDEX.test(name);
}
