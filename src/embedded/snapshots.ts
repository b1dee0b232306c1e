// Consistent copies of the running store for backups. They lie in the store's own directory under names that the store
// chooses: a client may ask for a copy, never say where a file is to be written.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DATA_FILE, type Storage } from './storage.ts';

const FOLDER = 'snapshots';
const INCOMING = 'incoming';
const NAME_BYTES = 8;
/** A copy that is older was left by a backup that died: none takes so long. */
const ABANDONED_MILLISECONDS = 6 * 60 * 60 * 1000;

export interface Snapshot {
  /** A data file in a folder of its own, which whoever asked for it removes. */
  file: string;
  bytes: number;
}

/** @throws StorageError when there is no room */
export async function takeSnapshot(storage: Storage): Promise<Snapshot> {
  const all = join(dirname(storage.file), FOLDER);
  clearAbandoned(all);
  const folder = join(all, randomBytes(NAME_BYTES).toString('hex'));
  const file = join(folder, DATA_FILE);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    await storage.copyTo(file);
    return { file, bytes: statSync(file).size };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** While a store runs for months, nothing else would clear them. */
function clearAbandoned(all: string): void {
  mkdirSync(all, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(all)) {
    const folder = join(all, name);
    if (Date.now() - statSync(folder).mtimeMs > ABANDONED_MILLISECONDS)
      rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes one copy. */
export function removeSnapshot({ file }: Snapshot): void {
  rmSync(dirname(file), { recursive: true, force: true });
}

/** An empty folder on the store's own disk where another store may be built that shall replace it. Under the directory's lock. */
export function incomingFolder(directory: string): string {
  const folder = join(directory, FOLDER, INCOMING);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Removes all that unfinished work left. Under the directory's lock. */
export function clearSnapshots(directory: string): void {
  rmSync(join(directory, FOLDER), { recursive: true, force: true });
}
