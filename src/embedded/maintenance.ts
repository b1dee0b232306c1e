// Work on a store's files while no server runs: copies, replacement, compaction. The second public face of the store;
// unlike index.ts it loads the engine. Every function here needs the directory's lock, which the caller takes.
import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keepAside, renameDurably } from './durable-file.ts';
import { Engine } from './engine.ts';
import {
  canBeMended,
  explainFaults,
  type InspectedCollection,
  inspectDatabase,
  inspectStore,
} from './inspection.ts';
import { rebuildIndexes } from './rebuild.ts';
import { clearSnapshots, removeSnapshot, type Snapshot, takeSnapshot } from './snapshots.ts';
import { DATA_FILE, Storage } from './storage.ts';
import { StorageError } from './storage-error.ts';
import type { Fault } from './validation.ts';

export { readAddress } from './address-file.ts';
export { noteBackup } from './backup-note.ts';
export { type InspectedCollection, inspectDatabase } from './inspection.ts';
export { DatabaseLocked, type LockFile, takeLock } from './lock-file.ts';
export { clearSnapshots, incomingFolder, removeSnapshot, type Snapshot } from './snapshots.ts';
export { StorageError } from './storage-error.ts';

/** What LMDB keeps beside its data for readers of several processes; it belongs to the file that was opened. */
const READERS_FILE = 'lock.mdb';

/** True when the directory holds a store, whatever its state. */
export function holdsDatabase(directory: string): boolean {
  return existsSync(join(directory, DATA_FILE));
}

/**
 * A consistent copy of a store that does not run.
 * @throws StorageError when there is no store, or it cannot be read
 */
export async function snapshotOf(directory: string): Promise<Snapshot> {
  if (!holdsDatabase(directory)) throw new StorageError(`there is no database in ${directory}`);
  clearSnapshots(directory);
  const storage = await Storage.open(directory);
  try {
    return await takeSnapshot(storage);
  } finally {
    await storage.close();
  }
}

/**
 * Puts another store in place of this one by one rename: at every instant the old or the new one is there, whole.
 * @param from the folder of the new store, which nobody has open, on the same file system
 * @param aside the name, in the directory, under which the old data file is kept
 * @throws StorageError when that name is taken
 */
export function replaceDatabase(directory: string, from: string, aside?: string): void {
  const file = join(directory, DATA_FILE);
  if (aside !== undefined && existsSync(file)) {
    const kept = join(directory, aside);
    if (existsSync(kept)) throw new StorageError(`${kept} exists already; move it away`);
    keepAside(file, kept);
  }
  renameDurably(join(from, DATA_FILE), file);
  rmSync(join(directory, READERS_FILE), { force: true });
}

export interface Compaction {
  bytesBefore: number;
  bytesAfter: number;
  collections: InspectedCollection[];
  /** What was wrong with indexes and counters, which were made anew from the documents. */
  mended: string[];
}

/**
 * Writes the store anew without free pages, reads the copy through, and only then puts it in place. Where indexes do not agree
 * with the documents, they are made anew.
 * @param aside the name, in the directory, under which a file that had to be mended is kept
 * @throws StorageError when there is no store, a document is damaged, or there is no room; it is then as it was
 */
export async function compactDatabase(directory: string, aside: string): Promise<Compaction> {
  const snapshot = await snapshotOf(directory);
  const folder = dirname(snapshot.file);
  try {
    const faults = await faultsOf(folder);
    if (faults.length > 0) {
      await rebuildIndexes(folder);
      // Making them anew has left free pages.
      await repack(folder);
    }
    const collections = await inspectDatabase(folder);
    const bytesBefore = statSync(join(directory, DATA_FILE)).size;
    const bytesAfter = statSync(snapshot.file).size;
    replaceDatabase(directory, folder, faults.length > 0 ? aside : undefined);
    return { bytesBefore, bytesAfter, collections, mended: faults.map(({ text }) => text) };
  } finally {
    removeSnapshot(snapshot);
  }
}

/** @throws StorageError for faults that no index is to blame for */
async function faultsOf(directory: string): Promise<Fault[]> {
  const engine = await Engine.open(directory);
  try {
    const { faults } = inspectStore(engine);
    if (!canBeMended(faults)) throw new StorageError(explainFaults(engine.storage.file, faults));
    return faults;
  } finally {
    await engine.close();
  }
}

async function repack(directory: string): Promise<void> {
  const packed = await snapshotOf(directory);
  replaceDatabase(directory, dirname(packed.file));
  removeSnapshot(packed);
}
