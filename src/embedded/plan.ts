// A plan: how the documents of a query are reached. Made by planner.ts, run by scan.ts, shown by explain.ts.
import type { Document } from './bson/types.ts';
import type { IndexInfo } from './index-info.ts';
import type { KeyFilter, SortPosition } from './key-filter.ts';
import type { KeyRange } from './key-range.ts';

/** Every document in natural order, or backwards. */
export interface CollectionPlan {
  kind: 'collection';
  reverse: boolean;
  filter: Document;
}

export interface IndexPlan {
  kind: 'index';
  index: IndexInfo;
  /** Ranges of whole keys, ascending in the index's own order, without overlap. */
  ranges: KeyRange[];
  reverse: boolean;
  filter: Document;
  /** Each range by itself is in the order of the sort; several are merged. */
  sorted: boolean;
  /** Keys expected in the ranges: a true count up to the cap of the estimate. */
  keys: number;
  /** Ranges of each field in the order of the key pattern, for explain. */
  bounds: { path: string; ranges: KeyRange[] }[];
  /** The range is one key of a unique index. */
  oneKey: boolean;
  /** Conditions on further fields of the index, tried on each key before its document is fetched. */
  keyFilter: KeyFilter | undefined;
  /** Whatever ranges and key filter give meets the query's filter: nothing is left to match. */
  provesFilter: boolean;
  /** Where the fields of the sort are in the keys, for a sorted plan. */
  sortPositions: SortPosition[];
}

/** Several plans, one for each branch of an `$or`. A document met twice counts once. */
export interface UnionPlan {
  kind: 'union';
  branches: IndexPlan[];
  filter: Document;
  /** Each branch is in the order of the sort, or small enough to be put in order by itself. */
  sorted: boolean;
  keys: number;
}

/** Nothing can match, or there is no such collection. */
export interface EmptyPlan {
  kind: 'empty';
  filter: Document;
}

export type Plan = CollectionPlan | IndexPlan | UnionPlan | EmptyPlan;

/** Whether a plan's documents come in the order of the query's sort. */
export function isSorted(plan: Plan): boolean {
  return plan.kind === 'empty' || ((plan.kind === 'index' || plan.kind === 'union') && plan.sorted);
}
