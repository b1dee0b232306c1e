// Reads the files that a killed server left, with the store's own engine but without a server: every collection is
// validated entry by entry, and nothing may be in the files that no collection owns.
import { decode } from '../../../src/embedded/codec.ts';
import { Engine } from '../../../src/embedded/engine.ts';
import { CollectionScan } from '../../../src/embedded/scan.ts';
import { validateCollection } from '../../../src/embedded/validation.ts';
import { type Entry, emptyState, type WriterState } from './model.ts';
import { DATABASE, ownName, SHARED } from './moves.ts';

export interface Found {
  states: WriterState[];
  errors: string[];
  documents: number;
  indexEntries: number;
}

export async function inspectFiles(directory: string, writers: number): Promise<Found> {
  const engine = await Engine.open(directory);
  try {
    const found: Found = {
      states: Array.from({ length: writers }, emptyState),
      errors: [],
      documents: 0,
      indexEntries: 0,
    };
    for (const [writer, state] of found.states.entries()) {
      const collection = engine.catalogue.get(`${DATABASE}.${ownName(writer)}`);
      if (!collection) continue;
      state.own = new Map();
      state.ownIndexes = new Set(
        collection.indexes.map(({ name }) => name).filter((name) => name !== '_id_'),
      );
    }
    for (const collection of engine.catalogue.list()) {
      const report = validateCollection(engine.storage, collection.namespace);
      found.errors.push(...report.faults.map(({ text }) => `${collection.namespace}: ${text}`));
      found.documents += report.documents;
      found.indexEntries += Object.values(report.keys).reduce((sum, keys) => sum + keys, 0);
      const scan = new CollectionScan(engine.storage, collection.number, false);
      for (let record = scan.next(); record !== undefined; record = scan.next()) {
        const entry = decode(scan.bytes as Buffer) as unknown as Entry;
        const state = found.states[entry.w] as WriterState;
        if (collection.name === SHARED) state.shared.set(entry._id, entry);
        else state.own?.set(entry._id, entry);
      }
      scan.suspend();
    }
    const { documents, indexes } = engine.storage.statistics();
    if (documents.entries !== found.documents)
      found.errors.push(`${documents.entries} documents are stored, the collections have ${found.documents}`);
    if (indexes.entries !== found.indexEntries)
      found.errors.push(
        `${indexes.entries} index entries are stored, the indexes have ${found.indexEntries}`,
      );
    return found;
  } finally {
    await engine.close();
  }
}
