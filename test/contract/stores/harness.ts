/** What the store suites stand on: new stores on an empty database for each test, and a look at the commands sent. */
import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Stores } from '../../../src/core/stores.ts';
import { createIndexes, createStores, type OpenedDatabase, openDatabase } from '../../../src/stores/index.ts';

export interface DatabaseServer {
  readonly uri: string;
  stop(): Promise<void>;
}

/** A command as it went to the server. */
export interface SentCommand {
  readonly name: string;
  readonly command: Record<string, unknown>;
}

export interface Harness {
  /** The stores of this test. */
  readonly stores: Stores;
  /** The same database as another process would see it: with stores of its own. */
  readonly elsewhere: Stores;
  readonly connection: Connection;
  /** Runs `meanwhile` once, right before the other process sends its next command of this kind to a collection. */
  beforeElsewhere(model: string, kind: 'updateMany' | 'bulkWrite', meanwhile: () => Promise<unknown>): void;
  /** The commands that the driver sends while `action` runs. */
  commandsOf(action: () => Promise<unknown>): Promise<readonly SentCommand[]>;
}

const CONNECT_MS = 5_000;

/** Registers the hooks of a suite; the harness is filled anew before each test. */
export function useStores(start: () => Promise<DatabaseServer>): Harness {
  let server: DatabaseServer | undefined;
  let opened: OpenedDatabase | undefined;
  let connections: { first: Connection; second: Connection } | undefined;
  let current: { stores: Stores; elsewhere: Stores } | undefined;

  beforeAll(async () => {
    server = await start();
    opened = await openDatabase(server.uri, { timeoutMs: CONNECT_MS, monitorCommands: true });
    const name = `carillon_test_${randomUUID().slice(0, 13)}`;
    connections = { first: opened.connection.useDb(name), second: opened.connection.useDb(name) };
    // The models, and with them what indexes there are to be; making those takes longer than most tests.
    createStores(connections.first);
    await createIndexes(connections.first);
  });
  afterAll(async () => {
    await connections?.first.dropDatabase();
    await opened?.close();
    await server?.stop();
  });
  beforeEach(() => {
    current = { stores: createStores(connections!.first), elsewhere: createStores(connections!.second) };
  });
  afterEach(async () => {
    await Promise.all(Object.values(connections?.first.models ?? {}).map((model) => model.deleteMany()));
  });

  return {
    get stores() {
      return current!.stores;
    },
    get elsewhere() {
      return current!.elsewhere;
    },
    get connection() {
      return connections!.first;
    },
    beforeElsewhere(model, kind, meanwhile) {
      const collection = connections!.second.models[model]!.collection as unknown as Record<
        string,
        (...given: unknown[]) => Promise<unknown>
      >;
      const real = collection[kind]!;
      collection[kind] = async (...given) => {
        collection[kind] = real;
        await meanwhile();
        return real.apply(collection, given);
      };
    },
    async commandsOf(action) {
      const sent: SentCommand[] = [];
      const listen = (event: { commandName: string; command: Record<string, unknown> }): void => {
        sent.push({ name: event.commandName, command: event.command });
      };
      const client = opened!.connection.getClient();
      client.on('commandStarted', listen);
      try {
        await action();
      } finally {
        client.off('commandStarted', listen);
      }
      return sent;
    },
  };
}
