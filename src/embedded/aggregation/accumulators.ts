/** Accumulators of `$group`, `$bucket` and `$bucketAuto`: one object per group and field. */
import { Summation } from '../arithmetic/summation.ts';
import { type Document, isDocument, isNullish } from '../bson/types.ts';
import { MongoError, notSupported, typeMismatch, unknownName } from '../errors.ts';
import { requireInteger, sortedWithoutNull } from '../expression/arrays.ts';
import { namedArguments } from '../expression/scope.ts';
import { averageFrom, deviationOf, extremeOf } from '../expression/statistics.ts';
import { compileExpression, type ExpressionOptions, isExpressionOperator } from '../expressions.ts';
import { encodeValue } from '../order/encode.ts';
import { compileSort } from '../sorter.ts';

export interface Accumulator {
  add(document: Document): void;
  /** Undefined becomes null in the result. */
  result(): unknown;
}

export type MakeAccumulator = () => Accumulator;

type Simple = { add(value: unknown): void; result(): unknown };

/** Accumulators of one expression, by value. */
const SIMPLE: Readonly<Record<string, (options: ExpressionOptions) => Simple>> = {
  $sum: () => summing((summation) => summation.result()),
  $avg: () => summing(averageFrom),
  $min: () => folding<unknown>(null, (best, value) => extremeOf([best, value], 1)),
  $max: () => folding<unknown>(null, (best, value) => extremeOf([best, value], -1)),
  $first: first,
  $last: () => folding<unknown>(undefined, (_, value) => value),
  $push: (options) => collecting('$push', options, (values) => values),
  $addToSet: (options) => distinct(options),
  $mergeObjects: merging,
  $stdDevPop: (options) => collecting('$stdDevPop', options, (values) => deviationOf(values, false)),
  $stdDevSamp: (options) => collecting('$stdDevSamp', options, (values) => deviationOf(values, true)),
};

function summing(finish: (summation: Summation) => unknown): Simple {
  const summation = new Summation();
  return { add: (value) => summation.add(value), result: () => finish(summation) };
}

function folding<T>(initial: T, step: (state: T, value: unknown) => T): Simple {
  let state = initial;
  return {
    add(value) {
      state = step(state, value);
    },
    result: () => state,
  };
}

function first(): Simple {
  let seen = false;
  let kept: unknown;
  return {
    add(value) {
      if (!seen) kept = value;
      seen = true;
    },
    result: () => kept,
  };
}

/** A missing value is not collected. */
function collecting(
  name: string,
  options: ExpressionOptions,
  finish: (values: unknown[]) => unknown,
): Simple {
  const values: unknown[] = [];
  return {
    add(value) {
      if (value === undefined) return;
      options.hold?.(name, value);
      values.push(value);
    },
    result: () => finish(values),
  };
}

function distinct(options: ExpressionOptions): Simple {
  const values = new Map<string, unknown>();
  return {
    add(value) {
      if (value === undefined) return;
      const key = encodeValue(value, options.collation).toString('latin1');
      if (values.has(key)) return;
      options.hold?.('$addToSet', value);
      values.set(key, value);
    },
    result: () => [...values.values()],
  };
}

function merging(): Simple {
  const merged: Document = {};
  return {
    add(value) {
      if (isNullish(value)) return;
      if (!isDocument(value)) throw new MongoError(40400, '$mergeObjects requires object inputs');
      Object.assign(merged, value);
    },
    result: () => merged,
  };
}

/** Accumulators with arguments: `$firstN {input, n}`, `$topN {output, sortBy, n}`. */
const RANKED = new Set(['$top', '$topN', '$bottom', '$bottomN']);
const COUNTED: Readonly<Record<string, (values: unknown[], count: number) => unknown[]>> = {
  $firstN: (values, count) => values.slice(0, count),
  $lastN: (values, count) => values.slice(-count),
  $minN: (values, count) => sortedWithoutNull(values, 1).slice(0, count),
  $maxN: (values, count) => sortedWithoutNull(values, -1).slice(0, count),
};

/**
 * Compiles `{$sum: '$amount'}`.
 * @throws MongoError 15952 for an unknown accumulator
 */
export function compileAccumulator(
  field: string,
  specification: unknown,
  options: ExpressionOptions,
): MakeAccumulator {
  if (!isDocument(specification)) {
    throw new MongoError(40234, `The field '${field}' must be an accumulator object`);
  }
  const [name, ...others] = Object.keys(specification);
  if (name === undefined) throw new MongoError(40234, `The field '${field}' must be an accumulator object`);
  if (others.length > 0) throw new MongoError(40238, `The field '${field}' must specify one accumulator`);
  const operand = specification[name];
  if (Array.isArray(operand)) throw new MongoError(40237, `The ${name} accumulator is a unary operator`);
  if (name === '$count') return countAccumulator(operand);
  if (RANKED.has(name)) return rankedAccumulator(name, operand, options);
  if (Object.hasOwn(COUNTED, name)) return countedAccumulator(name, operand, options);
  const make = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
  if (!make) {
    if (name === '$accumulator' || name === '$median' || name === '$percentile')
      throw notSupported(`The accumulator ${name}`, 15952);
    throw unknownName(
      15952,
      `unknown group operator '${name}'${isExpressionOperator(name) ? ' (it is an expression, not an accumulator)' : ''}`,
    );
  }
  const evaluate = compileExpression(operand, options);
  return () => {
    const state = make(options);
    return { add: (document) => state.add(evaluate(document)), result: () => state.result() };
  };
}

function countAccumulator(operand: unknown): MakeAccumulator {
  if (!isDocument(operand) || Object.keys(operand).length > 0)
    throw typeMismatch('$count takes no arguments, i.e. $count:{}');
  return () => {
    let count = 0;
    return {
      add() {
        count++;
      },
      result: () => count,
    };
  };
}

function countedAccumulator(name: string, operand: unknown, options: ExpressionOptions): MakeAccumulator {
  const given = namedArguments(name, operand, ['input', 'n']);
  const evaluate = compileExpression(given.input, options);
  const count = requireInteger(name, compileExpression(given.n, options)({}), 5787902);
  if (count < 1) throw new MongoError(5787908, `'n' must be greater than 0, found ${count}`);
  return () => {
    const values: unknown[] = [];
    return {
      add(document) {
        const value = evaluate(document);
        options.hold?.(name, value);
        values.push(value === undefined ? null : value);
      },
      result: () => COUNTED[name]?.(values, count),
    };
  };
}

function rankedAccumulator(name: string, operand: unknown, options: ExpressionOptions): MakeAccumulator {
  const many = name.endsWith('N');
  const given = namedArguments(name, operand, many ? ['output', 'sortBy', 'n'] : ['output', 'sortBy']);
  if (!isDocument(given.sortBy)) throw new MongoError(5788003, `${name} requires 'sortBy' to be an object`);
  const order = compileSort(given.sortBy, options.collation);
  const output = compileExpression(given.output, options);
  const count = many ? requireInteger(name, compileExpression(given.n, options)({}), 5787902) : 1;
  return () => {
    const documents: Document[] = [];
    return {
      add(document) {
        options.hold?.(name, document);
        documents.push(document);
      },
      result() {
        const sorted = order.sort(documents);
        const kept = name.startsWith('$top') ? sorted.slice(0, count) : sorted.slice(-count);
        const values = kept.map((document) => output(document) ?? null);
        return many ? values : values[0];
      },
    };
  };
}
