/** Moves everything between the built-in database in a data folder and a MongoDB server. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type mongoose from 'mongoose';
import { startEmbedded } from '../embedded/index.ts';
import {
  clearSnapshots,
  holdsDatabase,
  incomingFolder,
  inspectDatabase,
  replaceDatabase,
  takeLock,
} from '../embedded/maintenance.ts';
import { createFileBlobStore } from '../stores/blob-files.ts';
import { createGridFsBlobStore } from '../stores/blob-gridfs.ts';
import { listFileBlobs, listGridFsBlobs } from '../stores/blob-lists.ts';
import { openDatabase } from '../stores/index.ts';
import { clearMoveMark, isMoveUnfinished, markMove } from '../stores/move-mark.ts';
import {
  type CopiedCollection,
  collectionsToMove,
  copyCollections,
  refuseIfChanged,
} from './copy-database.ts';
import { copyMedia } from './copy-media.ts';
import type { Progress } from './progress.ts';
import { Refusal } from './refusal.ts';
import { asideName, refuseToReplace } from './restore-backup.ts';

type Db = mongoose.mongo.Db;

const CONNECT_MAX_MS = 10_000;

export interface MoveResult {
  readonly collections: readonly CopiedCollection[];
  readonly media: number;
  readonly damaged: readonly string[];
  /** Where the database that was in the data folder before is kept. */
  readonly aside?: string;
}

/** From the data folder to a server. The folder stays as it is. Errors: Refusal, DatabaseLocked, CarillonError of the address. */
export async function moveOut(options: {
  dataDirectory: string;
  uri: string;
  progress: Progress;
}): Promise<MoveResult> {
  const { dataDirectory, uri, progress } = options;
  const directory = join(dataDirectory, 'database');
  if (!holdsDatabase(directory))
    throw new Refusal(`there is no database in ${directory}; is DATA_DIR right?`);
  return withEmbedded(directory, (source) =>
    withDatabase(uri, async (target) => {
      await refuseOccupied(target);
      await markMove(target);
      const collections = await copyCollections(source, target, progress);
      const list = await listFileBlobs(dataDirectory);
      const damaged = await copyMedia(
        { blobs: await createFileBlobStore(dataDirectory), list },
        { blobs: await createGridFsBlobStore(target), list: () => listGridFsBlobs(target) },
        progress,
      );
      await clearMoveMark(target);
      return { collections, media: list.length - damaged.length, damaged };
    }),
  );
}

/** From a server into the data folder, which gets its database by one rename at the end. The server's data stay as they are. */
export async function moveBack(options: {
  dataDirectory: string;
  uri: string;
  force: boolean;
  now: Date;
  progress: Progress;
}): Promise<MoveResult> {
  const { dataDirectory, uri, force, now, progress } = options;
  const directory = join(dataDirectory, 'database');
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const lock = takeLock(directory);
  try {
    refuseToReplace(directory, force, 'move');
    const incoming = incomingFolder(directory);
    const moved = await withDatabase(uri, async (source) => {
      if (await isMoveUnfinished(source))
        throw new Refusal('a move into that database has not ended: run that one again first');
      if ((await collectionsToMove(source)).length === 0)
        throw new Refusal(
          `the database "${source.databaseName}" on that server is empty; is its name in the address right?`,
        );
      const collections = await withEmbedded(incoming, (target) => copyCollections(source, target, progress));
      const list = await listGridFsBlobs(source);
      // Opening GridFS makes its indexes: a server that has no media is not touched.
      const damaged =
        list.length === 0
          ? []
          : await copyMedia(
              { blobs: await createGridFsBlobStore(source), list },
              { blobs: await createFileBlobStore(dataDirectory), list: () => listFileBlobs(dataDirectory) },
              progress,
            );
      await refuseIfChanged(source, collections, progress);
      return { collections, media: list.length - damaged.length, damaged };
    });
    progress('reading the new database through');
    await inspectDatabase(incoming);
    const aside = holdsDatabase(directory) ? asideName('move', now) : undefined;
    replaceDatabase(directory, incoming, aside);
    return { ...moved, ...(aside === undefined ? {} : { aside: join(directory, aside) }) };
  } finally {
    clearSnapshots(directory);
    lock.release();
  }
}

async function refuseOccupied(target: Db): Promise<void> {
  if (await isMoveUnfinished(target)) return;
  const there = await target.listCollections({}, { nameOnly: true }).toArray();
  if (there.length === 0) return;
  throw new Refusal(
    `the database "${target.databaseName}" on that server is not empty: it has ${there.length} collections, ${there[0]?.name} among them. ` +
      'Name another database in the address (mongodb://host/another), or drop that one yourself; nothing is overwritten here',
  );
}

async function withEmbedded<T>(directory: string, work: (db: Db) => Promise<T>): Promise<T> {
  const store = await startEmbedded({ directory, listen: { socket: true } });
  try {
    return await withDatabase(store.uri, work);
  } finally {
    await store.stop();
  }
}

async function withDatabase<T>(uri: string, work: (db: Db) => Promise<T>): Promise<T> {
  const { connection, close } = await openDatabase(uri, { timeoutMs: CONNECT_MAX_MS });
  try {
    if (!connection.db) throw new Error('The connection has no database.');
    return await work(connection.db);
  } finally {
    await close();
  }
}
