/** Opens the database: a MongoDB server when one is named, otherwise the embedded store in the data folder; and what lives beside it. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Connection } from 'mongoose';
import type { Config } from '../config.ts';
import type { ChatInbox } from '../core/chat-inbox.ts';
import { SECOND } from '../core/clock.ts';
import { failure } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import type { BlobStore } from '../core/media.ts';
import type { Stores } from '../core/stores.ts';
import type { Wall } from '../core/wall.ts';
import { DatabaseLocked, StorageError, startEmbedded } from '../embedded/index.ts';
import { createFileBlobStore } from '../stores/blob-files.ts';
import { createGridFsBlobStore } from '../stores/blob-gridfs.ts';
import {
  createIndexes,
  createStores,
  createStoresAlone,
  maskAddress,
  openDatabase,
} from '../stores/index.ts';
import { isMoveUnfinished } from '../stores/move-mark.ts';
import { telegramInbox } from '../stores/telegram-inbox.ts';
import { wallStore } from '../stores/wall.ts';
import { type StorageFigures, storageFigures } from './storage-figures.ts';

const CONNECT_MAX_MS = 10 * SECOND;

export interface Database {
  readonly connection: Connection;
  readonly stores: Stores;
  readonly inbox: ChatInbox;
  readonly wall: Wall;
  readonly blobs: BlobStore;
  /** True when no other process can use the same database. */
  readonly alone: boolean;
  /** Figures of the built-in database; absent with a MongoDB server. */
  readonly storage?: () => Promise<StorageFigures>;
  close(): Promise<void>;
}

/** Errors: DATA_FOLDER_BUSY, DATABASE_UNREACHABLE, CONFIG_INVALID; each says what to do. */
export async function openStores(config: Config, log: Logger): Promise<Database> {
  const directory = resolve(config.dataDirectory);
  const embedded = config.mongodbUri
    ? undefined
    : await startStore(join(makeFolder(directory), 'database'), log);
  const uri = config.mongodbUri?.reveal() ?? embedded?.uri ?? '';
  const opened = await openDatabase(uri, { timeoutMs: CONNECT_MAX_MS });
  const { connection } = opened;
  if (!embedded && connection.db && (await isMoveUnfinished(connection.db))) {
    await opened.close();
    throw failure('ConfigError', {
      code: 'CONFIG_INVALID',
      message: `The move into the database at ${maskAddress(uri)} has not ended: posts may be missing there.`,
      hint: 'Run `npm run move` with that address again until it says that everything was moved, then start.',
    });
  }
  const stores = embedded ? createStoresAlone(connection) : createStores(connection);
  const inbox = telegramInbox(connection);
  const wall = wallStore(connection);
  await createIndexes(connection);
  const { db } = connection;
  if (!db)
    throw failure('Bug', {
      code: 'BUG',
      message: 'The database connection has no database.',
      hint: 'Please report it.',
    });
  const blobs = embedded ? await createFileBlobStore(directory) : await createGridFsBlobStore(db);
  return {
    connection,
    stores,
    inbox,
    wall,
    blobs,
    alone: embedded !== undefined,
    ...(embedded ? { storage: () => storageFigures(connection) } : {}),
    async close() {
      await opened.close();
      await embedded?.stop();
    },
  };
}

function makeFolder(directory: string): string {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  } catch (error) {
    throw failure('ConfigError', {
      code: 'CONFIG_INVALID',
      message: `The data folder ${directory} cannot be made: ${(error as Error).message}`,
      hint: 'Give the program the right to write there, or set DATA_DIR to another folder.',
      cause: error,
    });
  }
}

async function startStore(directory: string, log: Logger) {
  try {
    return await startEmbedded({
      directory,
      listen: { socket: true },
      onFault: (error) => log.error({ err: error }, 'the built-in database met a fault'),
      // Without its database the process can do nothing right; whoever supervises it starts it anew.
      onCrash: (error) => {
        log.error({ err: error }, 'the built-in database died');
        process.kill(process.pid, 'SIGTERM');
      },
    });
  } catch (error) {
    if (error instanceof DatabaseLocked) {
      throw failure('ConfigError', {
        code: 'DATA_FOLDER_BUSY',
        message: error.message,
        hint: 'Stop that process, or give this one a folder of its own with DATA_DIR.',
        cause: error,
      });
    }
    if (error instanceof StorageError) {
      throw failure('ConfigError', {
        code: 'DATABASE_UNREACHABLE',
        message: error.message,
        hint: `Check the folder ${directory}, or set MONGODB_URI.`,
        cause: error,
      });
    }
    throw error;
  }
}
