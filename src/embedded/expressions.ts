/**
 * Aggregation expressions: `$expr`, computed projections, pipeline updates, the values of `let`. An expression is compiled
 * once into nested functions. expression/ holds the operators by family; an operator that MongoDB has and this table has
 * not is refused, never approximated.
 */

import type { Hold } from './aggregation/memory.ts';
import { fieldNames } from './bson/field-order.ts';
import { setField } from './bson/fields.ts';
import { type Document, isDocument } from './bson/types.ts';
import { MongoError, notSupported, unknownName } from './errors.ts';
import { ARITHMETIC_OPERATORS } from './expression/arithmetic.ts';
import { ARRAY_OPERATORS } from './expression/arrays.ts';
import { CONVERSION_OPERATORS } from './expression/conversions.ts';
import { DATE_OPERATORS } from './expression/dates.ts';
import { compileFieldPath } from './expression/field-path.ts';
import { LOGIC_OPERATORS } from './expression/logic.ts';
import { REFUSED_EXPRESSIONS } from './expression/refused.ts';
import type { Compiler, Evaluate, OperatorCompiler } from './expression/scope.ts';
import { SET_AND_OBJECT_OPERATORS } from './expression/sets-and-objects.ts';
import { STATISTICS_OPERATORS } from './expression/statistics.ts';
import { STRING_OPERATORS } from './expression/strings.ts';
import type { Collation } from './order/collation.ts';

export interface ExpressionOptions {
  readonly collation?: Collation | undefined;
  /** Variables of the command's `let`, already evaluated. */
  readonly let?: Document | undefined;
  readonly now?: (() => Date) | undefined;
  readonly random?: (() => number) | undefined;
  /** Where accumulators note what they keep. */
  readonly hold?: Hold | undefined;
}

/** The value over a document; undefined when missing. */
export type Expression = (document: Document, variables?: ReadonlyMap<string, unknown>) => unknown;

const OPERATORS = new Map<string, OperatorCompiler>(
  [
    LOGIC_OPERATORS,
    ARITHMETIC_OPERATORS,
    STRING_OPERATORS,
    ARRAY_OPERATORS,
    SET_AND_OBJECT_OPERATORS,
    CONVERSION_OPERATORS,
    DATE_OPERATORS,
    STATISTICS_OPERATORS,
  ].flatMap((family) => Object.entries(family)),
);

/**
 * Compiles an expression.
 * @throws MongoError 168 for an operator that does not exist, others for wrong arguments; refuses what is not built
 */
export function compileExpression(expression: unknown, options: ExpressionOptions = {}): Expression {
  const evaluate = compilerFor(options).compile(expression);
  const base = new Map(Object.entries(options.let ?? {}));
  const now = options.now ?? (() => new Date());
  return (document, variables) =>
    evaluate({ root: document, now: now(), variables: variables ? new Map([...base, ...variables]) : base });
}

/** Evaluates the values of a command's `let`, which are expressions without a document. */
export function evaluateLet(variables: Document, options: ExpressionOptions = {}): Document {
  const values: Document = {};
  for (const name of Object.keys(variables)) {
    const value = compileExpression(variables[name], options)({});
    setField(values, name, value === undefined ? null : value);
  }
  return values;
}

export function compilerFor(options: ExpressionOptions): Compiler {
  const compiler: Compiler = {
    collation: options.collation,
    random: options.random ?? Math.random,
    compile: (expression) => compile(expression, compiler),
  };
  return compiler;
}

function compile(expression: unknown, compiler: Compiler): Evaluate {
  if (typeof expression === 'string') {
    return expression.startsWith('$') ? compileFieldPath(expression) : () => expression;
  }
  if (Array.isArray(expression)) return compileArray(expression, compiler);
  return isDocument(expression) ? compileDocument(expression, compiler) : () => expression;
}

/** A missing value in an array becomes null. */
function compileArray(expressions: readonly unknown[], compiler: Compiler): Evaluate {
  const parts = expressions.map((part) => compile(part, compiler));
  return (scope) =>
    parts.map((part) => {
      const value = part(scope);
      return value === undefined ? null : value;
    });
}

function compileDocument(expression: Document, compiler: Compiler): Evaluate {
  const names = fieldNames(expression);
  const [first] = names;
  if (first?.startsWith('$')) {
    if (names.length > 1) {
      throw new MongoError(
        15983,
        `Object with more than one field is not an expression: an object representing an expression must have exactly one field, found ${names.join(', ')}`,
      );
    }
    return compileOperator(first, expression[first], compiler);
  }
  const fields = names.map((name): [string, Evaluate] => {
    if (name.startsWith('$'))
      throw new MongoError(16410, `FieldPath field names may not start with '$', found '${name}'.`);
    if (name.includes('.'))
      throw new MongoError(16405, `FieldPath field names may not contain '.', found '${name}'.`);
    return [name, compile(expression[name], compiler)];
  });
  return (scope) => {
    const document: Document = {};
    for (const [name, evaluate] of fields) {
      const value = evaluate(scope);
      if (value !== undefined) setField(document, name, value);
    }
    return document;
  };
}

function compileOperator(name: string, operand: unknown, compiler: Compiler): Evaluate {
  const operator = OPERATORS.get(name);
  if (operator) return operator(operand, compiler, name);
  if (REFUSED_EXPRESSIONS.has(name)) throw notSupported(`The expression ${name}`, 168);
  throw unknownName(168, `Unrecognized expression '${name}'`);
}

/** Whether `name` is an expression operator, refused ones included. */
export function isExpressionOperator(name: string): boolean {
  return OPERATORS.has(name) || REFUSED_EXPRESSIONS.has(name);
}
