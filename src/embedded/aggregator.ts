/** Aggregation pipelines. See aggregation/ for the stages. */
import type { Document } from './bson/types.ts';
import { notSupported } from './errors.ts';
import type { Collation } from './order/collation.ts';

export interface AggregateOptions {
  /** Documents of the collection, in natural order (or already narrowed by the planner: see `splitMatch`). */
  readonly source: Iterable<Document>;
  /** Documents of another collection of the same database, for $lookup, $graphLookup and $unionWith. */
  readonly lookup: (collection: string) => Iterable<Document>;
  readonly let?: Document | undefined;
  readonly collation?: Collation | undefined;
  readonly now: () => Date;
  /** A random number in [0, 1), for $sample and $rand. */
  readonly random?: (() => number) | undefined;
}

/** What $out or $merge asks the engine to do with the resulting documents. */
export interface WriteInstruction {
  readonly kind: 'out' | 'merge';
  readonly database?: string;
  readonly collection: string;
  /** Only $merge; field names that identify a document. */
  readonly on?: readonly string[];
  readonly whenMatched?: 'replace' | 'keepExisting' | 'merge' | 'fail' | readonly Document[];
  readonly whenNotMatched?: 'insert' | 'discard' | 'fail';
  readonly let?: Document;
}

export interface AggregateResult {
  readonly documents: Document[];
  readonly write?: WriteInstruction;
}

export function aggregate(_pipeline: readonly Document[], _options: AggregateOptions): AggregateResult {
  throw notSupported('aggregate');
}

/** The leading $match and $sort stages, which a planner can serve from an index, and the rest of the pipeline. */
export function splitPipeline(_pipeline: readonly Document[]): {
  filter: Document;
  sort?: Document;
  rest: readonly Document[];
} {
  throw notSupported('aggregate');
}
