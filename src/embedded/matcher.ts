/**
 * Filters: whether a document is what was asked for. A filter is compiled once into nested functions and then run over
 * many documents. matcher/ holds the parts: walk.ts the rules for dotted paths and arrays, operators.ts the operators
 * of a field, comparison.ts, element.ts, bits.ts, regex.ts and arrays.ts their meanings.
 */
import { type Document, isDocument } from './bson/types.ts';
import { badValue, notSupported, unknownName } from './errors.ts';
import { isTruthy as isTrueExpression } from './expression/truth.ts';
import { compileExpression } from './expressions.ts';
import type { CompileContext } from './matcher/context.ts';
import { allOf, anyOf, clauses, compileField, isTruthy, negate } from './matcher/operators.ts';
import { type MatchDetails, type Node, parsePath } from './matcher/walk.ts';
import type { Collation } from './order/collation.ts';

export interface FilterOptions {
  readonly collation?: Collation | undefined;
  /** Variables of the command's `let`, already evaluated. */
  readonly let?: Document | undefined;
  readonly now?: (() => Date) | undefined;
}

export type Matches = (document: Document) => boolean;

/** Top-level operators that MongoDB knows and this store refuses. */
const REFUSED = new Set([
  '$text',
  '$where',
  '$jsonSchema',
  '$sampleRate',
  '$near',
  '$nearSphere',
  '$geoNear',
  '$_internalExprEq',
]);

/**
 * Compiles a filter.
 * @throws MongoError BadValue for an operator that does not exist or cannot take its operand; refuses `$text`, `$where`,
 *   geometry and `$jsonSchema`
 */
export function compileFilter(filter: Document, options: FilterOptions = {}): Matches {
  const node = compile(filter, contextOf(options));
  return (document) => node(document);
}

/**
 * Position of the array element that made the filter match, for `$` in updates and projections.
 * The last condition on an array counts, and of nested arrays the outermost one.
 * @returns undefined when the document does not match or no array was involved
 */
export function positionalMatch(
  filter: Document,
  document: Document,
  options: FilterOptions = {},
): number | undefined {
  return compilePositional(filter, options)(document);
}

/** `positionalMatch` for many documents. */
export function compilePositional(
  filter: Document,
  options: FilterOptions = {},
): (document: Document) => number | undefined {
  const node = compile(filter, contextOf(options));
  return (document) => {
    const details: MatchDetails = {};
    return node(document, details) ? details.position : undefined;
  };
}

function contextOf(options: FilterOptions): CompileContext {
  return {
    collation: options.collation,
    compile,
    expression(operand) {
      const evaluate = compileExpression(operand, options);
      return (root) => isTrueExpression(evaluate(root as Document));
    },
  };
}

function compile(filter: Document, context: CompileContext): Node {
  if (!isDocument(filter)) throw badValue('Expected a filter document');
  const nodes: Node[] = [];
  for (const name of Object.keys(filter)) {
    if (name.startsWith('$')) nodes.push(...compileTopLevel(name, filter[name], context));
    else nodes.push(...compileField(parsePath(name), filter[name], context));
  }
  return allOf(nodes);
}

function compileTopLevel(name: string, operand: unknown, context: CompileContext): Node[] {
  switch (name) {
    case '$and':
      return clauses(name, operand).map((clause) => compile(clause, context));
    case '$or':
      return [anyOf(clauses(name, operand).map((clause) => compile(clause, context)))];
    case '$nor':
      return [negate(anyOf(clauses(name, operand).map((clause) => compile(clause, context))))];
    case '$expr':
      return [context.expression(operand)];
    case '$comment':
      return [];
    case '$alwaysTrue':
    case '$alwaysFalse':
      if (!isTruthy(operand)) throw badValue(`${name} must be an integer value of 1`);
      return [() => name === '$alwaysTrue'];
    // A DBRef's own fields are ordinary fields: a filter inside $elemMatch may name them.
    case '$ref':
    case '$id':
    case '$db':
      return compileField(parsePath(name), operand, context);
    default:
      if (REFUSED.has(name)) throw notSupported(name, 2);
      throw unknownName(
        2,
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}
