/** Set expressions (arrays without order or doubles) and expressions on documents. */
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

function toSet(name: string, value: unknown, compiler?: Compiler): KeyedSet {
  return new Map(
    requireArray(name, value, 17047).map((element) => [
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
  return fromSet(new Map(values.flatMap((value) => [...toSet('$setUnion', value, compiler)])));
}

function intersection(values: readonly unknown[], compiler: Compiler): unknown {
  if (values.some(isNullish)) return null;
  const [first, ...others] = values.map((value) => toSet('$setIntersection', value, compiler));
  if (!first) return [];
  return fromSet(new Map([...first].filter(([key]) => others.every((other) => other.has(key)))));
}

function difference(left: unknown, right: unknown): unknown {
  if (isNullish(left) || isNullish(right)) return null;
  const remove = toSet('$setDifference', right);
  return [...toSet('$setDifference', left)].filter(([key]) => !remove.has(key)).map(([, value]) => value);
}

function allEqual(values: readonly unknown[], compiler: Compiler): boolean {
  const [first, ...others] = values.map((value) => toSet('$setEquals', value, compiler));
  return (
    first !== undefined &&
    others.every((other) => other.size === first.size && [...first.keys()].every((key) => other.has(key)))
  );
}

function isSubset(left: unknown, right: unknown): boolean {
  const container = toSet('$setIsSubset', right);
  return [...toSet('$setIsSubset', left).keys()].every((key) => container.has(key));
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

function arrayToObject(value: unknown): unknown {
  if (isNullish(value)) return null;
  const result: Document = {};
  for (const entry of requireArray('$arrayToObject', value, 40386)) {
    const [key, content] = Array.isArray(entry) ? entry : isDocument(entry) ? [entry.k, entry.v] : [];
    if (typeof key !== 'string')
      throw new MongoError(40394, '$arrayToObject requires an array of key-value pairs with string keys');
    if (key.includes('\0')) throw new MongoError(4940401, 'Key field cannot contain an embedded null byte');
    setField(result, key, content ?? null);
  }
  return result;
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
  $setEquals: variadic(allEqual),
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
