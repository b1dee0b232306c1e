/** Comparison, boolean and conditional expressions, and variables: `$eq` to `$cmp`, `$and`, `$cond`, `$switch`, `$let`, `$literal`. */
import { isDocument, isNullish, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { compareValues } from '../order/compare.ts';
import { checkVariableName } from './field-path.ts';
import {
  argumentList,
  type Compiler,
  type Evaluate,
  namedArguments,
  type OperatorCompiler,
  withVariables,
} from './scope.ts';
import { isTruthy } from './truth.ts';

function comparison(holds: (order: number) => unknown): OperatorCompiler {
  return (operand, compiler, name) => {
    const parts = argumentList(operand, compiler);
    const [left, right] = parts;
    if (parts.length !== 2 || !left || !right) {
      throw new MongoError(
        16020,
        `Expression ${name} takes exactly 2 arguments. ${parts.length} were passed in.`,
      );
    }
    return (scope) => holds(compareValues(left(scope), right(scope), compiler.collation));
  };
}

/** Arguments are evaluated until the result is certain. */
function junction(decisive: boolean): OperatorCompiler {
  return (operand, compiler) => {
    const parts = argumentList(operand, compiler);
    return (scope) => (parts.some((part) => isTruthy(part(scope)) === decisive) ? decisive : !decisive);
  };
}

function compileNot(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const parts = argumentList(operand, compiler);
  const [part] = parts;
  if (parts.length !== 1 || !part) {
    throw new MongoError(
      16020,
      `Expression ${name} takes exactly 1 arguments. ${parts.length} were passed in.`,
    );
  }
  return (scope) => !isTruthy(part(scope));
}

function compileCond(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = Array.isArray(operand) ? operand : condArguments(name, operand);
  if (given.length !== 3) {
    throw new MongoError(
      16020,
      `Expression ${name} takes exactly 3 arguments. ${given.length} were passed in.`,
    );
  }
  const [condition, whenTrue, whenFalse] = given.map((part) => compiler.compile(part)) as [
    Evaluate,
    Evaluate,
    Evaluate,
  ];
  return (scope) => (isTruthy(condition(scope)) ? whenTrue(scope) : whenFalse(scope));
}

function condArguments(name: string, operand: unknown): unknown[] {
  const names = ['if', 'then', 'else'];
  const given = namedArguments(name, operand, [], Object.keys(isDocument(operand) ? operand : {}));
  const unknown = Object.keys(given).find((key) => !names.includes(key));
  if (unknown !== undefined) throw new MongoError(17083, `Unrecognized parameter to $cond: ${unknown}`);
  for (const [index, key] of names.entries())
    if (given[key] === undefined) throw new MongoError(17080 + index, `Missing '${key}' parameter to $cond`);
  return names.map((key) => given[key]);
}

function compileIfNull(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const parts = argumentList(operand, compiler);
  if (parts.length < 2)
    throw new MongoError(1257300, `${name} needs at least two arguments, had: ${parts.length}`);
  return (scope) => {
    let value: unknown;
    for (const part of parts) {
      value = part(scope);
      if (!isNullish(value)) return value;
    }
    return value;
  };
}

function compileSwitch(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const { branches, default: fallback } = namedArguments(name, operand, ['branches'], ['default']);
  if (!Array.isArray(branches))
    throw new MongoError(
      40061,
      `$switch expected an array for 'branches', found: ${typeName(typeOf(branches))}`,
    );
  if (branches.length === 0) throw new MongoError(40068, '$switch requires at least one branch.');
  const compiled = branches.map((branch) => {
    const given = namedArguments('$switch branch', branch, ['case', 'then']);
    return { condition: compiler.compile(given.case), result: compiler.compile(given.then) };
  });
  const otherwise = fallback === undefined ? undefined : compiler.compile(fallback);
  return (scope) => {
    for (const branch of compiled) if (isTruthy(branch.condition(scope))) return branch.result(scope);
    if (!otherwise) {
      throw new MongoError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    }
    return otherwise(scope);
  };
}

function compileLet(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const { vars, in: body } = namedArguments(name, operand, ['vars', 'in']);
  if (!isDocument(vars)) throw new MongoError(16876, 'invalid parameter: expected an object (vars)');
  const variables = Object.entries(vars).map(([variable, value]): [string, Evaluate] => {
    checkVariableName(variable);
    return [variable, compiler.compile(value)];
  });
  const result = compiler.compile(body);
  return (scope) =>
    result(
      withVariables(
        scope,
        variables.map(([variable, value]) => [variable, value(scope)]),
      ),
    );
}

export const LOGIC_OPERATORS: Readonly<Record<string, OperatorCompiler>> = {
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $cmp: comparison((order) => Math.sign(order)),
  $and: junction(false),
  $or: junction(true),
  $not: compileNot,
  $cond: compileCond,
  $ifNull: compileIfNull,
  $switch: compileSwitch,
  $let: compileLet,
  $literal: (operand) => () => operand,
};
