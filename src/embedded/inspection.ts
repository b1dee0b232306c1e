// Compares a whole store with itself: every collection, and that nothing lies beside them. Says what it holds, or what is
// wrong and what helps.
import { Engine } from './engine.ts';
import { StorageError } from './storage-error.ts';
import { type SpaceName, StoreView } from './store-view.ts';
import { type Fault, validationOf } from './validation.ts';

export interface InspectedCollection {
  namespace: string;
  documents: number;
  /** Sum of the documents' BSON sizes. */
  bytes: number;
  indexes: number;
}

export interface StoreReport {
  collections: InspectedCollection[];
  /** What is wrong; empty when all is well. */
  faults: Fault[];
}

/** Faults that a message lists; the rest is counted. */
const FAULTS_TOLD = 3;

/**
 * Reads a whole view step by step; see `validationOf` for what a step is.
 * @param onCollection told of each collection when it was read
 */
export function* inspectionOf(
  view: StoreView,
  onCollection: (collection: InspectedCollection) => void = () => undefined,
): Generator<undefined, StoreReport> {
  const report: StoreReport = { collections: [], faults: strays(view) };
  for (const { number } of view.collections()) {
    // As it is by now: the view may have been renewed since the list was read.
    const collection = view.collections().find((each) => each.number === number);
    if (!collection) continue;
    const { namespace, indexes } = collection;
    const { documents, bytes, faults } = yield* validationOf(view, collection);
    report.faults.push(...faults.map(({ kind, text }) => ({ kind, text: `${namespace}: ${text}` })));
    const inspected = { namespace, documents, bytes, indexes: indexes.length };
    report.collections.push(inspected);
    onCollection(inspected);
  }
  return report;
}

function strays(view: StoreView): Fault[] {
  const collections = view.collections();
  const owned: Record<SpaceName, number[]> = {
    documents: collections.map(({ number }) => number),
    indexes: collections.flatMap(({ indexes }) => indexes.map(({ number }) => number)),
  };
  const faults: Fault[] = [];
  if (view.hasStrays('documents', owned.documents))
    faults.push({ kind: 'document', text: 'there is a document that belongs to no collection' });
  if (view.hasStrays('indexes', owned.indexes))
    faults.push({ kind: 'index', text: 'there is an entry that belongs to no index' });
  return faults;
}

/** True when everything that is wrong can be made anew from the documents. */
export function canBeMended(faults: readonly Fault[]): boolean {
  return faults.every(({ kind }) => kind !== 'document');
}

/** What was found, what it means and what to do. */
export function explainFaults(file: string, faults: readonly Fault[]): string {
  const told = faults.slice(0, FAULTS_TOLD).map(({ text }) => text);
  const more = faults.length > FAULTS_TOLD ? ` and ${faults.length - FAULTS_TOLD} more` : '';
  const remedy = canBeMended(faults)
    ? 'No document is lost, but some may not be found: stop the program and run `npm run compact`, which makes indexes and counters anew from the documents'
    : 'Restore a backup';
  return `${file} is damaged in ${told.join('; ')}${more}. ${remedy}`;
}

/** Reads a whole store at once, which nobody writes to. */
export function inspectStore(
  engine: Engine,
  onCollection?: (collection: InspectedCollection) => void,
): StoreReport {
  const view = new StoreView(engine.storage);
  try {
    const steps = inspectionOf(view, onCollection);
    for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
  } finally {
    view.close();
  }
}

/**
 * Compares every document with every index and counter. The caller sees to it that nobody has the directory open. A store
 * of an older format is brought to the present one by this.
 * @throws StorageError when it cannot be opened or does not agree with itself
 */
export async function inspectDatabase(
  directory: string,
  onCollection?: (collection: InspectedCollection) => void,
): Promise<InspectedCollection[]> {
  const engine = await Engine.open(directory);
  try {
    const { collections, faults } = inspectStore(engine, onCollection);
    if (faults.length > 0) throw new StorageError(explainFaults(engine.storage.file, faults));
    return collections;
  } finally {
    await engine.close();
  }
}
