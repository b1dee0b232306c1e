/** A consistent copy of the built-in database, whether the bot runs or not. */
import { MongoClient } from 'mongodb';
import {
  DatabaseLocked,
  readAddress,
  removeSnapshot,
  type Snapshot,
  snapshotOf,
  takeLock,
} from '../embedded/maintenance.ts';
import { Refusal } from './refusal.ts';

const CONNECT_MAX_MS = 5_000;

/** Runs `work` on a copy and removes it. Errors: Refusal, StorageError. */
export async function withDatabaseCopy<T>(
  directory: string,
  work: (copy: Snapshot) => Promise<T>,
): Promise<T> {
  const copy = await copyDatabase(directory);
  try {
    return await work(copy);
  } finally {
    removeSnapshot(copy);
  }
}

async function copyDatabase(directory: string): Promise<Snapshot> {
  let lock: ReturnType<typeof takeLock>;
  try {
    lock = takeLock(directory);
  } catch (error) {
    if (error instanceof DatabaseLocked) return copyFromServer(directory, error);
    throw error;
  }
  try {
    return await snapshotOf(directory);
  } finally {
    lock.release();
  }
}

/** The running store makes the copy itself: only it may read its files. */
async function copyFromServer(directory: string, locked: DatabaseLocked): Promise<Snapshot> {
  const address = readAddress(directory);
  if (address === undefined)
    throw new Refusal(
      `${locked.message}. That process does not say where it can be reached: it is starting or stopping, or another tool is at work; try again`,
    );
  const client = new MongoClient(address, { serverSelectionTimeoutMS: CONNECT_MAX_MS });
  try {
    const { file, bytes } = await client.db('admin').command({ embeddedSnapshot: 1 });
    return { file: String(file), bytes: Number(bytes) };
  } catch (error) {
    throw new Refusal(
      `the running database (process ${locked.pid}) made no copy: ${(error as Error).message}`,
      { cause: error },
    );
  } finally {
    await client.close();
  }
}
