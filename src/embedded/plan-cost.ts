// What plans cost, in documents read. Keys are counted in the indexes themselves and a sample of them is tried against the
// plan's key filter, since equal-looking conditions may match all documents or none.
import type { CollectionInfo } from './index-info.ts';
import { countKeys, passingShare } from './key-count.ts';
import type { IndexPlan, UnionPlan } from './plan.ts';
import type { QueryShape } from './planner.ts';
import type { Storage } from './storage.ts';

/** Counted first: enough to tell a good index from a bad one. */
export const FIRST_CAP = 256;
/** A plan that reads no more than this is taken at once: finding a better one would cost more. */
export const FEW_KEYS = 8;
/** Looked at before anything else: whether one of the plans reads few keys. */
export const SHORT_LOOK = FEW_KEYS + 1;
/** Each further look, where the one before did not decide, counts so many times more. */
const NEXT_LOOK = 8;
/** Enough where the reading will stop early: it may be over before a longer count is. */
const EARLY_STOP_CAP = 2048;
/** Of plans that are all too large to be counted, one with a further field bounded is taken to read this part. */
const BOUND_SHARE = 0.5;
/** Fewer keys than this are not worth a sample. */
const SMALL = 32;
/** A look at a key against the fetch and decoding of a document. */
const KEY_COST = 0.15;
/** A document that is held to be put in order, against one that is only read. */
const SORT_COST = 1.5;

type Candidate = IndexPlan | UnionPlan;

interface Estimate {
  plan: Candidate;
  keys: number;
  /** Part of the keys that pass the key filter. */
  share: number;
}

/** The plan that will read least. */
export function cheapest(
  storage: Storage,
  candidates: readonly Candidate[],
  collection: CollectionInfo,
  shape: QueryShape,
): Candidate | undefined {
  if (candidates.length <= 1) return candidates[0];
  let counts = count(storage, candidates, SHORT_LOOK);
  const fewest = Math.min(...counts);
  if (fewest <= FEW_KEYS) {
    const plan = candidates[counts.indexOf(fewest)];
    if (plan) plan.keys = fewest;
    return plan;
  }
  let cap = FIRST_CAP;
  counts = count(storage, candidates, cap);
  // A count costs a hundredth of reading the documents, so it pays until it tells the plans apart.
  const largest = stopsEarly(candidates, shape) ? EARLY_STOP_CAP : collection.count;
  while (cap < largest && counts.every((keys) => keys >= cap)) {
    cap *= NEXT_LOOK;
    counts = count(storage, candidates, cap);
  }
  const estimates = candidates.map((plan, index): Estimate => {
    const keys = counts[index] ?? 0;
    const share = keys < SMALL ? 1 : shareOf(storage, plan);
    return { plan, keys: keys < cap ? keys : uncounted(plan, Math.max(keys, collection.count)), share };
  });
  const matches = matchesOf(estimates);
  let best: Estimate | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const estimate of estimates) {
    const cost = costOf(estimate, matches, shape);
    if (cost >= least) continue;
    best = estimate;
    least = cost;
  }
  if (best) best.plan.keys = best.keys;
  return best?.plan;
}

function stopsEarly(candidates: readonly Candidate[], shape: QueryShape): boolean {
  if (shape.limit === undefined) return false;
  return !shape.sort || candidates.some((candidate) => candidate.sorted);
}

function uncounted(plan: Candidate, most: number): number {
  return plan.kind === 'index' ? most * BOUND_SHARE ** plan.bounds.length : most;
}

/** Documents that the query matches, as far as the estimates tell. */
function matchesOf(estimates: readonly Estimate[]): number {
  // A plan whose ranges alone say all that the filter says has counted the matches.
  const exact = estimates.find(({ plan }) => plan.kind === 'index' && plan.provesFilter && !plan.keyFilter);
  return Math.max(1, exact?.keys ?? Math.min(...estimates.map(({ keys, share }) => keys * share)));
}

function count(storage: Storage, candidates: readonly Candidate[], cap: number): number[] {
  return candidates.map((candidate) => {
    const branches = candidate.kind === 'union' ? candidate.branches : [candidate];
    return branches.reduce((sum, branch) => sum + countKeys(storage, branch, cap), 0);
  });
}

function shareOf(storage: Storage, plan: Candidate): number {
  return plan.kind === 'union' ? 1 : passingShare(storage, plan);
}

/**
 * One in the sort's order stops when it has enough; how soon depends on how rare the matches are, for which the
 * tightest plan is the best estimate at hand.
 */
function costOf({ plan, keys, share }: Estimate, matches: number, shape: QueryShape): number {
  const wholeCost = keys * KEY_COST + Math.max(keys * share, matches);
  if (shape.sort && !plan.sorted) return wholeCost * SORT_COST + 1;
  if (shape.limit === undefined) return wholeCost;
  return Math.min(1, shape.limit / matches) * wholeCost;
}
