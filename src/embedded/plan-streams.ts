// Turns a plan into a stream of matching documents: scan, fetch, match, drop repetitions, merge.

import type { Document } from './bson/types.ts';
import { FetchedDocument } from './fetched-document.ts';
import type { CollectionInfo } from './index-info.ts';
import { sortKeyReader } from './key-filter.ts';
import type { Matches } from './matcher.ts';
import { MergedScan } from './merged-scan.ts';
import type { Collation } from './order.ts';
import type { IndexPlan, Plan, UnionPlan } from './plan.ts';
import type { ReadMeter } from './read-meter.ts';
import { documentKey } from './record-keys.ts';
import type { StoredDocument } from './records.ts';
import { CollectionScan, ConcatenatedScan, IndexScan, PointScan, type RecordScan } from './scan.ts';
import { MergedStream, sortedStream } from './sorted-stream.ts';
import type { Storage } from './storage.ts';

/** Documents one by one. */
export interface DocumentStream {
  next(): StoredDocument | undefined;
  /** Goes past one document, without fetching it where its key says enough. @returns whether there was one */
  pass(): boolean;
  suspend(): void;
}

/** What every stream of one query shares. */
export interface ScanContext {
  storage: Storage;
  collection: CollectionInfo | undefined;
  sort: Document | undefined;
  collation: Collation | undefined;
  matches: Matches;
  /** The filter is empty, or the plan proves it. */
  matchesAll: boolean;
  meter: ReadMeter;
}

const NO_DOCUMENTS: DocumentStream = {
  next: () => undefined,
  pass: () => false,
  suspend: () => undefined,
};

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
  const { storage, meter, sort } = context;
  const { index, reverse, keyFilter } = plan;
  const [range] = plan.ranges;
  if (plan.oneKey && range)
    return new FetchStream(context, new PointScan(storage, index, range.start, meter), seen);
  const ranges = reverse ? plan.ranges.toReversed() : plan.ranges;
  const scans = ranges.map((range) => new IndexScan(storage, index, range, { reverse, keyFilter, meter }));
  const [only] = scans;
  if (scans.length === 1 && only) return new FetchStream(context, only, seen);
  if (!plan.sorted || !sort || plan.sortPositions.length === 0)
    return new FetchStream(context, new ConcatenatedScan(scans), seen);
  return new FetchStream(context, new MergedScan(scans, sortKeyReader(index, plan.sortPositions)), seen);
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
    const { storage, meter, matchesAll, matches } = this.#context;
    for (let record = this.#advance(); record !== undefined; record = this.#advance()) {
      const bytes =
        this.#scan instanceof CollectionScan
          ? this.#scan.bytes
          : storage.documents.get(documentKey(this.#collection, record));
      // Gone since the scan passed its key: another write came between two batches of a cursor.
      if (!bytes) continue;
      meter.countDocument();
      const found = new FetchedDocument(record, bytes);
      if (matchesAll || matches(found.document)) return found;
    }
    return undefined;
  }

  pass(): boolean {
    return this.#context.matchesAll ? this.#advance() !== undefined : this.next() !== undefined;
  }

  suspend(): void {
    this.#scan.suspend();
  }

  /** The next record that was not met before. */
  #advance(): number | undefined {
    for (let record = this.#scan.next(); record !== undefined; record = this.#scan.next()) {
      if (!this.#seen) return record;
      if (this.#seen.has(record)) continue;
      this.#seen.add(record);
      return record;
    }
    return undefined;
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

  pass(): boolean {
    for (let stream = this.#streams[this.#current]; stream; stream = this.#streams[++this.#current])
      if (stream.pass()) return true;
    return false;
  }

  suspend(): void {
    this.#streams[this.#current]?.suspend();
  }
}
