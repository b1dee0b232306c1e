// Looks for damage while the store runs: LMDB has no checksums of its own, and a bit that changes in the key of an index can
// hide a document without an error. In slices so small that no request waits for them.
import { statSync } from 'node:fs';
import type { Engine } from './engine.ts';
import { explainFaults, inspectionOf } from './inspection.ts';
import { StoreView } from './store-view.ts';

export interface CheckResult {
  at: Date;
  documents: number;
  /** Time that the check itself took, without its rests. */
  milliseconds: number;
  /** What is wrong and what to do, in words; absent when all is well. */
  damage?: string;
}

export interface SelfCheck {
  stop(): Promise<void>;
}

/** How a check spares the others. */
export interface Thrift {
  /** Milliseconds of work between two pauses. */
  slice: number;
  /** Write transactions after which the view is renewed: as long as it stands the file grows by what they write. */
  writesPerView: number;
  /** Bytes by which the file may have grown then: transactions can be large. */
  growthPerView: number;
}

const THRIFT: Thrift = { slice: 2, writesPerView: 1_000, growthPerView: 64 * 1024 * 1024 };
/** In milliseconds, like all below. */
const FIRST_AFTER = 600_000;
/** After each slice: a tenth of one processor at most, and a hundredth while clients are at work. */
const REST = 20;
const REST_WHEN_BUSY = 200;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The next check begins after so many times what one took, but not before an hour and not after a day. */
const SPARSENESS = 10_000;
/** Starts the checks. Damage is told to the engine's owner each time it is found. */
export function startSelfCheck(engine: Engine): SelfCheck {
  const ending = new AbortController();
  const running = (async () => {
    for (let pause = FIRST_AFTER; await rest(pause, ending.signal); ) {
      const result = await checkOnce(engine, async () => {
        const before = engine.counters.commands;
        const rested = await rest(REST, ending.signal);
        return rested && engine.counters.commands !== before
          ? rest(REST_WHEN_BUSY - REST, ending.signal)
          : rested;
      });
      if (result) engine.lastCheck = result;
      if (result?.damage !== undefined) engine.reportFault(new Error(result.damage));
      pause = Math.min(DAY, Math.max(HOUR, SPARSENESS * (result?.milliseconds ?? 0)));
    }
  })().catch((error: unknown) => engine.reportFault(error));
  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}

/**
 * One check of the whole store.
 * @param pause called after each slice; false ends the check
 * @returns undefined when it was ended
 */
export async function checkOnce(
  engine: Engine,
  pause: () => Promise<boolean>,
  { slice, writesPerView, growthPerView } = THRIFT,
): Promise<CheckResult | undefined> {
  const view = new StoreView(engine.storage);
  let milliseconds = 0;
  const sizeOfFile = () => statSync(engine.storage.file).size;
  let { writes } = engine.storage;
  let size = sizeOfFile();
  try {
    const steps = inspectionOf(view);
    for (;;) {
      const began = performance.now();
      let step = steps.next();
      while (!step.done && performance.now() - began < slice) step = steps.next();
      milliseconds += performance.now() - began;
      if (step.done) {
        const { collections, faults } = step.value;
        const documents = collections.reduce((sum, collection) => sum + collection.documents, 0);
        const damage = faults.length > 0 ? { damage: explainFaults(engine.storage.file, faults) } : {};
        return { at: new Date(), documents, milliseconds: Math.ceil(milliseconds), ...damage };
      }
      if (!(await pause())) return undefined;
      if (engine.storage.writes - writes < writesPerView && sizeOfFile() - size < growthPerView) continue;
      view.renew();
      writes = engine.storage.writes;
      size = sizeOfFile();
    }
  } finally {
    view.close();
  }
}

/** @returns false when it was ended */
function rest(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (rested: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(rested);
    };
    const onAbort = () => end(false);
    const timer = setTimeout(end, milliseconds, true);
    timer.unref();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
