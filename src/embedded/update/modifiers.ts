/** The table of update operators: from `{$set: {a: 1}}` to leaves with their paths. */
import { describeValue } from '../bson/describe.ts';
import { type Document, isDocument, typeName, typeOf } from '../bson/types.ts';
import { badValue, failedToParse, unknownName } from '../errors.ts';
import type { FilterOptions } from '../matcher.ts';
import {
  addToSetOperator,
  popOperator,
  pullAllOperator,
  pullOperator,
  pushOperator,
} from './array-operators.ts';
import {
  arithmeticOperator,
  bitOperator,
  currentDateOperator,
  extremeOperator,
  setOnInsertOperator,
  setOperator,
  unsetOperator,
} from './field-operators.ts';
import type { Leaf } from './outcome.ts';
import { renameLeaves } from './rename.ts';
import type { LeafAt } from './tree.ts';

type MakeLeaf = (operand: unknown, path: string, options: FilterOptions) => Leaf;

const OPERATORS: Readonly<Record<string, MakeLeaf>> = {
  $set: setOperator,
  $setOnInsert: setOnInsertOperator,
  $unset: unsetOperator,
  $inc: (operand, path) => arithmeticOperator('$inc', operand, path),
  $mul: (operand, path) => arithmeticOperator('$mul', operand, path),
  $min: (operand, _, options) => extremeOperator('$min', operand, options.collation),
  $max: (operand, _, options) => extremeOperator('$max', operand, options.collation),
  $currentDate: currentDateOperator,
  $bit: bitOperator,
  $push: (operand, _, options) => pushOperator(operand, options.collation),
  $addToSet: (operand, _, options) => addToSetOperator(operand, options.collation),
  $pop: popOperator,
  $pull: (operand, _, options) => pullOperator(operand, options),
  $pullAll: (operand, _, options) => pullAllOperator(operand, options.collation),
};

/** Reads an update of operators. */
export function parseModifiers(update: Document, options: FilterOptions): LeafAt[] {
  const leaves: LeafAt[] = [];
  for (const operator of Object.keys(update)) parseModifier(leaves, operator, update[operator], options);
  return leaves;
}

function parseModifier(leaves: LeafAt[], operator: string, fields: unknown, options: FilterOptions): void {
  const make = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!make && operator !== '$rename') {
    throw unknownName(
      9,
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!isDocument(fields)) {
    throw failedToParse(
      `Modifiers operate on fields but we found type ${typeName(typeOf(fields))} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${describeValue(fields)}}`,
    );
  }
  for (const path of Object.keys(fields)) {
    checkPath(path);
    const operand = fields[path];
    if (make) leaves.push({ path, leaf: make(operand, path, options) });
    else leaves.push(...renameLeaves(path, operand));
  }
}

function checkPath(path: string): void {
  if (!path.includes('$')) return;
  const components = path.split('.');
  if (components.filter((component) => component === '$').length > 1) {
    throw badValue(`Too many positional (i.e. '$') elements found in path '${path}'`);
  }
  if (components[0] === '$') {
    throw badValue(`Cannot have positional (i.e. '$') element in the first position in path '${path}'`);
  }
}
