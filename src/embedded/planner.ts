// Chooses how to reach a query's documents. Every index gives at most one plan; what a plan costs is counted in the
// index itself, since equal-looking conditions may match all documents or none.
import { fieldEntries } from './bson/field-order.ts';
import type { Document } from './bson/types.ts';
import { badValue } from './errors.ts';
import { findHintedIndex } from './hint.ts';
import type { CollectionInfo, IndexInfo } from './index-info.ts';
import { collationOfIndex } from './index-keys.ts';
import { type IndexOffer, offerOf, planOf, type SortField } from './index-plan.ts';
import { countKeys } from './key-count.ts';
import { type Collation, isSameCollation } from './order.ts';
import type { IndexPlan, Plan, UnionPlan } from './plan.ts';
import { cheapest, FEW_KEYS, FIRST_CAP, SHORT_LOOK } from './plan-cost.ts';
import { type FilterSummary, summarizeFilter } from './predicates.ts';
import type { Storage } from './storage.ts';

export interface QueryShape {
  filter: Document;
  sort?: Document | undefined;
  /** Documents wanted, skipped ones included; undefined for all. */
  limit?: number | undefined;
  collation?: Collation | undefined;
  hint?: unknown;
}

/** A branch of an `$or` that is not in the sort's order is put in order by itself while it is this small. */
const SMALL_BRANCH = FIRST_CAP;

/**
 * @throws MongoError 2 for a hint that names no index
 */
export function plan(storage: Storage, collection: CollectionInfo | undefined, shape: QueryShape): Plan {
  const { filter } = shape;
  if (!collection) return { kind: 'empty', filter };
  const natural = naturalDirection(shape);
  if (natural !== undefined) return { kind: 'collection', reverse: natural < 0, filter };
  const hinted = shape.hint === undefined ? undefined : findHintedIndex(collection, shape.hint);
  const summary = summarizeFilter(filter, shape.collation);
  const byId = hinted ? undefined : planById(collection, shape, summary);
  if (byId) return byId;
  const usable = hinted ? [hinted] : collection.indexes.filter((index) => !index.hidden && !index.isPending);
  const sort = sortFields(shape.sort);
  const union = hinted ? undefined : planUnion(storage, usable, shape, summary, sort);
  // Agenda's idle poll ends here, several times a second: nothing more is looked at.
  if (union && union.keys <= FEW_KEYS) return union;
  const offers = offersOf(usable, shape, summary, sort, hinted !== undefined);
  const candidates = offers.map((offer) => planOf(offer, shape, sort));
  if (hinted) return candidates[0] ?? refuseHint(hinted);
  if (candidates.some((candidate) => candidate.ranges.length === 0)) return { kind: 'empty', filter };
  // One key at most: nothing can be cheaper, so nothing is counted.
  const immediate = candidates.find((candidate) => candidate.oneKey);
  if (immediate) return immediate;
  const all: (IndexPlan | UnionPlan)[] = union ? [...candidates, union] : candidates;
  const best = cheapest(storage, all, collection, shape);
  return best ?? { kind: 'collection', reverse: false, filter };
}

/** One document at most, whatever else is asked: no other index is looked at. */
function planById(
  collection: CollectionInfo,
  shape: QueryShape,
  summary: FilterSummary,
): IndexPlan | undefined {
  const [index] = collection.indexes;
  const predicate = summary.predicates.find(
    ({ path, points, ranges }) => path === '_id' && points && ranges.length === 1,
  );
  if (!index || !predicate || predicate.matchesMissing) return undefined;
  if (!isSameCollation(collationOfIndex(index), shape.collation)) return undefined;
  return {
    kind: 'index',
    index,
    ranges: predicate.ranges,
    reverse: false,
    filter: shape.filter,
    sorted: true,
    keys: 1,
    oneKey: true,
    bounds: [{ path: '_id', ranges: predicate.ranges }],
    keyFilter: undefined,
    provesFilter: summary.exact && summary.predicates.length === 1 && summary.alternatives.length === 0,
    sortPositions: [],
  };
}

function offersOf(
  indexes: readonly IndexInfo[],
  shape: QueryShape,
  summary: FilterSummary,
  sort: readonly SortField[],
  hinted: boolean,
): IndexOffer[] {
  const offers: IndexOffer[] = [];
  for (const index of indexes) {
    const offer = offerOf(index, summary, shape, sort, hinted);
    if (offer) offers.push(offer);
  }
  return offers;
}

/** A plan for each branch of one `$or`, when every branch has an index. */
function planUnion(
  storage: Storage,
  indexes: readonly IndexInfo[],
  shape: QueryShape,
  summary: FilterSummary,
  sort: readonly SortField[],
): UnionPlan | undefined {
  let best: UnionPlan | undefined;
  for (const branches of summary.alternatives) {
    // Whoever meets a branch meets the whole `$or`.
    const { predicates, exact } = summary;
    const rest = {
      predicates,
      alternatives: summary.alternatives.filter((each) => each !== branches),
      exact,
    };
    const union = unionOf(storage, indexes, rest, branches, shape, sort);
    if (union && (!best || union.keys < best.keys)) best = union;
  }
  return best;
}

function unionOf(
  storage: Storage,
  indexes: readonly IndexInfo[],
  rest: FilterSummary,
  branches: readonly FilterSummary[],
  shape: QueryShape,
  sort: readonly SortField[],
): UnionPlan | undefined {
  const plans: IndexPlan[] = [];
  for (const branch of branches) {
    // The branch together with everything beside the `$or`, so that one index can serve both.
    const summary: FilterSummary = {
      predicates: [...rest.predicates, ...branch.predicates],
      alternatives: [...rest.alternatives, ...branch.alternatives],
      exact: rest.exact && branch.exact,
    };
    const offers = offersOf(indexes, shape, summary, sort, false).filter(({ bounds }) => bounds.length > 0);
    if (offers.some(({ rangeCount }) => rangeCount === 0)) continue;
    const best = fewestKeys(storage, offers, (offer) => planOf(offer, shape, sort));
    if (!best) return undefined;
    plans.push(best);
  }
  // Streams are merged by the bytes of their sort keys, which in a collation serve equality only.
  const sorted =
    sort.length > 0 &&
    !shape.collation &&
    plans.every((branch) => branch.sorted || branch.keys < SMALL_BRANCH);
  return {
    kind: 'union',
    branches: plans,
    filter: shape.filter,
    sorted,
    keys: plans.reduce((sum, branch) => sum + branch.keys, 0),
  };
}

/**
 * The plan with the fewest keys, in the sort's order where equal. A short look at all comes first, since most often one of
 * them has few or none. What is quickly counted and narrow is counted first, the others no further than it.
 */
function fewestKeys(
  storage: Storage,
  offers: readonly IndexOffer[],
  complete: (offer: IndexOffer) => IndexPlan,
): IndexPlan | undefined {
  const ordered = offers.toSorted((a, b) => a.rangeCount - b.rangeCount || b.bounds.length - a.bounds.length);
  const plans: IndexPlan[] = [];
  const fewestUpTo = (cap: number): IndexPlan | undefined => {
    let best: IndexPlan | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [position, offer] of ordered.entries()) {
      if (fewest === 0) break;
      plans[position] ??= complete(offer);
      const plan = plans[position];
      const keys = countKeys(storage, plan, Math.min(cap, fewest + 1));
      if (keys > fewest || (keys === fewest && (best?.sorted || !plan.sorted))) continue;
      plan.keys = keys;
      best = plan;
      fewest = keys;
    }
    return best;
  };
  const best = fewestUpTo(SHORT_LOOK);
  return best && best.keys >= SHORT_LOOK ? fewestUpTo(FIRST_CAP) : best;
}

function naturalDirection(shape: QueryShape): number | undefined {
  const hint = shape.hint as Document | undefined;
  for (const source of [shape.sort, typeof hint === 'object' ? hint : undefined]) {
    if (source && '$natural' in source) {
      const direction = Number(source.$natural);
      if (direction !== 1 && direction !== -1)
        throw badValue(`$natural must be 1 or -1, found ${String(source.$natural)}`);
      return direction;
    }
  }
  return undefined;
}

function sortFields(sort: Document | undefined): SortField[] {
  return fieldEntries(sort ?? {}).map(([path, direction]) => ({
    path,
    direction: Number(direction) < 0 ? -1 : 1,
  }));
}

function refuseHint(index: IndexInfo): never {
  throw badValue(
    `the hinted index ${index.name} cannot answer this query: it leaves documents out (sparse or partial) or has another collation`,
  );
}
