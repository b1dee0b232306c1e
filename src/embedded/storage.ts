// The LMDB environment: three ordered key spaces (documents, index entries, catalogue), atomic write transactions that
// share one disk flush, and reads on the last committed snapshot.
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { examineDataFile } from './data-file.ts';
import { MongoError } from './errors.ts';
import { StorageError } from './storage-error.ts';

export type KeySpace = Database<Buffer, Uint8Array>;

const DATA_FILE = 'data.mdb';
const FORMAT_KEY = Buffer.from('format');
/** Raised by one whenever the bytes on disk change their meaning. */
const FORMAT_VERSION = 1;
const MINIMUM_FREE_READERS = 64;

export class Storage {
  readonly documents: KeySpace;
  readonly indexes: KeySpace;
  readonly catalogue: KeySpace;
  readonly file: string;
  #root: RootDatabase<Buffer, Uint8Array>;

  private constructor(root: RootDatabase<Buffer, Uint8Array>, file: string) {
    const options = { keyEncoding: 'binary', encoding: 'binary' } as const;
    this.#root = root;
    this.file = file;
    this.documents = root.openDB('documents', options);
    this.indexes = root.openDB('indexes', options);
    this.catalogue = root.openDB('catalogue', options);
  }

  /**
   * Opens the store's files, or makes them when the directory holds none.
   * @throws StorageError when they cannot be read, are of another program or of a newer format
   */
  static async open(directory: string): Promise<Storage> {
    const file = join(directory, DATA_FILE);
    let root: RootDatabase<Buffer, Uint8Array> | undefined;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const isNew = !existsSync(file) || statSync(file).size === 0;
      const state = isNew ? undefined : examineDataFile(file);
      if (state?.kind === 'foreign') {
        throw new StorageError(
          `${file} is not a database of this store: ${state.reason}; move it away or choose another directory`,
        );
      }
      root = openEnvironment(directory);
      const storage = new Storage(root, file);
      // LMDB makes its files readable by everyone; credentials and unpublished posts are in them.
      chmodSync(file, 0o600);
      await storage.#checkFormat(isNew);
      if (state?.kind === 'shortened') storage.#readEverything();
      return storage;
    } catch (error) {
      await root?.close();
      if (error instanceof StorageError) throw error;
      throw new StorageError(`cannot open the database in ${directory}: ${describeFault(error)}`, {
        cause: error,
      });
    }
  }

  async #checkFormat(isNew: boolean): Promise<void> {
    const stored = this.catalogue.get(FORMAT_KEY);
    if (stored === undefined && isNew) {
      await this.catalogue.put(FORMAT_KEY, Buffer.from(String(FORMAT_VERSION)));
      return;
    }
    const version = Number(stored?.toString());
    if (version === FORMAT_VERSION) return;
    throw new StorageError(
      stored === undefined
        ? `${this.file} is an LMDB file of another program, or was cut off while it was made; move it away or choose another directory`
        : `${this.file} has format ${stored.toString()}, this version reads ${FORMAT_VERSION}; use the version that wrote it`,
    );
  }

  /** Reads every entry once, so that a missing end which mattered is found now and not in the middle of a day. */
  #readEverything(): void {
    for (const space of [this.catalogue, this.documents, this.indexes]) {
      const { entries } = spaceStatistics(space);
      let found = 0;
      for (const { value } of space.getRange({ start: Buffer.alloc(0) })) {
        // A document tells its own length first: large ones lie in pages of their own, which may be the missing ones.
        if (space !== this.documents || value.readInt32LE(0) === value.length) found += 1;
      }
      if (found !== entries) throw new Error(`MDB_CORRUPTED: ${found} of ${entries} entries can be read`);
    }
  }

  /**
   * Runs a synchronous action with exclusive write access: all of its writes, or none when it throws.
   * Actions that wait together share one commit. The promise ends after the commit has been flushed to disk.
   */
  write<T>(action: () => T): Promise<T> {
    return this.#root.childTransaction(action);
  }

  /** Bytes of the data file, of its free pages, and of each key space with its number of entries. */
  statistics(): StorageStatistics {
    const root = this.#root.getStats() as EnvironmentStatistics;
    const documents = spaceStatistics(this.documents);
    const indexes = spaceStatistics(this.indexes);
    const everUsed = ((root.lastPageNumber ?? 0) + 1) * (root.pageSize ?? 0);
    const catalogue = spaceStatistics(this.catalogue);
    return {
      fileBytes: statSync(this.file).size,
      freeBytes: Math.max(0, everUsed - documents.bytes - indexes.bytes - catalogue.bytes),
      documents,
      indexes,
    };
  }

  /** Waits for running writes, then closes the files. */
  async close(): Promise<void> {
    await this.#root.close();
  }
}

function openEnvironment(directory: string): RootDatabase<Buffer, Uint8Array> {
  return open<Buffer, Uint8Array>({
    path: directory,
    keyEncoding: 'binary',
    encoding: 'binary',
    maxDbs: 4,
    maxReaders: MINIMUM_FREE_READERS,
    // Reads of a random page should not fetch its neighbours into memory: the bot shares a small machine with them.
    // The option is missing in lmdb's type declarations.
    noReadAhead: true,
  } as Parameters<typeof open>[0]) as RootDatabase<Buffer, Uint8Array>;
}

interface EnvironmentStatistics {
  pageSize?: number;
  lastPageNumber?: number;
}

interface TreeStatistics {
  pageSize?: number;
  treeBranchPageCount?: number;
  treeLeafPageCount?: number;
  overflowPages?: number;
  entryCount?: number;
}

export interface StorageStatistics {
  fileBytes: number;
  freeBytes: number;
  documents: { bytes: number; entries: number };
  indexes: { bytes: number; entries: number };
}

function spaceStatistics(space: KeySpace): { bytes: number; entries: number } {
  const tree = space.getStats() as TreeStatistics;
  const pages = (tree.treeBranchPageCount ?? 0) + (tree.treeLeafPageCount ?? 0) + (tree.overflowPages ?? 0);
  return { bytes: pages * (tree.pageSize ?? 0), entries: tree.entryCount ?? 0 };
}

function describeFault(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to write there';
  if (code === 'EROFS') return 'the file system is read-only';
  if (code === 'ENOSPC') return 'the disk is full';
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('MDB_INVALID')) return `${DATA_FILE} is not a database file`;
  if (message.includes('MDB_CORRUPTED') || message.includes('MDB_PAGE_NOTFOUND'))
    return `${DATA_FILE} is damaged; restore a backup`;
  return message;
}

/** LMDB gives the reason of a failed commit in a promise of its own. */
export async function commitFault(error: unknown): Promise<MongoError> {
  const reason = await Promise.resolve((error as { commitError?: Promise<unknown> }).commitError).then(
    () => error,
    (cause: unknown) => cause,
  );
  const message = reason instanceof Error ? reason.message : String(reason);
  const isFull = /space|MDB_MAP_FULL/i.test(message);
  return new MongoError(isFull ? 14031 : 1, `nothing was written: ${message}`, { cause: reason });
}
