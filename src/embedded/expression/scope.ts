/** What an expression sees while it is evaluated, and how operators are compiled. */
import { type Document, isDocument, typeName, typeOf } from '../bson/types.ts';
import { MongoError, unknownName } from '../errors.ts';
import type { Collation } from '../order/collation.ts';
import { ARGUMENT_CODES, USUAL_CODES } from './argument-codes.ts';

export interface Scope {
  readonly root: unknown;
  /** `$$NOW`, the same for the whole command. */
  readonly now: Date;
  readonly variables: ReadonlyMap<string, unknown>;
}

/** Undefined means missing. */
export type Evaluate = (scope: Scope) => unknown;

export interface Compiler {
  readonly collation: Collation | undefined;
  /** A random number in [0, 1). */
  readonly random: () => number;
  compile(expression: unknown): Evaluate;
}

/** Turns the operand of an operator into a function. */
export type OperatorCompiler = (operand: unknown, compiler: Compiler, name: string) => Evaluate;

/** An operator of exactly `count` arguments; a single one need not be in an array. */
export function fixed(count: number, apply: (...values: unknown[]) => unknown): OperatorCompiler {
  return between(count, count, apply);
}

/** An operator of `least` to `most` arguments. */
export function between(
  least: number,
  most: number,
  apply: (...values: unknown[]) => unknown,
): OperatorCompiler {
  return (operand, compiler, name) => {
    const parts = argumentList(operand, compiler);
    if (parts.length < least || parts.length > most) {
      const expected =
        least === most ? `exactly ${least}` : `at least ${least} arguments, and at most ${most}`;
      const noun = least === most ? ' arguments' : '';
      throw new MongoError(
        least === most ? 16020 : 28667,
        `Expression ${name} takes ${expected}${noun}. ${parts.length} were passed in.`,
      );
    }
    const [first, second] = parts;
    if (parts.length === 1 && first) return (scope) => apply(first(scope));
    if (parts.length === 2 && first && second) return (scope) => apply(first(scope), second(scope));
    return (scope) => apply(...parts.map((part) => part(scope)));
  };
}

/** An operator of any number of arguments, which it gets as a list. */
export function variadic(apply: (values: unknown[], compiler: Compiler) => unknown): OperatorCompiler {
  return (operand, compiler) => {
    const parts = argumentList(operand, compiler);
    return (scope) =>
      apply(
        parts.map((part) => part(scope)),
        compiler,
      );
  };
}

export function argumentList(operand: unknown, compiler: Compiler): Evaluate[] {
  return (Array.isArray(operand) ? operand : [operand]).map((part: unknown) => compiler.compile(part));
}

/**
 * The arguments of an operator that takes a document of named arguments.
 * @throws MongoError for an unknown name and a missing required one, with the operator's own codes
 */
export function namedArguments(
  name: string,
  operand: unknown,
  required: readonly string[],
  optional: readonly string[] = [],
): Document {
  const { shape, unknown, missing } = ARGUMENT_CODES[name] ?? USUAL_CODES;
  if (!isDocument(operand))
    throw new MongoError(
      shape,
      `${name} only supports an object as its argument, found ${typeName(typeOf(operand))}`,
    );
  for (const key of Object.keys(operand)) {
    if (!required.includes(key) && !optional.includes(key)) {
      throw unknownName(unknown, `${name} found an unknown argument: ${key}`);
    }
  }
  for (const key of required) {
    if (operand[key] !== undefined) continue;
    const code = typeof missing === 'number' ? missing : (missing[key] ?? USUAL_CODES.shape);
    throw new MongoError(code, `${name} requires '${key}' to be specified`);
  }
  return operand;
}

/** A scope with further variables. */
export function withVariables(scope: Scope, entries: readonly (readonly [string, unknown])[]): Scope {
  return { ...scope, variables: new Map([...scope.variables, ...entries]) };
}
