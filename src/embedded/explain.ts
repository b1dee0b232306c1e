// Plans in the form of MongoDB's explain, with the figures of a real run when they are asked for.
import type { Document } from './bson/types.ts';
import type { Engine } from './engine.ts';
import type { CollectionInfo } from './index-info.ts';
import type { IndexPlan, Plan } from './plan.ts';
import { isSorted } from './plan.ts';
import { planQuery, type Query, RunningQuery } from './query.ts';

export const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution'] as const;
export type Verbosity = (typeof VERBOSITIES)[number];

/** Explains a query; for more than `queryPlanner` it is run to its end. */
export function explainQuery(
  engine: Engine,
  namespace: string,
  collection: CollectionInfo | undefined,
  query: Query,
  verbosity: Verbosity,
): Document {
  const plan = planQuery(engine, collection, query);
  const winningPlan = describeQuery(plan, query);
  const explained: Document = {
    explainVersion: '1',
    queryPlanner: {
      namespace,
      parsedQuery: query.filter,
      indexFilterSet: false,
      winningPlan,
      rejectedPlans: [],
    },
  };
  if (verbosity !== 'queryPlanner')
    explained.executionStats = execute(engine, collection, query, plan, winningPlan);
  return explained;
}

function execute(
  engine: Engine,
  collection: CollectionInfo | undefined,
  query: Query,
  plan: Plan,
  stages: Document,
): Document {
  const started = performance.now();
  const running = new RunningQuery(engine, collection, query, plan);
  let returned = 0;
  while (running.next()) returned += 1;
  running.suspend();
  return {
    executionSuccess: true,
    nReturned: returned,
    executionTimeMillis: Math.round(performance.now() - started),
    totalKeysExamined: running.context.keysExamined,
    totalDocsExamined: running.context.documentsExamined,
    executionStages: { ...stages, nReturned: returned },
  };
}

function describeQuery(plan: Plan, query: Query): Document {
  let stage = describePlan(plan);
  const isOrdered = query.sort && Object.keys(query.sort).length > 0 && !('$natural' in query.sort);
  if (isOrdered && !isSorted(plan)) stage = { stage: 'SORT', sortPattern: query.sort, inputStage: stage };
  if (query.skip) stage = { stage: 'SKIP', skipAmount: query.skip, inputStage: stage };
  if (query.limit) stage = { stage: 'LIMIT', limitAmount: query.limit, inputStage: stage };
  return stage;
}

function describePlan(plan: Plan): Document {
  switch (plan.kind) {
    case 'empty':
      return { stage: 'EOF' };
    case 'collection':
      return { stage: 'COLLSCAN', filter: plan.filter, direction: plan.reverse ? 'backward' : 'forward' };
    case 'index':
      return { stage: 'FETCH', filter: plan.filter, inputStage: describeScan(plan) };
    case 'union':
      return {
        stage: 'FETCH',
        filter: plan.filter,
        inputStage: {
          stage: plan.sorted ? 'SORT_MERGE' : 'OR',
          inputStages: plan.branches.map(describeScan),
        },
      };
  }
}

function describeScan(plan: IndexPlan): Document {
  const { index } = plan;
  return {
    stage: 'IXSCAN',
    keyPattern: index.key,
    indexName: index.name,
    isMultiKey: index.multikeyPaths.length > 0,
    multiKeyPaths: index.multikeyPaths,
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partialFilter !== undefined,
    direction: plan.reverse ? 'backward' : 'forward',
    // Keys are stored in an encoded form, so bounds are told by their number and not by their values.
    indexBounds: Object.fromEntries(
      plan.bounds.map(({ path, ranges }) => [
        path,
        `${ranges.length} ${ranges.length === 1 ? 'range' : 'ranges'}`,
      ]),
    ),
    ranges: plan.ranges.length,
  };
}
