/** Stages that group: `$group`, `$sortByCount`, `$bucket`; `$bucketAuto` has a file of its own. */
import { isDocument } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';
import { compileExpression, type ExpressionOptions } from '../expressions.ts';
import { canonicalType, compareValues } from '../order/compare.ts';
import { encodeValue } from '../order/encode.ts';
import { compileSort } from '../sorter.ts';
import { bucketAuto } from './bucket-auto.ts';
import { compileFields, DEFAULT_OUTPUT, Group } from './group-fields.ts';
import { documentOperand, type StageCompiler } from './stage.ts';

const group: StageCompiler = (operand, context, name) => {
  const { _id: id, ...specification } = documentOperand(name, operand, 15947);
  const keyOf = id === undefined ? undefined : compileExpression(id, context);
  const fields = compileFields(specification, context);
  if (!keyOf) throw new MongoError(15955, 'a group specification must include an _id');
  return function* (documents) {
    const groups = new Map<string, Group>();
    for (const document of documents) {
      const found = keyOf(document);
      // Documents without the field form one group with those in which it is null.
      const key = found === undefined ? null : found;
      const bytes =
        typeof key === 'string' && !context.collation
          ? `s${key}`
          : encodeValue(key, context.collation).toString('latin1');
      let known = groups.get(bytes);
      if (!known) {
        context.hold(name, key);
        known = new Group(key, fields);
        groups.set(bytes, known);
      }
      known.add(document);
    }
    for (const each of groups.values()) yield each.result();
  };
};

const sortByCount: StageCompiler = (operand, context, name) => {
  const isExpression = typeof operand === 'string' ? operand.startsWith('$') : isDocument(operand);
  if (!isExpression)
    throw new MongoError(
      40148,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  const grouped = group({ _id: operand, count: { $sum: 1 } }, context, name);
  const { sort } = compileSort({ count: -1 });
  return (documents) => sort(grouped(documents));
};

const bucket: StageCompiler = (operand, context, name) => {
  const given = namedArguments(name, operand, ['groupBy', 'boundaries'], ['default', 'output']);
  const boundaries = readBoundaries(given.boundaries, context);
  const fallback = given.default === undefined ? undefined : compileExpression(given.default, context)({});
  const keyOf = compileExpression(given.groupBy, context);
  const fields = compileFields(
    given.output === undefined ? DEFAULT_OUTPUT : documentOperand(name, given.output, 40196),
    context,
  );
  return function* (documents) {
    const groups = new Map<unknown, Group>();
    for (const document of documents) {
      const value = keyOf(document);
      const lower = bucketOf(value, boundaries);
      const id = lower === undefined ? fallback : lower;
      if (id === undefined) {
        throw new MongoError(
          40066,
          '$switch could not find a matching branch for an input, and no default was specified.',
        );
      }
      const known = groups.get(id) ?? new Group(id, fields);
      groups.set(id, known);
      known.add(document);
    }
    const sorted = [...groups].sort(([left], [right]) => compareValues(left, right));
    for (const [, each] of sorted) yield each.result();
  };
};

function readBoundaries(value: unknown, options: ExpressionOptions): readonly unknown[] {
  if (!Array.isArray(value)) throw new MongoError(40200, "The $bucket 'boundaries' field must be an array");
  if (value.length < 2)
    throw new MongoError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  const boundaries = value.map((each) => compileExpression(each, options)({}));
  for (let index = 1; index < boundaries.length; index++) {
    const [left, right] = [boundaries[index - 1], boundaries[index]];
    if (canonicalType(left) !== canonicalType(right))
      throw new MongoError(40193, "All values in the 'boundaries' option to $bucket must have the same type");
    if (compareValues(left, right) >= 0)
      throw new MongoError(40194, "The 'boundaries' option to $bucket must be sorted");
  }
  return boundaries;
}

/** The lower bound of the bucket; the upper bound is exclusive. */
function bucketOf(value: unknown, boundaries: readonly unknown[]): unknown {
  const above = boundaries.findIndex((boundary) => compareValues(value, boundary) < 0);
  return above <= 0 ? undefined : boundaries[above - 1];
}

export const GROUPING_STAGES: Readonly<Record<string, StageCompiler>> = {
  $group: group,
  $sortByCount: sortByCount,
  $bucket: bucket,
  $bucketAuto: bucketAuto,
};
