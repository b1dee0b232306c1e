/** `$elemMatch` and `$all`. */
import { type Document, isDocument } from '../bson/types.ts';
import { badValue, failedToParse } from '../errors.ts';
import { arrayOperand } from './comparison.ts';
import type { CompileContext } from './context.ts';
import { compileField, isOperatorDocument } from './operators.ts';
import { atPath, type Node, type Path, type Predicate, THE_ELEMENT } from './walk.ts';

/** These begin a filter, although their names look like operators of a value. */
const FILTER_OPERATORS = new Set(['$and', '$or', '$nor', '$expr', '$where']);

/** Holds for an array with an element that satisfies everything; tells its position. */
export function compileElemMatch(operand: unknown, context: CompileContext): Predicate {
  if (!isDocument(operand)) throw badValue('$elemMatch needs an Object');
  const element = isValueForm(operand) ? valueElement(operand, context) : documentElement(operand, context);
  return (value, details) => {
    if (!Array.isArray(value)) return false;
    const position = value.findIndex(element);
    if (position < 0) return false;
    if (details) details.position = position;
    return true;
  };
}

function isValueForm(operand: Document): boolean {
  const first = Object.keys(operand)[0];
  return isOperatorDocument(operand) && first !== undefined && !FILTER_OPERATORS.has(first);
}

/** `{$elemMatch: {$gt: 3}}`: operators on the element itself. An element that is an array is not entered. */
function valueElement(operand: Document, context: CompileContext): (element: unknown) => boolean {
  const nodes = compileField(THE_ELEMENT, operand, context);
  return (element) => nodes.every((node) => node(element));
}

/** `{$elemMatch: {a: 1, b: 2}}`: a filter on elements that are documents; a nested array counts as one. */
function documentElement(operand: Document, context: CompileContext): (element: unknown) => boolean {
  const node = context.compile(operand, { ...context, expression: refuseExpression });
  return (element) => (isDocument(element) || Array.isArray(element)) && node(element);
}

function refuseExpression(): never {
  throw badValue('$expr can only be applied to the top-level document');
}

/** `$all`: each operand is a condition of its own. An empty list matches nothing. */
export function arrayConditions(path: Path, operand: unknown, context: CompileContext): readonly Node[] {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  const operands = arrayOperand('$all', operand);
  if (operands.length === 0) return [() => false];
  const isElemMatch = operands.map((value) => isDocument(value) && Object.keys(value)[0] === '$elemMatch');
  if (isElemMatch.includes(true) && isElemMatch.includes(false)) throw badValue('no $ expressions in $all');
  return operands.flatMap((value, index) => {
    if (!isElemMatch[index]) {
      if (isOperatorDocument(value)) throw badValue('no $ expressions in $all');
      return compileField(path, value, context);
    }
    const names = Object.keys(value as Document);
    if (names.length > 1) throw failedToParse('$all with $elemMatch takes nothing else');
    return [atPath(path, compileElemMatch((value as Document).$elemMatch, context), false)];
  });
}
