/** Stages that group: `$group`, `$sortByCount`, `$bucket`, `$bucketAuto`. */
import { setField } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { MongoError, notSupported } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';
import { compileExpression, type ExpressionOptions } from '../expressions.ts';
import { canonicalType, compareValues } from '../order/compare.ts';
import { encodeValue } from '../order/encode.ts';
import { compileSort } from '../sorter.ts';
import { type Accumulator, compileAccumulator, type MakeAccumulator } from './accumulators.ts';
import { documentOperand, type StageCompiler, wholeOperand } from './stage.ts';

type Fields = readonly (readonly [string, MakeAccumulator])[];

function compileFields(specification: Document, options: ExpressionOptions): Fields {
  return Object.keys(specification).map((field) => {
    if (field.includes('.')) throw new MongoError(40235, `The field name '${field}' cannot contain '.'`);
    if (field.startsWith('$'))
      throw new MongoError(40236, `The field name '${field}' cannot be an operator name`);
    return [field, compileAccumulator(field, specification[field], options)];
  });
}

/** One group while it grows. */
class Group {
  private readonly id: unknown;
  private readonly fields: Fields;
  private readonly accumulators: readonly Accumulator[];

  constructor(id: unknown, fields: Fields) {
    this.id = id;
    this.fields = fields;
    this.accumulators = fields.map(([, make]) => make());
  }

  add(document: Document): void {
    for (const accumulator of this.accumulators) accumulator.add(document);
  }

  result(): Document {
    const document: Document = { _id: this.id };
    this.fields.forEach(([field], index) => {
      const value = this.accumulators[index]?.result();
      setField(document, field, value === undefined ? null : value);
    });
    return document;
  }
}

const group: StageCompiler = (operand, context, name) => {
  const { _id: id, ...specification } = documentOperand(name, operand, 15947);
  if (id === undefined) throw new MongoError(15955, 'a group specification must include an _id');
  const keyOf = compileExpression(id, context);
  const fields = compileFields(specification, context);
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

const DEFAULT_OUTPUT: Document = { count: { $sum: 1 } };

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

const bucketAuto: StageCompiler = (operand, context, name) => {
  const given = namedArguments(name, operand, ['groupBy', 'buckets'], ['output', 'granularity']);
  if (given.granularity !== undefined) throw notSupported('The granularity of $bucketAuto', 40244);
  const buckets = wholeOperand(name, given.buckets, 40241);
  if (buckets < 1)
    throw new MongoError(
      40243,
      `The $bucketAuto 'buckets' field must be greater than 0, but found: ${buckets}`,
    );
  const keyOf = compileExpression(given.groupBy, context);
  const fields = compileFields(
    given.output === undefined ? DEFAULT_OUTPUT : documentOperand(name, given.output, 40244),
    context,
  );
  return function* (documents) {
    const keyed = Array.from(documents, (document) => ({ key: keyOf(document) ?? null, document }));
    keyed.sort((left, right) => compareValues(left.key, right.key, context.collation));
    yield* cutIntoBuckets(keyed, buckets, fields);
  };
};

interface Keyed {
  readonly key: unknown;
  readonly document: Document;
}

/** Buckets of equal size; one grows while the next value equals its last, so that a value is in one bucket only. */
function* cutIntoBuckets(keyed: readonly Keyed[], buckets: number, fields: Fields): Generator<Document> {
  const size = Math.max(Math.round(keyed.length / buckets), 1);
  let start = 0;
  for (let made = 0; start < keyed.length; made++) {
    let end = made === buckets - 1 ? keyed.length : Math.min(start + size, keyed.length);
    while (end < keyed.length && compareValues(keyed[end]?.key, keyed[end - 1]?.key) === 0) end++;
    const each = new Group({ min: keyed[start]?.key, max: (keyed[end] ?? keyed[end - 1])?.key }, fields);
    for (const { document } of keyed.slice(start, end)) each.add(document);
    yield each.result();
    start = end;
  }
}

export const GROUPING_STAGES: Readonly<Record<string, StageCompiler>> = {
  $group: group,
  $sortByCount: sortByCount,
  $bucket: bucket,
  $bucketAuto: bucketAuto,
};
