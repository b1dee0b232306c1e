// Compares a collection's documents with each of its indexes and with its counters, entry by entry.
import { decode } from './codec.ts';
import type { Engine } from './engine.ts';
import type { CollectionInfo, IndexInfo } from './index-info.ts';
import { entriesOf } from './index-keys.ts';
import { indexKey, readRecord, wholeStoredRange } from './record-keys.ts';
import { CollectionScan } from './scan.ts';

export interface ValidationReport {
  documents: number;
  bytes: number;
  /** Entries of each index by its name. */
  keys: Record<string, number>;
  /** What is wrong, in words; empty when all is well. */
  errors: string[];
}

/** Errors after which the rest is not worth listing. */
const MOST_ERRORS = 100;

/** Reads the whole collection. */
export function validateCollection(engine: Engine, collection: CollectionInfo): ValidationReport {
  const report: ValidationReport = { documents: 0, bytes: 0, keys: {}, errors: [] };
  const expected = new Map<IndexInfo, number>(collection.indexes.map((index) => [index, 0]));
  const scan = new CollectionScan(engine.storage, collection.number, false);
  for (let record = scan.next(); record !== undefined; record = scan.next()) {
    const bytes = scan.bytes;
    if (!bytes) continue;
    report.documents += 1;
    report.bytes += bytes.length;
    checkDocument(engine, collection, { record, bytes }, expected, report);
    if (report.errors.length >= MOST_ERRORS) break;
  }
  scan.suspend();
  checkCounts(engine, collection, expected, report);
  return report;
}

function checkDocument(
  engine: Engine,
  collection: CollectionInfo,
  stored: { record: number; bytes: Buffer },
  expected: Map<IndexInfo, number>,
  report: ValidationReport,
): void {
  try {
    const document = decode(stored.bytes);
    for (const index of collection.indexes) {
      const { keys } = entriesOf(index, document);
      expected.set(index, (expected.get(index) ?? 0) + keys.length);
      for (const key of keys)
        if (!hasEntry(engine, index, key, stored.record))
          report.errors.push(`record ${stored.record} is missing in index ${index.name}`);
    }
  } catch (error) {
    report.errors.push(
      `record ${stored.record} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function hasEntry(engine: Engine, index: IndexInfo, key: Buffer, record: number): boolean {
  const value = engine.storage.indexes.get(indexKey(index.number, key, index.unique ? undefined : record));
  return value !== undefined && (!index.unique || readRecord(value, 0) === record);
}

function checkCounts(
  engine: Engine,
  collection: CollectionInfo,
  expected: Map<IndexInfo, number>,
  report: ValidationReport,
): void {
  if (collection.count !== report.documents)
    report.errors.push(`the counter says ${collection.count} documents, there are ${report.documents}`);
  if (collection.bytes !== report.bytes)
    report.errors.push(`the counter says ${collection.bytes} bytes, there are ${report.bytes}`);
  for (const [index, wanted] of expected) {
    const found = engine.storage.indexes.getKeysCount(wholeStoredRange(index.number));
    report.keys[index.name] = found;
    if (found !== wanted)
      report.errors.push(`index ${index.name} has ${found} entries, the documents give ${wanted}`);
  }
}
