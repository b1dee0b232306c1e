// Turns a plan into a stream of matching documents: scan, fetch, match, drop repetitions, merge.

import type { Document } from './bson/types.ts';
import { decode } from './codec.ts';
import { MongoError } from './errors.ts';
import type { CollectionInfo } from './index-info.ts';
import type { Matches } from './matcher.ts';
import type { Collation } from './order.ts';
import type { IndexPlan, Plan, UnionPlan } from './plan.ts';
import { documentKey } from './record-keys.ts';
import type { StoredDocument } from './records.ts';
import { CollectionScan, ConcatenatedScan, IndexScan, PointScan, type RecordScan } from './scan.ts';
import { MergedStream, sortedStream } from './sorted-stream.ts';
import type { Storage } from './storage.ts';

/** Documents one by one. */
export interface DocumentStream {
  next(): StoredDocument | undefined;
  suspend(): void;
}

/** What every stream of one query shares. */
export interface ScanContext {
  storage: Storage;
  collection: CollectionInfo | undefined;
  sort: Document | undefined;
  collation: Collation | undefined;
  matches: Matches;
  /** The filter is empty. */
  matchesAll: boolean;
  deadline: number;
  documentsExamined: number;
  keysExamined: number;
}

/** Documents between two looks at the clock. */
const DEADLINE_STEP = 64;

const NO_DOCUMENTS: DocumentStream = { next: () => undefined, suspend: () => undefined };

/** Starts a plan. The stream is in the order of the query's sort if `isSorted(plan)`. */
export function openPlan(context: ScanContext, plan: Plan): DocumentStream {
  if (!context.collection || plan.kind === 'empty') return NO_DOCUMENTS;
  switch (plan.kind) {
    case 'collection':
      return new FetchStream(
        context,
        new CollectionScan(context.storage, context.collection.number, plan.reverse),
        undefined,
      );
    case 'index':
      return openIndexPlan(context, plan, plan.index.multikeyPaths.length > 0 ? new Set() : undefined);
    case 'union':
      return openUnion(context, plan);
  }
}

function openIndexPlan(context: ScanContext, plan: IndexPlan, seen: Set<number> | undefined): DocumentStream {
  const [range] = plan.ranges;
  if (plan.oneKey && range) {
    return new FetchStream(context, new PointScan(context.storage, plan.index, range.start), seen);
  }
  const ranges = plan.reverse ? plan.ranges.toReversed() : plan.ranges;
  const scans = ranges.map((range) => new IndexScan(context.storage, plan.index, range, plan.reverse));
  const [only] = scans;
  if (scans.length === 1 && only) return new FetchStream(context, only, seen);
  if (!plan.sorted || !context.sort) return new FetchStream(context, new ConcatenatedScan(scans), seen);
  return new MergedStream(
    scans.map((scan) => new FetchStream(context, scan, undefined)),
    context.sort,
    seen,
  );
}

function openUnion(context: ScanContext, plan: UnionPlan): DocumentStream {
  const { sort } = context;
  if (!plan.sorted || !sort) {
    const seen = new Set<number>();
    return new ChainedStream(
      plan.branches.map((branch) => openIndexPlan(context, { ...branch, sorted: false }, seen)),
    );
  }
  const streams = plan.branches.map((branch) => {
    const stream = openIndexPlan(context, branch, undefined);
    return branch.sorted ? stream : sortedStream(stream, sort, context.collation, Number.POSITIVE_INFINITY);
  });
  return new MergedStream(streams, sort, new Set());
}

/** Fetches the documents of a scan and keeps those that match. */
class FetchStream implements DocumentStream {
  #context: ScanContext;
  #scan: RecordScan;
  #seen: Set<number> | undefined;
  #collection: number;

  constructor(context: ScanContext, scan: RecordScan, seen: Set<number> | undefined) {
    this.#context = context;
    this.#scan = scan;
    this.#seen = seen;
    this.#collection = context.collection?.number ?? 0;
  }

  next(): StoredDocument | undefined {
    const context = this.#context;
    for (let record = this.#advance(); record !== undefined; record = this.#advance()) {
      if (this.#seen?.has(record)) continue;
      this.#seen?.add(record);
      const bytes =
        this.#scan instanceof CollectionScan
          ? this.#scan.bytes
          : context.storage.documents.get(documentKey(this.#collection, record));
      // Gone since the scan passed its key: another write came between two batches of a cursor.
      if (!bytes) continue;
      if (++context.documentsExamined % DEADLINE_STEP === 0 && Date.now() > context.deadline) {
        this.suspend();
        throw new MongoError(50, 'operation exceeded time limit');
      }
      const document = decode(bytes);
      if (!context.matchesAll && !context.matches(document)) continue;
      return { record, bytes, document };
    }
    return undefined;
  }

  suspend(): void {
    this.#scan.suspend();
  }

  #advance(): number | undefined {
    const before = this.#scan.examined;
    const record = this.#scan.next();
    this.#context.keysExamined += this.#scan.examined - before;
    return record;
  }
}

/** One stream after the other. */
class ChainedStream implements DocumentStream {
  #streams: DocumentStream[];
  #current = 0;

  constructor(streams: DocumentStream[]) {
    this.#streams = streams;
  }

  next(): StoredDocument | undefined {
    for (let stream = this.#streams[this.#current]; stream; stream = this.#streams[++this.#current]) {
      const found = stream.next();
      if (found) return found;
    }
    return undefined;
  }

  suspend(): void {
    this.#streams[this.#current]?.suspend();
  }
}
