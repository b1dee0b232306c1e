/** `$bucketAuto`: buckets of about equal size, with boundaries of the values or of preferred numbers. */
import { describeValue } from '../bson/describe.ts';
import type { Document } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';
import { compileExpression } from '../expressions.ts';
import { compareValues } from '../order/compare.ts';
import { boundaryNumber, boundaryValue, type Granularity, granularityNamed } from './granularity.ts';
import { compileFields, DEFAULT_OUTPUT, type Fields, Group, isExpression } from './group-fields.ts';
import { documentOperand, type StageCompiler, wholeOperand } from './stage.ts';

export const bucketAuto: StageCompiler = (operand, context, name) => {
  const given = namedArguments(name, operand, ['groupBy', 'buckets'], ['output', 'granularity']);
  const granularity = given.granularity === undefined ? undefined : granularityNamed(given.granularity);
  if (!isExpression(given.groupBy))
    throw new MongoError(
      40239,
      `The $bucketAuto 'groupBy' field must be defined as a $-prefixed path or an expression object, but found: ${describeValue(given.groupBy)}`,
    );
  const buckets = wholeOperand(name, given.buckets, { other: 40241, fraction: 40242 });
  if (buckets < 1)
    throw new MongoError(
      40243,
      `The $bucketAuto 'buckets' field must be greater than 0, but found: ${buckets}`,
    );
  const keyOf = compileExpression(given.groupBy, context);
  const output = given.output === undefined ? DEFAULT_OUTPUT : documentOperand(name, given.output, 40244);
  const fields = compileFields(output, context);
  return function* (documents) {
    const keyed = Array.from(documents, (document) => {
      context.hold(name, document);
      return { key: keyOf(document) ?? null, document };
    });
    if (granularity) for (const { key } of keyed) boundaryNumber(key);
    keyed.sort((left, right) => compareValues(left.key, right.key, context.collation));
    yield* cutIntoBuckets(keyed, buckets, granularity, fields);
  };
};

interface Keyed {
  readonly key: unknown;
  readonly document: Document;
}

/** A bucket grows while the next value belongs below its upper boundary, so that a value is in one bucket only. */
function* cutIntoBuckets(
  keyed: readonly Keyed[],
  buckets: number,
  granularity: Granularity | undefined,
  fields: Fields,
): Generator<Document> {
  const size = Math.max(Math.round(keyed.length / buckets), 1);
  let start = 0;
  let lower = granularity && keyed[0] ? rounded('down', granularity, keyed[0].key) : keyed[0]?.key;
  for (let made = 0; start < keyed.length; made++) {
    const least = made === buckets - 1 ? keyed.length : Math.min(start + size, keyed.length);
    const { end, upper } = granularity ? preferredEnd(keyed, least, granularity) : plainEnd(keyed, least);
    const each = new Group({ min: lower, max: upper }, fields);
    for (const { document } of keyed.slice(start, end)) each.add(document);
    yield each.result();
    start = end;
    lower = granularity ? upper : keyed[start]?.key;
  }
}

function plainEnd(keyed: readonly Keyed[], least: number): { end: number; upper: unknown } {
  let end = least;
  while (end < keyed.length && compareValues(keyed[end]?.key, keyed[end - 1]?.key) === 0) end++;
  return { end, upper: (keyed[end] ?? keyed[end - 1])?.key };
}

function preferredEnd(
  keyed: readonly Keyed[],
  least: number,
  granularity: Granularity,
): { end: number; upper: unknown } {
  const last = keyed[least - 1]?.key;
  const boundary = granularity.up(boundaryNumber(last));
  let end = least;
  while (end < keyed.length && boundaryNumber(keyed[end]?.key) < boundary) end++;
  const next = keyed[end];
  // Nothing is rounded up from zero: the bucket of zeros ends below the next value.
  if (boundary === 0 && next) return { end, upper: rounded('down', granularity, next.key) };
  return { end, upper: boundaryValue(boundary, last) };
}

function rounded(direction: 'up' | 'down', granularity: Granularity, key: unknown): unknown {
  return boundaryValue(granularity[direction](boundaryNumber(key)), key);
}
