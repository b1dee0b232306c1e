// Starts the store inline on a fresh folder and connects real clients to it; everything is gone after the test file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { type EmbeddedDatabase, type EmbeddedOptions, startEmbedded } from '../../src/embedded/index.ts';

export interface Running {
  directory: string;
  database: EmbeddedDatabase;
  client: MongoClient;
  /** Faults of the store itself: a test may assert that there are none. */
  faults: unknown[];
  stop(): Promise<void>;
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'embedded-test-'));
}

export async function startForTest(options: Partial<EmbeddedOptions> = {}): Promise<Running> {
  const directory = options.directory ?? temporaryDirectory();
  const faults: unknown[] = [];
  const database = await startEmbedded({
    listen: { socket: true },
    ...options,
    directory,
    onFault: (error) => faults.push(error),
  });
  const client = await new MongoClient(database.uri).connect();
  return {
    directory,
    database,
    client,
    faults,
    async stop() {
      await client.close();
      await database.stop();
      if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Runs something on a server over the directory, which is stopped afterwards. */
export async function withServer<T>(folder: string, work: (running: Running) => Promise<T>): Promise<T> {
  const running = await startForTest({ directory: folder });
  try {
    return await work(running);
  } finally {
    await running.stop();
  }
}
