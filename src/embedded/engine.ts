// The parts of a running store that commands work with.
import { Catalogue } from './catalogue.ts';
import { CursorRegistry } from './cursors.ts';
import { Records } from './records.ts';
import type { CheckResult } from './self-check.ts';
import { SessionRegistry } from './sessions.ts';
import { describeFault, Storage } from './storage.ts';
import { StorageError } from './storage-error.ts';

export interface Counters {
  commands: number;
  connections: number;
  connectionsCreated: number;
  inserted: number;
  updated: number;
  deleted: number;
  queries: number;
  getMores: number;
}

export class Engine {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  readonly records: Records;
  readonly cursors: CursorRegistry;
  readonly sessions = new SessionRegistry();
  readonly startedAt = performance.now();
  readonly counters: Counters = {
    commands: 0,
    connections: 0,
    connectionsCreated: 0,
    inserted: 0,
    updated: 0,
    deleted: 0,
    queries: 0,
    getMores: 0,
  };
  /** What the last look for damage found; undefined before the first. */
  lastCheck: CheckResult | undefined;
  /** Where any local user can reach the port, what a client must prove to know. */
  readonly secret: string | undefined;
  #onFault: (error: unknown) => void;

  private constructor(storage: Storage, options: EngineOptions) {
    this.storage = storage;
    this.catalogue = new Catalogue(storage);
    this.records = new Records(storage, this.catalogue);
    this.cursors = new CursorRegistry();
    this.secret = options.secret;
    this.#onFault = options.onFault ?? (() => undefined);
  }

  /** @throws StorageError when the files cannot be opened */
  static async open(directory: string, options: EngineOptions = {}): Promise<Engine> {
    const storage = await Storage.open(directory);
    try {
      return new Engine(storage, options);
    } catch (error) {
      // The catalogue is read here, and cannot be where its pages are damaged.
      await storage.close();
      throw new StorageError(`cannot open the database in ${directory}: ${describeFault(error)}`, {
        cause: error,
      });
    }
  }

  /** Tells the owner of an error that no client should be able to cause. */
  reportFault(error: unknown): void {
    this.#onFault(error);
  }

  /** Waits for running writes and closes the files. */
  async close(): Promise<void> {
    this.cursors.close();
    await this.storage.close();
  }
}

export interface EngineOptions {
  secret?: string;
  onFault?: (error: unknown) => void;
}
