/** Set expressions (arrays without order or doubles) and expressions on documents. */
import { describeValue } from '../bson/describe.ts';
import { fieldEntries, fieldNames } from '../bson/field-order.ts';
import { getField, setField, shallowCopy } from '../bson/fields.ts';
import { type Document, isDocument, isNullish, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { compareValues } from '../order/compare.ts';
import { encodeValue } from '../order/encode.ts';
import { requireArray } from './arrays.ts';
import {
  type Compiler,
  type Evaluate,
  fixed,
  namedArguments,
  type OperatorCompiler,
  variadic,
} from './scope.ts';
import { isTruthy } from './truth.ts';

type KeyedSet = Map<string, unknown>;

function toSet(name: string, value: unknown, code: number, compiler?: Compiler): KeyedSet {
  return new Map(
    requireArray(name, value, code).map((element) => [
      encodeValue(element, compiler?.collation).toString('latin1'),
      element,
    ]),
  );
}

/** MongoDB answers sets in the order of the values. */
function fromSet(set: KeyedSet): unknown[] {
  return [...set.values()].sort((left, right) => compareValues(left, right));
}

function union(values: readonly unknown[], compiler: Compiler): unknown {
  if (values.some(isNullish)) return null;
  return fromSet(new Map(values.flatMap((value) => [...toSet('$setUnion', value, 17043, compiler)])));
}

function intersection(values: readonly unknown[], compiler: Compiler): unknown {
  if (values.some(isNullish)) return null;
  const [first, ...others] = values.map((value) => toSet('$setIntersection', value, 17047, compiler));
  if (!first) return [];
  return fromSet(new Map([...first].filter(([key]) => others.every((other) => other.has(key)))));
}

function difference(left: unknown, right: unknown): unknown {
  if (isNullish(left) || isNullish(right)) return null;
  const remove = toSet('$setDifference', right, 17049);
  return [...toSet('$setDifference', left, 17048)]
    .filter(([key]) => !remove.has(key))
    .map(([, value]) => value);
}

const compileSetEquals: OperatorCompiler = (operand, compiler, name) => {
  const count = Array.isArray(operand) ? operand.length : 1;
  if (count < 2) throw new MongoError(17045, `${name} needs at least two arguments had: ${count}`);
  return variadic(allEqual)(operand, compiler, name);
};

function allEqual(values: readonly unknown[], compiler: Compiler): boolean {
  const [first, ...others] = values.map((value) => toSet('$setEquals', value, 17044, compiler));
  return (
    first !== undefined &&
    others.every((other) => other.size === first.size && [...first.keys()].every((key) => other.has(key)))
  );
}

function isSubset(left: unknown, right: unknown): boolean {
  const part = toSet('$setIsSubset', left, 17046);
  const container = toSet('$setIsSubset', right, 17042);
  return [...part.keys()].every((key) => container.has(key));
}

function mergeObjects(values: readonly unknown[]): Document {
  const merged: Document = {};
  const [only] = values;
  for (const value of values.length === 1 && Array.isArray(only) ? only : values) {
    if (isNullish(value)) continue;
    if (!isDocument(value))
      throw new MongoError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeName(typeOf(value))}`,
      );
    for (const name of fieldNames(value)) setField(merged, name, value[name]);
  }
  return merged;
}

function objectToArray(value: unknown): unknown {
  if (isNullish(value)) return null;
  if (!isDocument(value))
    throw new MongoError(
      40390,
      `$objectToArray requires a document input, found: ${typeName(typeOf(value))}`,
    );
  return fieldEntries(value).map(([k, v]) => ({ k, v }));
}

/** Pairs `[name, value]`, or `{k, v}`: all in the form of the first. */
function arrayToObject(value: unknown): unknown {
  if (isNullish(value)) return null;
  const entries = requireArray('$arrayToObject', value, 40386);
  const readPair = Array.isArray(entries[0]) ? arrayPair : documentPair;
  const result: Document = {};
  for (const [index, entry] of entries.entries()) {
    const [key, content] = readPair(entry, index);
    setField(result, key, content ?? null);
  }
  return result;
}

function arrayPair(entry: unknown): [string, unknown] {
  if (!Array.isArray(entry)) throw mixedPairs(40396, 'Array', entry);
  if (entry.length !== 2)
    throw new MongoError(
      40397,
      `$arrayToObject requires an array of size 2 arrays,found array of size: ${entry.length}`,
    );
  const [key, content] = entry;
  if (typeof key !== 'string')
    throw new MongoError(
      40395,
      `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${typeName(typeOf(key))}`,
    );
  if (key.includes('\0')) throw new MongoError(4940400, 'Key field cannot contain an embedded null byte');
  return [key, content];
}

function documentPair(entry: unknown, index: number): [string, unknown] {
  if (!isDocument(entry)) {
    if (index > 0) throw mixedPairs(40391, 'Object', entry);
    throw new MongoError(
      40398,
      `Unrecognised input type format for $arrayToObject: ${typeName(typeOf(entry))}`,
    );
  }
  const count = Object.keys(entry).length;
  if (count !== 2)
    throw new MongoError(
      40392,
      `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${count}`,
    );
  const { k: key, v: content } = entry;
  if (key === undefined || content === undefined)
    throw new MongoError(
      40393,
      `$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: ${describeValue(entry)}`,
    );
  if (typeof key !== 'string')
    throw new MongoError(
      40394,
      `$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${typeName(typeOf(key))}`,
    );
  if (key.includes('\0')) throw new MongoError(4940401, 'Key field cannot contain an embedded null byte');
  return [key, content];
}

function mixedPairs(code: number, expected: string, found: unknown): MongoError {
  return new MongoError(
    code,
    `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. ${expected} was detected, now found: ${typeName(typeOf(found))}`,
  );
}

function compileGetField(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given =
    isDocument(operand) && operand.field !== undefined
      ? namedArguments(name, operand, ['field'], ['input'])
      : { field: operand };
  const field = constantString(name, given.field);
  const input = compiler.compile(given.input === undefined ? '$$CURRENT' : given.input);
  return (scope) => {
    const value = input(scope);
    return isDocument(value) ? getField(value, field) : isNullish(value) ? null : undefined;
  };
}

function constantString(name: string, value: unknown): string {
  const text = isDocument(value) ? value.$literal : value;
  if (typeof text === 'string' && (isDocument(value) || !text.startsWith('$'))) return text;
  throw new MongoError(5654602, `${name} requires 'field' to evaluate to a constant string`);
}

/** `$setField` and `$unsetField`, which is the former with `$$REMOVE`. */
function compileSetField(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const removes = name === '$unsetField';
  const given = namedArguments(name, operand, removes ? ['field', 'input'] : ['field', 'input', 'value']);
  const field = constantString(name, given.field);
  const input = compiler.compile(given.input);
  const content = compiler.compile(removes ? '$$REMOVE' : given.value);
  return (scope) => {
    const document = input(scope);
    if (isNullish(document)) return null;
    if (!isDocument(document))
      throw new MongoError(4161105, `${name} requires 'input' to evaluate to type Object`);
    const copy = shallowCopy(document);
    const value = content(scope);
    if (value === undefined) delete copy[field];
    else setField(copy, field, value);
    return copy;
  };
}

export const SET_AND_OBJECT_OPERATORS: Readonly<Record<string, OperatorCompiler>> = {
  $setUnion: variadic(union),
  $setIntersection: variadic(intersection),
  $setDifference: fixed(2, difference),
  $setEquals: compileSetEquals,
  $setIsSubset: fixed(2, isSubset),
  $anyElementTrue: fixed(1, (array) => requireArray('$anyElementTrue', array, 17041).some(isTruthy)),
  $allElementsTrue: fixed(1, (array) => requireArray('$allElementsTrue', array, 17040).every(isTruthy)),
  $mergeObjects: variadic(mergeObjects),
  $objectToArray: fixed(1, objectToArray),
  $arrayToObject: fixed(1, arrayToObject),
  $getField: compileGetField,
  $setField: compileSetField,
  $unsetField: compileSetField,
};
