/**
 * The database of the stages of a test file: one embedded database, in which each open stage has a namespace to itself.
 * Making the indexes of a namespace takes longer than most tests, so one that a stage has left is emptied and used again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stores } from '../../src/core/stores.ts';
import { startEmbedded } from '../../src/embedded/index.ts';
import {
  createIndexes,
  createStoresAlone,
  type OpenedDatabase,
  openDatabase,
} from '../../src/stores/index.ts';

/** How long a command waits for the database. */
const PATIENCE_MS = 5_000;

export interface Namespace {
  readonly stores: Stores;
  /** Gives it back when nothing of its stage works on it any more. */
  leave(): Promise<void>;
}

export interface StageDatabase {
  /** An empty namespace with its indexes. `patienceMs` makes one that nobody uses again. */
  namespace(patienceMs?: number): Promise<Namespace>;
  /** It stops answering, under everything that is open. */
  goAway(): Promise<void>;
  stop(): Promise<void>;
}

export async function startStageDatabase(): Promise<StageDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'carillon-stage-'));
  const database = await startEmbedded({ directory, listen: { socket: true }, thread: 'inline' });
  const opened: OpenedDatabase[] = [];
  const free: OpenedDatabase[] = [];

  const open = async (timeoutMs: number): Promise<OpenedDatabase> => {
    const address = new URL(database.uri);
    address.pathname = `/stage${opened.length}`;
    const made = await openDatabase(address.href, { timeoutMs });
    opened.push(made);
    // The models, and with them what indexes there are to be.
    createStoresAlone(made.connection);
    await createIndexes(made.connection);
    return made;
  };

  return {
    async namespace(patienceMs) {
      const mine = (patienceMs === undefined && free.pop()) || (await open(patienceMs ?? PATIENCE_MS));
      return {
        // Anew, as in a new process: what the last ones remembered is gone.
        stores: createStoresAlone(mine.connection),
        async leave() {
          if (patienceMs !== undefined) return;
          await empty(mine.connection);
          free.push(mine);
        },
      };
    },
    goAway: () => database.stop(),
    async stop() {
      await Promise.all(opened.map(({ close }) => close()));
      await database.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** By plain commands: Mongoose and the driver's bulks around each would take twice the time, and each test ends with this. */
async function empty({ db, models }: OpenedDatabase['connection']): Promise<void> {
  const collections = Object.values(models).map(({ collection }) => collection.collectionName);
  await Promise.all(collections.map((name) => db?.command({ delete: name, deletes: [{ q: {}, limit: 0 }] })));
}
