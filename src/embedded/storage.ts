// The LMDB environment: three ordered key spaces (documents, index entries, catalogue), atomic write transactions that
// share one disk flush, and reads on the last committed snapshot.
import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { noteCleanClose } from './clean-close.ts';
import { examineDataFile } from './data-file.ts';
import { renameDurably } from './durable-file.ts';
import { MongoError } from './errors.ts';
import { FORMAT_VERSION, type Format, stepsFrom } from './format.ts';
import { FORMAT_STEPS, type RawSpace, storedFormat } from './format-steps.ts';
import { sealedValues } from './sealed-value.ts';
import { StorageError } from './storage-error.ts';
import { everUsedBytes, type StorageStatistics, spaceStatistics } from './storage-statistics.ts';

export type KeySpace = Database<Buffer, Uint8Array>;

/** Name of the data file in a store's directory. */
export const DATA_FILE = 'data.mdb';
const FORMAT_KEY = Buffer.from('format');
const PRESENT_FORMAT: Format<RawSpace> = { version: FORMAT_VERSION, steps: FORMAT_STEPS };
const MINIMUM_FREE_READERS = 64;

export class Storage {
  readonly documents: KeySpace;
  readonly indexes: KeySpace;
  readonly catalogue: KeySpace;
  readonly file: string;
  /** Write transactions since the start. */
  writes = 0;
  #root: RootDatabase<Buffer, Uint8Array>;
  #copies = new Set<Promise<unknown>>();

  private constructor(root: RootDatabase<Buffer, Uint8Array>, file: string) {
    const options = { keyEncoding: 'binary', encoder: sealedValues } as const;
    this.#root = root;
    this.file = file;
    this.documents = root.openDB('documents', options);
    this.indexes = root.openDB('indexes', options);
    this.catalogue = root.openDB('catalogue', options);
  }

  /**
   * Opens the store's files, or makes them when the directory holds none; files of an older format are brought to the present one.
   * @param format what counts as the present format, for tests of the upgrade
   * @throws StorageError when they cannot be read, are of another program or of a newer format
   */
  static async open(directory: string, format = PRESENT_FORMAT): Promise<Storage> {
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
      if (state?.kind === 'damaged')
        throw new StorageError(`${file} is damaged (${state.reason}); restore a backup`);
      root = openEnvironment(directory);
      const storage = new Storage(root, file);
      // LMDB makes its files readable by everyone; credentials and unpublished posts are in them.
      chmodSync(file, 0o600);
      if (state?.kind === 'whole' && state.isCompact) await storage.#makeFreeList();
      await storage.#bringToFormat(isNew, format);
      return storage;
    } catch (error) {
      await root?.close();
      if (error instanceof StorageError) throw error;
      throw new StorageError(`cannot open the database in ${directory}: ${describeFault(error)}`, {
        cause: error,
      });
    }
  }

  async #bringToFormat(isNew: boolean, format: Format<RawSpace>): Promise<void> {
    const stored = storedFormat(this.#raw('catalogue').get(FORMAT_KEY));
    if (stored === undefined) {
      if (!isNew)
        throw new StorageError(
          `${this.file} is an LMDB file of another program, or was cut off while it was made; move it away or choose another directory`,
        );
      await this.catalogue.put(FORMAT_KEY, Buffer.from(String(format.version)));
      return;
    }
    const steps = stepsFrom(stored, format, this.file);
    if (steps.length === 0) return;
    await this.copyTo(`${this.file}.format-${stored}`);
    const spaces = {
      documents: this.#raw('documents'),
      indexes: this.#raw('indexes'),
      catalogue: this.#raw('catalogue'),
    };
    for (const step of steps) {
      await this.write(() => {
        step.run(spaces);
        this.catalogue.put(FORMAT_KEY, Buffer.from(String(step.from + 1)));
      });
    }
  }

  /**
   * The lmdb package ends the process ("key.mv_size > 0 failed in mdb_page_alloc") when the first transaction on a compacted
   * copy is a large one. A small one before it gives the file its list of free pages.
   */
  async #makeFreeList(): Promise<void> {
    const catalogue = this.#raw('catalogue');
    const format = catalogue.get(FORMAT_KEY);
    if (format) await catalogue.put(FORMAT_KEY, format);
  }

  /** A key space with its values as they lie on disk. */
  #raw(name: 'documents' | 'indexes' | 'catalogue'): KeySpace {
    return this.#root.openDB(name, { keyEncoding: 'binary', encoding: 'binary' });
  }

  /**
   * Runs a synchronous action with exclusive write access: all of its writes, or none when it throws.
   * Actions that wait together share one commit. The promise ends after the commit has been flushed to disk.
   */
  write<T>(action: () => T): Promise<T> {
    this.writes += 1;
    return this.#root.childTransaction(action);
  }

  /**
   * A copy of the store as it was at one instant, without free pages; readers and writers go on meanwhile. The file
   * appears under its name when it is complete and on disk.
   * @throws StorageError when it cannot be written
   */
  async copyTo(file: string): Promise<void> {
    // LMDB takes the name of an empty folder and gives the file in it the usual name.
    const folder = `${file}.part`;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    const copy = this.#root.backup(folder, true);
    this.#copies.add(copy);
    try {
      await copy;
      chmodSync(join(folder, DATA_FILE), 0o600);
      renameDurably(join(folder, DATA_FILE), file);
    } catch (error) {
      throw new StorageError(`the database cannot be copied to ${file}: ${describeFault(error)}`, {
        cause: error,
      });
    } finally {
      this.#copies.delete(copy);
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Bytes of the data file, of its free pages, and of each key space with its number of entries. */
  statistics(): StorageStatistics {
    const documents = spaceStatistics(this.documents);
    const indexes = spaceStatistics(this.indexes);
    const used = documents.bytes + indexes.bytes + spaceStatistics(this.catalogue).bytes;
    return {
      fileBytes: statSync(this.file).size,
      freeBytes: Math.max(0, everUsedBytes(this.#root) - used),
      documents,
      indexes,
    };
  }

  /** Waits for running writes and copies, then closes the files. */
  async close(): Promise<void> {
    // LMDB's copying thread uses the environment: closed under it, the process would die.
    await Promise.allSettled(this.#copies);
    await this.#root.close();
    noteCleanClose(this.file);
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
    // With it lmdb makes promises of its own for each batch, and when the disk is full nobody catches their rejection:
    // the process would end. Without it concurrent writers share their commits all the same.
    eventTurnBatching: false,
  } as Parameters<typeof open>[0]) as RootDatabase<Buffer, Uint8Array>;
}

/** What is wrong with the files, in words. */
export function describeFault(error: unknown): string {
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

/** LMDB gives the reason of a failed commit in a promise of its own, which it sometimes forgets to settle; on a busy machine it comes late. */
const REASON_MILLISECONDS = 2_000;

/**
 * What a client is told when a commit failed.
 * @returns code 14031, OutOfDiskSpace, where that may be the reason
 */
export async function commitFault(error: unknown): Promise<MongoError> {
  const { commitError } = error as { commitError?: Promise<unknown> };
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<unknown>((resolve) => {
    timer = setTimeout(() => resolve(error), REASON_MILLISECONDS);
  });
  const told = Promise.resolve(commitError).then(
    () => error,
    (cause: unknown) => cause,
  );
  const reason = await Promise.race([told, patience]);
  clearTimeout(timer);
  const message = reason instanceof Error ? reason.message : String(reason);
  // A write that ends in the middle is "Input/output error" to LMDB, and a full disk is its usual reason.
  const isFull = /space|MDB_MAP_FULL|too large|Input\/output/i.test(message);
  const advice = isFull ? '; the disk may be full: make room, then go on' : '';
  return new MongoError(isFull ? 14031 : 1, `nothing was written: ${message}${advice}`, { cause: reason });
}
