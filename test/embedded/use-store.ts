/** One store for all tests of a file, with a database of its own in it. */
import type { Collection, Db, Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Running, startForTest } from './harness.ts';

export interface Store {
  readonly client: MongoClient;
  readonly db: Db;
  /** A collection that no other test has. */
  fresh<Row extends Document = Document>(): Collection<Row>;
}

/** Call it at the top of a file; the store is there from the first test on, and must have had no fault at the end. */
export function useStore(name: string): Store {
  let running: Running;
  let made = 0;
  beforeAll(async () => {
    running = await startForTest();
  });
  afterAll(async () => {
    expect(running.faults).toEqual([]);
    await running.stop();
  });
  return {
    get client() {
      return running.client;
    },
    get db() {
      return running.client.db(name);
    },
    fresh: <Row extends Document>() => running.client.db(name).collection<Row>(`c${made++}`),
  };
}
