/**
 * Keys of a document in an index. A field that is an array gives one key per element (a multikey index); several
 * fields may lead through the same array, and then stay together element by element, but not through different ones.
 */
import type { Buffer } from 'node:buffer';
import { fieldEntries } from '../bson/field-order.ts';
import { getField, isArrayIndex } from '../bson/fields.ts';
import { BSON_UNDEFINED, type Document, isDocument } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import type { Collation } from './collation.ts';
import { encodeKey } from './encode.ts';

export interface IndexKeys {
  /** Distinct keys; descending fields are inverted. Missing fields are null. */
  readonly keys: Buffer[];
  /** Whether an array was met, also an empty one or one with a single element. */
  readonly multikey: boolean;
  /** Whether no field of the index exists in the document: such a document is left out of a sparse index. */
  readonly missing: boolean;
}

export interface IndexKeyOptions {
  readonly collation?: Collation | undefined;
  /** Leave out keys in which no field of the index exists. */
  readonly sparse?: boolean;
}

/** A field of a key: its path, and the path taken apart. */
export interface PathOfKey {
  readonly path: string;
  readonly components: readonly string[];
}

interface Field extends PathOfKey {
  readonly descending: boolean;
}

/** Where one field has got to: its value so far, and the components still to walk. */
interface Step {
  readonly value: unknown;
  readonly next: number;
}

/** The array at which a field stopped, and the number of components used up. */
interface ArrayStop {
  readonly array: readonly unknown[];
  readonly next: number;
}

/** CannotIndexParallelArrays. */
export const PARALLEL_ARRAYS = 171;

const patterns = new WeakMap<Document, readonly Field[]>();

/** @throws MongoError 171 when two fields lead through different arrays */
export function encodeIndexKey(
  document: Document,
  keyPattern: Document,
  options: IndexKeyOptions = {},
): IndexKeys {
  const fields = parsePattern(keyPattern);
  const plain = plainValues(document, fields);
  if (plain) {
    const missing = plain.every((value) => value === undefined);
    const keys = missing && options.sparse ? [] : [encodeKey(plain, fields, options.collation)];
    return { keys, multikey: false, missing };
  }
  const keys = new Map<string, Buffer>();
  let missing = true;
  const multikey = forEachCombination(document, fields, (values) => {
    const found = values.some((value) => value !== undefined);
    if (found) missing = false;
    else if (options.sparse) return;
    const key = encodeKey(values, fields, options.collation);
    keys.set(key.toString('latin1'), key);
  });
  return { keys: [...keys.values()], multikey, missing };
}

/** The values when no path is dotted and no array is met, which is the common case; else undefined. */
function plainValues(document: Document, fields: readonly Field[]): readonly unknown[] | undefined {
  const values: unknown[] = [];
  for (const field of fields) {
    if (field.components.length > 1) return undefined;
    const value = getField(document, field.path);
    if (Array.isArray(value)) return undefined;
    values.push(value);
  }
  return values;
}

/** How the paths of one document are walked. */
interface Walk {
  /** Whether an array that a path ends in by its position, not by its name, is one value. */
  readonly keepsArraysAtPositions: boolean;
}

const FOR_AN_INDEX: Walk = { keepsArraysAtPositions: false };

interface Expansion extends Walk {
  multikey: boolean;
}

/**
 * Calls back with the values of the fields for every combination of array elements; missing values are undefined.
 * @param keepsArraysAtPositions as a sort has it: of `{a: [[1, 2]]}` the value at `a.0` is then `[1, 2]`. An index takes
 *   that array apart too, so that it holds what an equality finds
 * @returns whether an array was met
 * @throws MongoError 171 when two fields lead through different arrays
 */
export function forEachCombination(
  document: Document,
  fields: readonly PathOfKey[],
  emit: (values: unknown[]) => void,
  keepsArraysAtPositions = false,
): boolean {
  const state: Expansion = { multikey: false, keepsArraysAtPositions };
  expand(
    fields,
    fields.map((): Step => ({ value: document, next: 0 })),
    state,
    emit,
  );
  return state.multikey;
}

function parsePattern(keyPattern: Document): readonly Field[] {
  const known = patterns.get(keyPattern);
  if (known) return known;
  const fields = fieldEntries(keyPattern).map(([path, direction]) => ({
    path,
    components: path.split('.'),
    descending: Number(direction) < 0,
  }));
  patterns.set(keyPattern, fields);
  return fields;
}

function expand(
  fields: readonly PathOfKey[],
  steps: readonly Step[],
  state: Expansion,
  emit: (values: unknown[]) => void,
): void {
  const walked = steps.map((step, index) => walk((fields[index] as PathOfKey).components, step, state));
  const stops = walked.filter((result): result is ArrayStop => isArrayStop(result));
  const array = stops[0]?.array;
  if (!array) {
    emit(walked);
    return;
  }
  state.multikey = true;
  if (stops.some((stop) => stop.array !== array)) refuseParallelArrays(fields, walked);
  const elements = array.length === 0 ? [undefined] : array;
  for (const element of elements) {
    const next = walked.map((result, index): Step => {
      const components = (fields[index] as PathOfKey).components;
      if (!isArrayStop(result)) return { value: result, next: components.length + 1 };
      return enter(result, element, components, array.length === 0);
    });
    expand(fields, next, state, emit);
  }
}

/** The step of one field into one element of the array at which it stopped. */
function enter(stop: ArrayStop, element: unknown, components: readonly string[], empty: boolean): Step {
  const done = components.length + 1;
  if (stop.next === components.length) return { value: empty ? BSON_UNDEFINED : element, next: done };
  // A scalar or a nested array has no fields: the rest of the path is missing there.
  return isDocument(element) ? { value: element, next: stop.next } : { value: undefined, next: done };
}

class Stop implements ArrayStop {
  readonly array: readonly unknown[];
  readonly next: number;
  constructor(array: readonly unknown[], next: number) {
    this.array = array;
    this.next = next;
  }
}

function isArrayStop(value: unknown): value is ArrayStop {
  return value instanceof Stop;
}

/** Whether a path leads to an array that an index takes apart, or through one. */
export function meetsArray(document: Document, components: readonly string[]): boolean {
  return isArrayStop(walk(components, { value: document, next: 0 }, FOR_AN_INDEX));
}

/** Walks a path until its end or the first array that must be taken apart. */
function walk(components: readonly string[], step: Step, { keepsArraysAtPositions }: Walk): unknown {
  let value = step.value;
  let next = step.next;
  let byPosition = false;
  // One past the end marks an element that was already taken from its array.
  if (next > components.length) return value;
  while (next < components.length) {
    const name = components[next] as string;
    byPosition = Array.isArray(value);
    if (Array.isArray(value)) {
      if (!isArrayIndex(name) || isOnlyName(value, name)) return new Stop(value, next);
      value = value[Number(name)];
    } else if (isDocument(value)) {
      value = getField(value, name);
    } else {
      return undefined;
    }
    next++;
  }
  return Array.isArray(value) && !(byPosition && keepsArraysAtPositions) ? new Stop(value, next) : value;
}

/**
 * Whether a number in a path is the name of a field of the elements, and no position in the array.
 * @throws MongoError 16746 when it is both
 */
function isOnlyName(array: readonly unknown[], name: string): boolean {
  const isName = array.some((element) => isDocument(element) && getField(element, name) !== undefined);
  if (isName && Number(name) < array.length) {
    throw new MongoError(
      16746,
      `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${name}'`,
    );
  }
  return isName;
}

/** MongoDB names the two arrays themselves, the later one first. */
function refuseParallelArrays(fields: readonly PathOfKey[], walked: readonly unknown[]): never {
  const names = new Map<unknown, string | undefined>();
  fields.forEach(({ components }, index) => {
    const stop = walked[index];
    if (isArrayStop(stop)) names.set(stop.array, components[stop.next - 1]);
  });
  const [first, second] = names.values();
  throw new MongoError(PARALLEL_ARRAYS, `cannot index parallel arrays [${second}] [${first}]`);
}
