/** Array expressions. Null or missing input gives null. */
import { type Numeric, toNumber } from '../arithmetic/numbers.ts';
import { isDocument, isNullish, isNumeric, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { compareValues, equalValues } from '../order/compare.ts';
import { elementOrder } from '../order/element-order.ts';
import { compileSort } from '../sorter.ts';
import { checkVariableName } from './field-path.ts';
import { range } from './range.ts';
import {
  argumentList,
  between,
  type Compiler,
  type Evaluate,
  fixed,
  namedArguments,
  type OperatorCompiler,
  variadic,
  withVariables,
} from './scope.ts';
import { isTruthy } from './truth.ts';

/** @throws MongoError when the value is no array */
export function requireArray(name: string, value: unknown, code: number): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new MongoError(code, `${name} requires an array argument, found: ${typeName(typeOf(value))}`);
}

/** @param fractionCode of a number that is not whole, where MongoDB tells it apart */
export function requireInteger(name: string, value: unknown, code: number, fractionCode = code): number {
  const number = isNumeric(value) ? toNumber(value as Numeric) : undefined;
  if (Number.isInteger(number)) return number as number;
  const found = `${name} requires a whole number, found: ${typeName(typeOf(value))}`;
  throw new MongoError(number === undefined ? code : fractionCode, found);
}

function elementAt(array: unknown, position: unknown): unknown {
  if (isNullish(array) || isNullish(position)) return null;
  const elements = requireArray('$arrayElemAt', array, 28689);
  return elements.at(requireInteger('$arrayElemAt', position, 28690, 28691));
}

function endOf(name: string, position: 0 | -1): OperatorCompiler {
  return fixed(1, (array) => (isNullish(array) ? null : requireArray(name, array, 28689).at(position)));
}

function slice(array: unknown, first: unknown, second?: unknown): unknown {
  if (isNullish(array) || isNullish(first)) return null;
  const elements = requireArray('$slice', array, 28724);
  const start = requireInteger('$slice', first, 28725, 28726);
  if (second === undefined) return start >= 0 ? elements.slice(0, start) : elements.slice(start);
  if (isNullish(second)) return null;
  const count = requireInteger('$slice', second, 28727, 28728);
  if (count <= 0) throw new MongoError(28729, `Third argument to $slice must be positive: ${count}`);
  const from = start >= 0 ? start : Math.max(elements.length + start, 0);
  return elements.slice(from, from + count);
}

function concatArrays(values: readonly unknown[]): unknown {
  if (values.some(isNullish)) return null;
  return values.flatMap((value) => requireArray('$concatArrays', value, 28664));
}

function contains(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const [needle, haystack, ...others] = argumentList(operand, compiler);
  if (!needle || !haystack || others.length > 0)
    throw new MongoError(16020, `Expression ${name} takes exactly 2 arguments.`);
  return (scope) => {
    const value = needle(scope);
    const array = requireArray('$in', haystack(scope), 40081);
    return array.some((element) => equalValues(element, value, compiler.collation));
  };
}

function indexOfArray(array: unknown, value: unknown, start: unknown = 0, end?: unknown): unknown {
  if (isNullish(array)) return null;
  const elements = requireArray('$indexOfArray', array, 40090);
  const from = requireInteger('$indexOfArray', start, 40096);
  const to = end === undefined ? elements.length : requireInteger('$indexOfArray', end, 40096);
  if (from < 0 || to < 0) throw new MongoError(40097, '$indexOfArray requires a nonnegative index');
  return elements.findIndex((element, index) => index >= from && index < to && equalValues(element, value));
}

/** `$filter` and `$map`: a body evaluated with each element in a variable. */
function overElements(
  bodyName: 'cond' | 'in',
  optional: readonly string[],
  combine: (array: readonly unknown[], body: (element: unknown) => unknown, limit: number) => unknown[],
): OperatorCompiler {
  return (operand, compiler, name) => {
    const given = namedArguments(name, operand, ['input', bodyName], ['as', ...optional]);
    const variable = given.as === undefined ? 'this' : String(given.as);
    checkVariableName(variable);
    const input = compiler.compile(given.input);
    const body = compiler.compile(given[bodyName]);
    const limit = given.limit === undefined ? undefined : compiler.compile(given.limit);
    return (scope) => {
      const array = input(scope);
      if (isNullish(array)) return null;
      const most = limit ? limitOf(limit(scope)) : Number.POSITIVE_INFINITY;
      return combine(
        requireArray(name, array, name === '$map' ? 16883 : 28651),
        (element) => body(withVariables(scope, [[variable, element]])),
        most,
      );
    };
  };
}

function limitOf(value: unknown): number {
  if (isNullish(value)) return Number.POSITIVE_INFINITY;
  const limit = requireInteger('$filter', value, 327391);
  if (limit < 1) throw new MongoError(327392, '$filter: limit must be greater than 0');
  return limit;
}

function reduce(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = namedArguments(name, operand, ['input', 'initialValue', 'in']);
  const input = compiler.compile(given.input);
  const initial = compiler.compile(given.initialValue);
  const body = compiler.compile(given.in);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    return requireArray(name, array, 40080).reduce(
      (value, element) =>
        body(
          withVariables(scope, [
            ['value', value],
            ['this', element],
          ]),
        ),
      initial(scope),
    );
  };
}

function zip(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = namedArguments(name, operand, ['inputs'], ['useLongestLength', 'defaults']);
  if (!Array.isArray(given.inputs)) throw new MongoError(34461, 'inputs must be an array of expressions');
  if (given.inputs.length === 0)
    throw new MongoError(34465, '$zip requires at least one input array, found none');
  const inputs = given.inputs.map((input) => compiler.compile(input));
  const { useLongestLength: longest = false } = given;
  if (typeof longest !== 'boolean')
    throw new MongoError(34463, `useLongestLength must be a bool, found ${typeName(typeOf(longest))}`);
  const defaults = Array.isArray(given.defaults)
    ? given.defaults.map((value) => compiler.compile(value))
    : [];
  if (defaults.length > 0 && !longest)
    throw new MongoError(34466, 'cannot specify defaults unless useLongestLength is true');
  if (defaults.length > 0 && defaults.length !== inputs.length)
    throw new MongoError(34467, 'defaults and inputs must have the same length');
  return (scope) => {
    const arrays = inputs.map((input) => input(scope));
    if (arrays.some(isNullish)) return null;
    const lists = arrays.map((array) => requireArray(name, array, 34468));
    const lengths = lists.map((list) => list.length);
    const length = longest ? Math.max(...lengths) : Math.min(...lengths);
    return Array.from({ length }, (_, index) =>
      lists.map((list, which) => (index < list.length ? list[index] : (defaults[which]?.(scope) ?? null))),
    );
  };
}

function sortArray(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = namedArguments(name, operand, ['input', 'sortBy']);
  const input = compiler.compile(given.input);
  const sort = arraySorter(given.sortBy, compiler);
  return (scope) => {
    const array = input(scope);
    return isNullish(array) ? null : sort(requireArray(name, array, 2942504));
  };
}

/** A document's conditions are those of a sort; its order is not, since arrays within elements are values there. */
function arraySorter(sortBy: unknown, compiler: Compiler): (array: readonly unknown[]) => unknown[] {
  if (isDocument(sortBy)) {
    compileSort(sortBy, compiler.collation);
    const compare = elementOrder(sortBy, compiler.collation);
    return (array) => [...array].sort(compare);
  }
  const direction = isNumeric(sortBy) ? toNumber(sortBy as Numeric) : Number.NaN;
  if (direction !== 1 && direction !== -1)
    throw new MongoError(2942507, 'Illegal key in $sort specification');
  return (array) =>
    [...array].sort((left, right) => compareValues(left, right, compiler.collation) * direction);
}

/** `$firstN`, `$lastN`, `$minN`, `$maxN` over an array. */
function nOf(pick: (array: readonly unknown[], count: number) => unknown[]): OperatorCompiler {
  return (operand, compiler, name) => {
    const given = namedArguments(name, operand, ['input', 'n']);
    const input = compiler.compile(given.input);
    const count = compiler.compile(given.n);
    return (scope) => {
      const n = requireInteger(name, count(scope), 5787902);
      if (n < 1) throw new MongoError(5787908, `'n' must be greater than 0, found ${n}`);
      return pick(requireArray(name, input(scope), 5788200), n);
    };
  };
}

export function sortedWithoutNull(array: readonly unknown[], direction: 1 | -1): unknown[] {
  return array
    .filter((value) => !isNullish(value))
    .sort((left, right) => compareValues(left, right) * direction);
}

export const ARRAY_OPERATORS: Readonly<Record<string, OperatorCompiler>> = {
  $size: fixed(1, (array) => {
    if (!Array.isArray(array)) {
      throw new MongoError(
        17124,
        `The argument to $size must be an array, but was of type: ${typeName(typeOf(array))}`,
      );
    }
    return array.length;
  }),
  $arrayElemAt: fixed(2, elementAt),
  $first: endOf('$first', 0),
  $last: endOf('$last', -1),
  $slice: between(2, 3, slice),
  $concatArrays: variadic(concatArrays),
  $isArray: fixed(1, Array.isArray),
  $range: between(2, 3, range),
  $reverseArray: fixed(1, (array) =>
    isNullish(array) ? null : [...requireArray('$reverseArray', array, 34435)].reverse(),
  ),
  $in: contains,
  $indexOfArray: between(2, 4, indexOfArray),
  $filter: overElements('cond', ['limit'], (array, body, limit) => {
    const kept: unknown[] = [];
    for (const element of array) {
      if (kept.length >= limit) break;
      if (isTruthy(body(element))) kept.push(element);
    }
    return kept;
  }),
  $map: overElements('in', [], (array, body) => array.map((element) => body(element) ?? null)),
  $reduce: reduce,
  $zip: zip,
  $sortArray: sortArray,
  $firstN: nOf((array, count) => array.slice(0, count)),
  $lastN: nOf((array, count) => array.slice(-count)),
  $minN: nOf((array, count) => sortedWithoutNull(array, 1).slice(0, count)),
  $maxN: nOf((array, count) => sortedWithoutNull(array, -1).slice(0, count)),
};
