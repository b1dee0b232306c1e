/** `$bucket`: groups by the boundaries between which a value lies. */
import { describeValue } from '../bson/describe.ts';
import { isDocument } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';
import { compileExpression } from '../expressions.ts';
import type { Collation } from '../order/collation.ts';
import { canonicalType, compareValues } from '../order/compare.ts';
import { compileFields, DEFAULT_OUTPUT, Group, isExpression } from './group-fields.ts';
import { documentOperand, type PipelineContext, type StageCompiler } from './stage.ts';

export const bucket: StageCompiler = (operand, context, name) => {
  const given = namedArguments(name, operand, ['groupBy', 'boundaries'], ['default', 'output']);
  if (!isExpression(given.groupBy))
    throw new MongoError(
      40202,
      `The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression, but found: ${describeValue(given.groupBy)}.`,
    );
  const boundaries = readBoundaries(given.boundaries, context);
  const fallback = given.default === undefined ? undefined : readDefault(given.default, boundaries, context);
  const keyOf = compileExpression(given.groupBy, context);
  const fields = compileFields(
    given.output === undefined ? DEFAULT_OUTPUT : documentOperand(name, given.output, 40196),
    context,
  );
  return function* (documents) {
    const groups = new Map<unknown, Group>();
    for (const document of documents) {
      const value = keyOf(document);
      const lower = bucketOf(value, boundaries, context.collation);
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
    const sorted = [...groups].sort(([left], [right]) => compareValues(left, right, context.collation));
    for (const [, each] of sorted) yield each.result();
  };
};

function readBoundaries(value: unknown, context: PipelineContext): readonly unknown[] {
  if (!Array.isArray(value)) throw new MongoError(40200, "The $bucket 'boundaries' field must be an array");
  if (value.length < 2)
    throw new MongoError(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${value.length} value(s).`,
    );
  const boundaries = value.map((each) => {
    if (isConstant(each)) return compileExpression(each, context)({});
    throw new MongoError(
      40191,
      `The $bucket 'boundaries' field must be an array of constant values, but found value: ${describeValue(each)}.`,
    );
  });
  for (let index = 1; index < boundaries.length; index++) {
    const [left, right] = [boundaries[index - 1], boundaries[index]];
    if (canonicalType(left) !== canonicalType(right))
      throw new MongoError(40193, "All values in the 'boundaries' option to $bucket must have the same type");
    if (compareValues(left, right, context.collation) >= 0)
      throw new MongoError(40194, "The 'boundaries' option to $bucket must be sorted");
  }
  return boundaries;
}

/** @throws MongoError 40195, 40199 for one that depends on the document, or that would be in a bucket itself */
function readDefault(value: unknown, boundaries: readonly unknown[], context: PipelineContext): unknown {
  if (!isConstant(value))
    throw new MongoError(
      40195,
      `The $bucket 'default' field must be a constant expression, but found: ${describeValue(value)}.`,
    );
  const fallback = compileExpression(value, context)({});
  if (bucketOf(fallback, boundaries, context.collation) !== undefined)
    throw new MongoError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    );
  return fallback;
}

/** Whether an expression looks at no document. */
function isConstant(expression: unknown): boolean {
  if (typeof expression === 'string') return !expression.startsWith('$');
  if (Array.isArray(expression)) return expression.every(isConstant);
  return !isDocument(expression) || '$literal' in expression || Object.values(expression).every(isConstant);
}

/** The lower bound of the bucket; the upper bound is exclusive. */
function bucketOf(value: unknown, boundaries: readonly unknown[], collation: Collation | undefined): unknown {
  const above = boundaries.findIndex((boundary) => compareValues(value, boundary, collation) < 0);
  return above <= 0 ? undefined : boundaries[above - 1];
}
