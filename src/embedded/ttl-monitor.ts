// Removes documents whose time has come, by the collection's TTL indexes.
import type { Document } from './bson/types.ts';
import type { Engine } from './engine.ts';
import type { CollectionInfo, IndexInfo } from './index-info.ts';
import { collect, startQuery } from './query.ts';

/** MongoDB's interval. https://www.mongodb.com/docs/manual/core/index-ttl/ */
const INTERVAL_MILLISECONDS = 60_000;
/** Documents removed in one transaction, so that other writers wait a moment only. */
const STEP = 500;

export interface TtlMonitor {
  stop(): Promise<void>;
}

/** Starts the sweep. Errors go to the engine's owner and the next sweep tries again. */
export function startTtlMonitor(engine: Engine, interval = INTERVAL_MILLISECONDS): TtlMonitor {
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    running = removeExpired(engine, new Date()).catch((error: unknown) => engine.reportFault(error));
  }, interval);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Removes every document that has expired at `now`. @returns how many */
export async function removeExpired(engine: Engine, now: Date): Promise<number> {
  let removed = 0;
  for (const { namespace } of engine.catalogue.list()) {
    for (const index of engine.catalogue.get(namespace)?.indexes ?? []) {
      if (index.expireAfterSeconds !== undefined)
        removed += await removeByIndex(engine, namespace, index, now);
    }
  }
  return removed;
}

async function removeByIndex(
  engine: Engine,
  namespace: string,
  index: IndexInfo,
  now: Date,
): Promise<number> {
  const filter = expiredFilter(index, now);
  let removed = 0;
  for (;;) {
    // A read first: an idle sweep takes no write transaction.
    if (expired(engine, engine.catalogue.get(namespace), filter, 1).length === 0) return removed;
    const step = await engine.catalogue.transaction(() => {
      const collection = engine.catalogue.get(namespace);
      const found = expired(engine, collection, filter, STEP);
      for (const stored of found) if (collection) engine.records.remove(collection, stored);
      return found.length;
    });
    removed += step;
    engine.counters.deleted += step;
    if (step < STEP) return removed;
  }
}

function expired(engine: Engine, collection: CollectionInfo | undefined, filter: Document, limit: number) {
  return collect(startQuery(engine, collection, { filter, limit }));
}

function expiredFilter(index: IndexInfo, now: Date): Document {
  const path = index.fields[0]?.path ?? '';
  const due = { [path]: { $lte: new Date(now.getTime() - (index.expireAfterSeconds ?? 0) * 1000) } };
  return index.partialFilter ? { $and: [due, index.partialFilter] } : due;
}
