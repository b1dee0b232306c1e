// Runs a query: plan, fetch, match, order, skip and limit. Gives stored documents one by one, so that whoever needs
// only the first reads no more than that.
import type { Document } from './bson/types.ts';
import type { Engine } from './engine.ts';
import type { CollectionInfo } from './index-info.ts';
import { compileFilter } from './matcher.ts';
import type { Collation } from './order.ts';
import { isSorted, type Plan } from './plan.ts';
import { type DocumentStream, openPlan, type ScanContext } from './plan-streams.ts';
import { plan } from './planner.ts';
import { ReadMeter } from './read-meter.ts';
import type { StoredDocument } from './records.ts';
import { sortedStream } from './sorted-stream.ts';
import { compileSort } from './sorter.ts';

export interface Query {
  filter: Document;
  sort?: Document | undefined;
  skip?: number | undefined;
  /** 0 and undefined: no limit. */
  limit?: number | undefined;
  collation?: Collation | undefined;
  hint?: unknown;
  let?: Document | undefined;
  deadline?: number;
}

/** A running query with what it has read so far. */
export class RunningQuery implements DocumentStream {
  readonly plan: Plan;
  readonly context: ScanContext;
  #stream: DocumentStream;
  #toSkip: number;
  #left: number;

  constructor(engine: Engine, collection: CollectionInfo | undefined, query: Query, chosen: Plan) {
    const limit = query.limit && query.limit > 0 ? query.limit : Number.POSITIVE_INFINITY;
    const sort =
      query.sort && Object.keys(query.sort).length > 0 && !('$natural' in query.sort)
        ? query.sort
        : undefined;
    // Compiled even where an index gives the order: it refuses what is wrong with the sort.
    if (sort) compileSort(sort, query.collation);
    this.plan = chosen;
    this.context = {
      storage: engine.storage,
      collection,
      sort,
      collation: query.collation,
      // Compiled even where it is not needed: it refuses what is wrong with the filter.
      matches: compileFilter(query.filter, { collation: query.collation, let: query.let }),
      matchesAll: Object.keys(query.filter).length === 0 || (chosen.kind === 'index' && chosen.provesFilter),
      meter: new ReadMeter(query.deadline ?? Number.POSITIVE_INFINITY),
    };
    const found = openPlan(this.context, chosen);
    const needed = limit + (query.skip ?? 0);
    this.#stream = sort && !isSorted(chosen) ? sortedStream(found, sort, query.collation, needed) : found;
    this.#toSkip = query.skip ?? 0;
    this.#left = limit;
  }

  get finished(): boolean {
    return this.#left <= 0;
  }

  next(): StoredDocument | undefined {
    return this.#guarded(() => {
      if (!this.#skip()) return undefined;
      const found = this.#stream.next();
      if (found) this.#left--;
      else this.#left = 0;
      return found;
    });
  }

  pass(): boolean {
    return this.#guarded(() => {
      if (!this.#skip()) return false;
      const found = this.#stream.pass();
      if (found) this.#left--;
      else this.#left = 0;
      return found;
    });
  }

  suspend(): void {
    this.#stream.suspend();
  }

  /** @returns whether anything is left to read */
  #skip(): boolean {
    if (this.#left <= 0) return false;
    for (; this.#toSkip > 0; this.#toSkip--) {
      if (this.#stream.pass()) continue;
      this.#left = 0;
      return false;
    }
    return true;
  }

  /** A read that fails lets go of its place in the files at once. */
  #guarded<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      this.suspend();
      throw error;
    }
  }
}

/** Plans a query. A missing collection is no error: nothing is in it. */
export function planQuery(engine: Engine, collection: CollectionInfo | undefined, query: Query): Plan {
  const limit = query.limit ? query.limit + (query.skip ?? 0) : undefined;
  return plan(engine.storage, collection, {
    filter: query.filter,
    sort: query.sort,
    limit,
    collation: query.collation,
    hint: query.hint,
  });
}

/** Plans and starts a query. */
export function startQuery(
  engine: Engine,
  collection: CollectionInfo | undefined,
  query: Query,
): RunningQuery {
  engine.counters.queries += 1;
  return new RunningQuery(engine, collection, query, planQuery(engine, collection, query));
}

/** All documents of a query. */
export function collect(running: DocumentStream): StoredDocument[] {
  const all: StoredDocument[] = [];
  for (let found = running.next(); found; found = running.next()) all.push(found);
  running.suspend();
  return all;
}

/** The first document of a query. */
export function first(running: DocumentStream): StoredDocument | undefined {
  const found = running.next();
  running.suspend();
  return found;
}
