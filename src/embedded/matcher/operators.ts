/** The operators of one field: `{age: {$gt: 3, $ne: 5}}` compiled to nodes. */
import { BSONRegExp } from 'bson';
import { type Document, isDocument, isNumeric } from '../bson/types.ts';
import { badValue, notSupported, unknownName } from '../errors.ts';
import { arrayConditions, compileElemMatch } from './arrays.ts';
import { BIT_OPERATORS, type BitOperator, bitPredicate } from './bits.ts';
import { arrayOperand, equals, inequality, isOneOf } from './comparison.ts';
import type { CompileContext } from './context.ts';
import { hasRemainder, hasSize, hasType } from './element.ts';
import { compileRegex, regexOperator } from './regex.ts';
import { atPath, type Node, type Path, type Predicate } from './walk.ts';

/** Known to MongoDB and refused here. */
const REFUSED = new Set([
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$geoNear',
  '$within',
  '$maxDistance',
  '$minDistance',
  '$uniqueDocs',
  '$text',
  '$where',
]);

/** A document of operators, as against a document to be equal to. DBRefs begin with a `$` too. */
export function isOperatorDocument(value: unknown): value is Document {
  if (!isDocument(value)) return false;
  const first = Object.keys(value)[0];
  return first?.startsWith('$') === true && first !== '$ref' && first !== '$id' && first !== '$db';
}

/** The condition on one field of a filter. */
export function compileField(path: Path, condition: unknown, context: CompileContext): Node[] {
  if (condition instanceof BSONRegExp)
    return [atPath(path, compileRegex(condition.pattern, condition.options))];
  if (!isOperatorDocument(condition)) return [atPath(path, equals(condition, context.collation))];
  const nodes: Node[] = [];
  for (const operator of Object.keys(condition)) {
    const node = compileOperator(path, operator, condition[operator], condition, context);
    if (node) nodes.push(node);
  }
  return nodes;
}

function compileOperator(
  path: Path,
  operator: string,
  operand: unknown,
  siblings: Document,
  context: CompileContext,
): Node | undefined {
  switch (operator) {
    case '$ne':
      if (operand instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
      return negate(atPath(path, equals(operand, context.collation)));
    case '$nin':
      return negate(atPath(path, oneOf('$nin', operand, context)));
    case '$not':
      return negate(compileNot(path, operand, context));
    case '$exists':
      return isTruthy(operand) ? atPath(path, exists, false) : negate(atPath(path, exists, false));
    case '$size':
      return atPath(path, hasSize(operand), false);
    case '$elemMatch':
      return atPath(path, compileElemMatch(operand, context), false);
    case '$all':
      return allOf(arrayConditions(path, operand, context));
    case '$options':
      if (siblings.$regex === undefined) throw badValue('$options needs a $regex');
      return undefined;
    case '$comment':
      return undefined;
    default:
      return atPath(path, leafPredicate(path, operator, operand, siblings, context));
  }
}

function leafPredicate(
  path: Path,
  operator: string,
  operand: unknown,
  siblings: Document,
  context: CompileContext,
): Predicate {
  switch (operator) {
    case '$eq':
      return equals(operand, context.collation);
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (operand instanceof BSONRegExp)
        throw badValue(`Can't have RegEx as arg to predicate over field '${path.text}'.`);
      return inequality(operator, operand, context.collation);
    case '$in':
      return oneOf('$in', operand, context);
    case '$regex':
      return regexOperator(operand, siblings.$options);
    case '$type':
      return hasType(operand);
    case '$mod':
      return hasRemainder(operand);
    default:
      if (isBitOperator(operator)) return bitPredicate(operator, operand);
      if (REFUSED.has(operator)) throw notSupported(operator, 2);
      throw unknownName(2, `unknown operator: ${operator}`);
  }
}

function isBitOperator(operator: string): operator is BitOperator {
  return (BIT_OPERATORS as readonly string[]).includes(operator);
}

function oneOf(operator: string, operand: unknown, context: CompileContext): Predicate {
  const operands = arrayOperand(operator, operand);
  if (operands.some(isOperatorDocument)) throw badValue(`cannot nest $ under ${operator}`);
  return isOneOf(operands, context.collation);
}

function compileNot(path: Path, operand: unknown, context: CompileContext): Node {
  if (operand instanceof BSONRegExp) return atPath(path, compileRegex(operand.pattern, operand.options));
  if (!isDocument(operand)) throw badValue('$not needs a regex or a document');
  if (Object.keys(operand).length === 0) throw badValue('$not cannot be empty');
  if (!isOperatorDocument(operand)) throw unknownName(2, `unknown operator: ${Object.keys(operand)[0]}`);
  return allOf(compileField(path, operand, context));
}

function exists(value: unknown): boolean {
  return value !== undefined;
}

/** Truth of a BSON value as an operand: false, 0 and null are false. */
export function isTruthy(value: unknown): boolean {
  if (isNumeric(value)) return Number(value) !== 0;
  return value !== false && value !== null && value !== undefined;
}

/** A negation has no position for `$`. */
export function negate(node: Node): Node {
  return (root) => !node(root);
}

export function allOf(nodes: readonly Node[]): Node {
  const [first, second] = nodes;
  if (!first) return () => true;
  if (!second) return first;
  return (root, details) => nodes.every((node) => node(root, details));
}

export function anyOf(nodes: readonly Node[]): Node {
  return (root, details) => nodes.some((node) => node(root, details));
}

/** `$and`, `$or` and `$nor` want a list of filters. */
export function clauses(operator: string, operand: unknown): readonly Document[] {
  if (!Array.isArray(operand)) throw badValue(`${operator} must be an array`);
  if (operand.length === 0) throw badValue('$and/$or/$nor must be a nonempty array');
  for (const clause of operand) {
    if (!isDocument(clause)) throw badValue('$or/$and/$nor entries need to be full objects');
  }
  return operand;
}
