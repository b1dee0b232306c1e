// Listens for MongoDB clients and gives each connection to the dispatcher.
import { createServer, type Server, type Socket } from 'node:net';
import { Connection, type Patience } from './connection.ts';
import { dispatch } from './dispatch.ts';
import type { Engine } from './engine.ts';
import { MemoryPermits } from './memory-permits.ts';
import { MAX_MESSAGE_BYTES } from './wire.ts';

/** A bot, its tools and a few shells need far fewer. One more is closed as soon as it is made. */
export const MAX_CONNECTIONS = 500;
/** What all connections together hold of large messages: three of the largest size. */
const MAX_INCOMING_BYTES = 3 * MAX_MESSAGE_BYTES;
/** On the same machine the largest message takes less than a second to send and to read. */
const PATIENCE: Patience = { message: 30_000, reply: 300_000 };
const PATIENCE_CHECKS = 10;

export interface ListenAddress {
  path?: string;
  host?: string;
  port?: number;
}

export interface RunningServer {
  /** The port that was bound; undefined for a Unix socket. */
  port: number | undefined;
  /** Stops listening and ends every connection. Requests in hand are finished by the engine, unanswered. */
  close(): Promise<void>;
}

/**
 * @throws the listen error (EADDRINUSE and others) as Node gives it
 */
export async function listen(
  engine: Engine,
  address: ListenAddress,
  patience: Patience = PATIENCE,
): Promise<RunningServer> {
  const connections = new Set<Connection>();
  const permits = new MemoryPermits(MAX_INCOMING_BYTES);
  let nextId = 1;
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    const state = { id: nextId++, authenticated: engine.secret === undefined };
    const connection = new Connection(socket, state, permits, {
      run: (message, from) => dispatch(engine, message, from),
      fault: (error) => engine.reportFault(error),
      closed: () => {
        connections.delete(connection);
        engine.counters.connections = connections.size;
      },
    });
    connections.add(connection);
    engine.counters.connections = connections.size;
    engine.counters.connectionsCreated += 1;
  });
  server.maxConnections = MAX_CONNECTIONS;
  await bind(server, address);
  // Such as no file descriptor left for one more connection. Unheard, it would end the process.
  server.on('error', (error) => engine.reportFault(error));
  const watch = setInterval(() => {
    for (const connection of connections) connection.endIfLate(patience);
  }, Math.min(patience.message, patience.reply) / PATIENCE_CHECKS);
  watch.unref();
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : undefined,
    close: () =>
      new Promise((resolve) => {
        clearInterval(watch);
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}

function bind(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
