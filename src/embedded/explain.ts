// Plans in the form of MongoDB's explain, with the figures of a real run when they are asked for.
import type { Document } from './bson/types.ts';
import type { Engine } from './engine.ts';
import { type CollectionInfo, listedCollation } from './index-info.ts';
import { prefixRange } from './key-range.ts';
import { describeBytes } from './order/describe-bytes.ts';
import type { IndexPlan, Plan } from './plan.ts';
import { isSorted } from './plan.ts';
import { planQuery, type Query, RunningQuery } from './query.ts';
import { MAX_SORT_BYTES } from './sorted-stream.ts';

export const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution'] as const;
export type Verbosity = (typeof VERBOSITIES)[number];

/** A query, or one whose documents are only counted. */
export type ExplainedQuery = Query & { counts?: boolean };

/** Intervals of one field that are listed. */
const MOST_BOUNDS = 50;

/** Explains a query; for more than `queryPlanner` it is run to its end. */
export function explainQuery(
  engine: Engine,
  namespace: string,
  collection: CollectionInfo | undefined,
  query: ExplainedQuery,
  verbosity: Verbosity,
): Document {
  const plan = planQuery(engine, collection, query);
  const explained: Document = {
    explainVersion: '1',
    queryPlanner: {
      namespace,
      parsedQuery: query.filter,
      indexFilterSet: false,
      maxIndexedOrSolutionsReached: false,
      maxIndexedAndSolutionsReached: false,
      maxScansToExplodeReached: false,
      winningPlan: describeQuery(plan, query),
      rejectedPlans: [],
    },
  };
  if (verbosity !== 'queryPlanner') explained.executionStats = execute(engine, collection, query, plan);
  // One plan is run, so nothing was tried out against it.
  if (verbosity === 'allPlansExecution')
    explained.executionStats = { ...(explained.executionStats as Document), allPlansExecution: [] };
  return explained;
}

interface Figures {
  returned: number;
  milliseconds: number;
  keys: number;
  documents: number;
}

function execute(
  engine: Engine,
  collection: CollectionInfo | undefined,
  query: ExplainedQuery,
  plan: Plan,
): Document {
  const started = performance.now();
  const running = new RunningQuery(engine, collection, query, plan);
  let returned = 0;
  while (query.counts ? running.pass() : running.next()) returned += 1;
  running.suspend();
  const { keysExamined, documentsExamined } = running.context.meter;
  const milliseconds = Math.round(performance.now() - started);
  const figures = { returned, milliseconds, keys: keysExamined, documents: documentsExamined };
  return {
    executionSuccess: true,
    nReturned: query.counts ? 0 : returned,
    executionTimeMillis: milliseconds,
    totalKeysExamined: keysExamined,
    totalDocsExamined: documentsExamined,
    executionStages: describeQuery(plan, query, figures),
  };
}

/** The stages from the last to the first, as MongoDB nests them; with figures when the query has been run. */
function describeQuery(plan: Plan, query: ExplainedQuery, figures?: Figures): Document {
  let stage = describePlan(plan, query, figures);
  const isOrdered = query.sort && Object.keys(query.sort).length > 0 && !('$natural' in query.sort);
  const ran = executed(figures, figures?.returned);
  if (isOrdered && !query.counts && !isSorted(plan))
    stage = { stage: 'SORT', ...ran, sortPattern: query.sort, memLimit: MAX_SORT_BYTES, inputStage: stage };
  if (query.skip) stage = { stage: 'SKIP', ...ran, skipAmount: query.skip, inputStage: stage };
  if (query.limit) stage = { stage: 'LIMIT', ...ran, limitAmount: query.limit, inputStage: stage };
  if (query.counts)
    stage = { stage: 'COUNT', ...executed(figures, 0), nCounted: figures?.returned ?? 0, inputStage: stage };
  return stage;
}

function describePlan(plan: Plan, query: ExplainedQuery, figures: Figures | undefined): Document {
  const ran = executed(figures, figures?.returned);
  const fetched = figures ? { docsExamined: figures.documents, alreadyHasObj: 0 } : {};
  switch (plan.kind) {
    case 'empty':
      return { stage: 'EOF', ...ran };
    case 'collection': {
      const docsExamined = figures ? { docsExamined: figures.documents } : {};
      const direction = plan.reverse ? 'backward' : 'forward';
      return { stage: 'COLLSCAN', filter: plan.filter, ...ran, direction, ...docsExamined };
    }
    case 'index': {
      const scan = describeScan(plan, figures);
      if (query.counts && plan.provesFilter) return { ...scan, stage: 'COUNT_SCAN' };
      const filter = plan.provesFilter ? {} : { filter: plan.filter };
      return { stage: 'FETCH', ...filter, ...ran, ...fetched, inputStage: scan };
    }
    case 'union': {
      const inputStages = plan.branches.map((branch) => describeScan(branch, undefined));
      const merged = { stage: plan.sorted ? 'SORT_MERGE' : 'OR', ...executed(figures, figures?.documents) };
      return {
        stage: 'FETCH',
        filter: plan.filter,
        ...ran,
        ...fetched,
        inputStage: { ...merged, inputStages },
      };
    }
  }
}

function executed(figures: Figures | undefined, returned: number | undefined): Document {
  if (!figures) return {};
  return {
    nReturned: returned ?? 0,
    executionTimeMillisEstimate: figures.milliseconds,
    works: Math.max(figures.keys, figures.documents) + 1,
    advanced: returned ?? 0,
    needTime: 0,
    needYield: 0,
    isEOF: 1,
  };
}

function describeScan(plan: IndexPlan, figures: Figures | undefined): Document {
  const { index } = plan;
  const collation = listedCollation(index);
  const keys = figures ? { keysExamined: figures.keys, seeks: plan.ranges.length } : {};
  return {
    stage: 'IXSCAN',
    // Conditions on further fields of the index are tried on its keys; which ones, the filter and the key pattern tell.
    ...(plan.keyFilter ? { filter: plan.filter } : {}),
    ...executed(figures, figures?.documents),
    keyPattern: index.key,
    indexName: index.name,
    ...(collation ? { collation } : {}),
    isMultiKey: index.multikeyPaths.length > 0,
    multiKeyPaths: Object.fromEntries(
      index.fields.map(({ path }) => [path, index.multikeyPaths.includes(path) ? [path] : []]),
    ),
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partialFilter !== undefined,
    indexVersion: 2,
    direction: plan.reverse ? 'backward' : 'forward',
    indexBounds: Object.fromEntries(
      index.fields.map(({ path }) => [path, describeBounds(plan.bounds.find((each) => each.path === path))]),
    ),
    ...keys,
  };
}

/** Intervals in MongoDB's notation; beyond a few, how many more there are. */
function describeBounds(bound: IndexPlan['bounds'][number] | undefined): string[] {
  if (!bound) return ['[MinKey, MaxKey]'];
  const shown = bound.ranges.slice(0, MOST_BOUNDS).map(({ start, end }) => {
    const low = start.length === 0 ? 'MinKey' : describeBytes(start);
    if (end && prefixRange(start).end?.equals(end)) return `[${low}, ${low}]`;
    return `[${low}, ${end ? describeBytes(end) : 'MaxKey'})`;
  });
  const more = bound.ranges.length - shown.length;
  return more > 0 ? [...shown, `${more} more`] : shown;
}
