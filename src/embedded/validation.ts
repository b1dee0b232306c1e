// Compares a collection's documents with each of its indexes and with its counters, entry by entry. A step is a document or
// a few thousand keys, so that whoever drives it can rest in between.
import { decode } from './codec.ts';
import type { CollectionInfo, IndexInfo } from './index-info.ts';
import { entriesOf } from './index-keys.ts';
import { indexKey, readRecord } from './record-keys.ts';
import type { Storage } from './storage.ts';
import { StoreView } from './store-view.ts';

/** `document`: lost unless a backup has it. `index` and `counter`: can be made anew from the documents. */
export type FaultKind = 'document' | 'index' | 'counter';

export interface Fault {
  kind: FaultKind;
  /** In words. */
  text: string;
}

export interface ValidationReport {
  documents: number;
  bytes: number;
  /** Entries of each index by its name. */
  keys: Record<string, number>;
  /** What is wrong; empty when all is well. */
  faults: Fault[];
}

/** Faults after which the rest is not worth listing. */
const MOST_FAULTS = 100;

/** Reads the whole collection at once, as it is on disk. */
export function validateCollection(storage: Storage, namespace: string): ValidationReport {
  const view = new StoreView(storage);
  try {
    const collection = view.collections().find((each) => each.namespace === namespace);
    // Made by a transaction that is not on disk yet.
    if (!collection) return { documents: 0, bytes: 0, keys: {}, faults: [] };
    const steps = validationOf(view, collection);
    for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
  } finally {
    view.close();
  }
}

/**
 * Reads a collection of a view step by step. The view may be renewed between two steps: then each document is still compared
 * with its entries, but nothing is counted, since what was counted before may have changed.
 */
export function* validationOf(
  view: StoreView,
  collection: CollectionInfo,
): Generator<undefined, ValidationReport> {
  const report: ValidationReport = { documents: 0, bytes: 0, keys: {}, faults: [] };
  const expected = new Map<IndexInfo, number>(collection.indexes.map((index) => [index, 0]));
  const { generation } = view;
  let seen = generation;
  for (const record of view.records(collection.number)) {
    if (view.generation !== seen && !isStillThere(view, collection)) return report;
    seen = view.generation;
    checkDocument(view, collection, record, expected, report);
    if (report.faults.length >= MOST_FAULTS) return report;
    yield undefined;
  }
  const countsAgree = () => view.generation === generation;
  if (countsAgree()) checkCounters(collection, report);
  for (const [index, wanted] of expected) {
    const found = yield* view.entries(index.number);
    report.keys[index.name] = found;
    if (found !== wanted && countsAgree())
      report.faults.push({
        kind: 'index',
        text: `index ${index.name} has ${found} entries, the documents give ${wanted}`,
      });
  }
  return report;
}

/** False when the collection, or one of its indexes, was dropped or made since it was read. */
function isStillThere(view: StoreView, { number, indexes }: CollectionInfo): boolean {
  const now = view.collections().find((each) => each.number === number);
  return now?.indexes.map((index) => index.number).join() === indexes.map((index) => index.number).join();
}

function checkDocument(
  view: StoreView,
  collection: CollectionInfo,
  record: number,
  expected: Map<IndexInfo, number>,
  report: ValidationReport,
): void {
  try {
    const bytes = view.document(collection.number, record);
    // Removed since its number was read, or found by no way but a walk along the keys.
    if (!bytes && view.generation > 0) return;
    if (!bytes) throw new Error('it is not found by its own key');
    report.documents += 1;
    report.bytes += bytes.length;
    const document = decode(bytes);
    for (const index of collection.indexes) {
      const { keys } = entriesOf(index, document);
      expected.set(index, (expected.get(index) ?? 0) + keys.length);
      for (const key of keys) {
        const fault = faultOfEntry(view, index, key, record);
        if (fault) report.faults.push({ kind: 'index', text: fault });
      }
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report.faults.push({ kind: 'document', text: `record ${record} cannot be read: ${reason}` });
  }
}

function faultOfEntry(view: StoreView, index: IndexInfo, key: Buffer, record: number): string | undefined {
  const missing = `record ${record} is missing in index ${index.name}`;
  try {
    const value = view.entry(indexKey(index.number, key, index.unique ? undefined : record));
    if (!value) return missing;
    return index.unique && readRecord(value, 0) !== record
      ? `${missing}: its key leads to record ${readRecord(value, 0)}`
      : undefined;
  } catch (error) {
    return `${missing}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function checkCounters(collection: CollectionInfo, report: ValidationReport): void {
  for (const [unit, counted, found] of [
    ['documents', collection.count, report.documents],
    ['bytes', collection.bytes, report.bytes],
  ] as const) {
    if (counted !== found)
      report.faults.push({
        kind: 'counter',
        text: `the counter says ${counted} ${unit}, there are ${found}`,
      });
  }
}
