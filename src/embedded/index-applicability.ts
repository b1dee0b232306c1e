// Whether an index holds every document that a query can match: sparse and partial indexes leave some out.
import { type Document, isDocument } from './bson/types.ts';
import { encode } from './codec.ts';
import type { IndexInfo } from './index-info.ts';
import { coversRanges, WHOLE_RANGE } from './key-range.ts';
import type { QueryShape } from './planner.ts';
import { type Predicate, summarizeFilter } from './predicates.ts';

/** Operators whose meaning `summarizeFilter` keeps in full. */
const COMPARABLE = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$in', '$exists']);

export function isApplicable(
  index: IndexInfo,
  predicates: readonly Predicate[],
  shape: QueryShape,
  hinted: boolean,
): boolean {
  if (index.partialFilter && !implies(shape.filter, predicates, index.partialFilter)) return false;
  // As in MongoDB, a hint may use a sparse index even where it leaves documents out.
  return (
    !index.sparse ||
    hinted ||
    index.fields.some(({ path }) =>
      predicates.some((predicate) => predicate.path === path && isMetByValues(predicate)),
    )
  );
}

/** Whether something is at the path of every document that meets the condition. Of `{a: []}` nothing is at `a.b`, not even null. */
function isMetByValues({ path, matchesMissing, negative }: Predicate): boolean {
  return !matchesMissing && !(negative && path.includes('.'));
}

/** Whether every document that meets the query also meets the index's filter. When in doubt, no. */
function implies(filter: Document, predicates: readonly Predicate[], partial: Document): boolean {
  return Object.entries(partial).every(([path, condition]) => {
    if (path === '$and' && Array.isArray(condition)) {
      return condition.every((part) => isDocument(part) && implies(filter, predicates, part));
    }
    return (
      saysTheSame(filter, path, condition) ||
      (isComparable(path, condition) && isNarrower(path, condition, predicates))
    );
  });
}

function saysTheSame(filter: Document, path: string, condition: unknown): boolean {
  return path in filter && encode({ value: filter[path] }).equals(encode({ value: condition }));
}

function isComparable(path: string, condition: unknown): boolean {
  if (path.startsWith('$') || Array.isArray(condition)) return false;
  if (!isDocument(condition)) return true;
  const operators = Object.keys(condition);
  return (
    operators.every((operator) => !operator.startsWith('$')) ||
    operators.every((operator) => COMPARABLE.has(operator))
  );
}

function isNarrower(path: string, condition: unknown, predicates: readonly Predicate[]): boolean {
  const demanded = summarizeFilter({ [path]: condition }, undefined).predicates;
  const operators = isDocument(condition)
    ? Object.keys(condition).filter((name) => name.startsWith('$')).length
    : 1;
  // A condition that left no ranges behind (an array), or whose ranges do not say all of it, cannot be compared; nor one
  // about what is missing, since null and missing have one place in the order of values.
  if (demanded.length === 0 || demanded.length < operators) return false;
  if (demanded.some((demand) => demand.matchesMissing || (!demand.exact && demand.ranges[0] !== WHOLE_RANGE)))
    return false;
  return demanded.every((demand) =>
    predicates.some(
      (predicate) =>
        predicate.path === path && isMetByValues(predicate) && coversRanges(demand.ranges, predicate.ranges),
    ),
  );
}
