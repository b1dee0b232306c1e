// The format's rules for comparing: numbers by value, extra fields allowed at the root only, and the `$$` operators.
import { isDeepStrictEqual } from 'node:util';
import { driver, textOf } from './driver.ts';
import type { Entities } from './entities.ts';

type Fields = Record<string, unknown>;
type Special = (expected: unknown, actual: unknown, entities: Entities, path: string) => void;

class Mismatch extends Error {}

function differ(path: string, expected: unknown, actual: unknown): never {
  throw new Mismatch(`${path || 'value'}: expected ${show(expected)}, found ${show(actual)}`);
}

const show = (value: unknown): string => (value === undefined ? 'nothing' : textOf(value));

/** @throws Mismatch with the path of the first difference */
export function match(
  expected: unknown,
  actual: unknown,
  entities: Entities,
  path = '',
  isRoot = true,
): void {
  const special = specialOf(expected);
  if (special) special[0](special[1], actual, entities, path);
  else if (Array.isArray(expected)) matchArray(expected, actual, entities, path, isRoot);
  else if (isPlain(expected)) matchFields(expected, actual, entities, path, isRoot);
  else if (!sameValue(expected, actual)) differ(path, expected, actual);
}

/** The documents of a result are roots, each of them. */
function matchArray(
  expected: unknown[],
  actual: unknown,
  entities: Entities,
  path: string,
  isRoot: boolean,
): void {
  if (!Array.isArray(actual) || actual.length !== expected.length) differ(path, expected, actual);
  expected.forEach((part, at) => {
    match(part, actual[at], entities, `${path}[${at}]`, isRoot);
  });
}

function matchFields(
  expected: Fields,
  actual: unknown,
  entities: Entities,
  path: string,
  isRoot: boolean,
): void {
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) differ(path, expected, actual);
  // A reply may be a map or an object with getters; both have their fields by name.
  const found = actual instanceof Map ? (Object.fromEntries(actual) as Fields) : (actual as Fields);
  for (const [name, part] of Object.entries(expected)) {
    if (specialOf(part) === undefined && found[name] === undefined)
      differ(`${path}.${name}`, part, undefined);
    match(part, found[name], entities, `${path}.${name}`, false);
  }
  if (isRoot) return;
  const extra = Object.keys(found).find((name) => found[name] !== undefined && !(name in expected));
  if (extra !== undefined) differ(`${path}.${extra}`, undefined, found[extra]);
}

function sameValue(expected: unknown, actual: unknown): boolean {
  const [a, b] = [numberOf(expected), numberOf(actual)];
  if (a !== undefined || b !== undefined) return a === b;
  return isDeepStrictEqual(expected, actual) || textOf(expected) === textOf(actual);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const { Long, Double, Int32 } = driver;
  if (value instanceof Long) return value.toNumber();
  return value instanceof Double || value instanceof Int32 ? Number(value.value) : undefined;
}

function isPlain(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function specialOf(expected: unknown): [Special, unknown] | undefined {
  if (!isPlain(expected)) return undefined;
  const [name, ...others] = Object.keys(expected);
  if (!name?.startsWith('$$') || others.length > 0) return undefined;
  const special = SPECIALS[name];
  if (!special) throw new Error(`the runner does not know ${name}`);
  return [special, expected[name]];
}

const SPECIALS: Record<string, Special> = {
  $$exists(expected, actual, _, path) {
    if ((actual !== undefined) !== expected) differ(path, expected ? 'something' : undefined, actual);
  },
  $$unsetOrMatches(expected, actual, entities, path) {
    if (actual !== undefined) match(expected, actual, entities, path, path === '');
  },
  $$type(expected, actual, _, path) {
    const names = [expected].flat() as string[];
    if (!names.some((name) => hasType(actual, name))) differ(path, names, actual);
  },
  $$matchesEntity: (expected, actual, entities, path) =>
    match(entities.get(String(expected)), actual, entities, path, false),
  $$matchesHexBytes(expected, actual, _, path) {
    const hex = actual instanceof Uint8Array ? Buffer.from(actual).toString('hex') : undefined;
    if (hex !== String(expected).toLowerCase()) differ(path, expected, hex);
  },
  $$sessionLsid: (expected, actual, entities, path) =>
    match(entities.session(String(expected)).id, actual, entities, path, false),
  $$matchAsDocument: (expected, actual, entities, path) => match(expected, actual, entities, path, false),
  $$matchAsRoot: (expected, actual, entities, path) => match(expected, actual, entities, path, true),
  $$lte(expected, actual, _, path) {
    if (!(Number(actual) <= Number(expected))) differ(path, `at most ${String(expected)}`, actual);
  },
};

/** The driver hands out integers as numbers, so int and long look alike here. */
function hasType(value: unknown, name: string): boolean {
  const { Long, Double, Binary, ObjectId, Timestamp } = driver;
  switch (name) {
    case 'int':
      return Number.isInteger(value);
    case 'long':
      return Number.isInteger(value) || value instanceof Long || typeof value === 'bigint';
    case 'double':
      return typeof value === 'number' || value instanceof Double;
    case 'number':
      return numberOf(value) !== undefined;
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'objectId':
      return value instanceof ObjectId;
    case 'binData':
      return value instanceof Binary || value instanceof Uint8Array;
    case 'date':
      return value instanceof Date;
    case 'timestamp':
      return value instanceof Timestamp;
    case 'null':
      return value === null;
    default:
      throw new Error(`the runner does not know the type ${name}`);
  }
}
