// Listens for MongoDB clients and gives each connection to the dispatcher.
import { createServer, type Server, type Socket } from 'node:net';
import { Connection } from './connection.ts';
import { dispatch } from './dispatch.ts';
import type { Engine } from './engine.ts';

/** Each waiting request may hold 48 MB; a bot, its tools and a few shells need far fewer. */
const MAX_CONNECTIONS = 500;

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
export async function listen(engine: Engine, address: ListenAddress): Promise<RunningServer> {
  const connections = new Set<Connection>();
  let nextId = 1;
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    const state = { id: nextId++, authenticated: engine.secret === undefined };
    const connection = new Connection(socket, state, {
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
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : undefined,
    close: () =>
      new Promise((resolve) => {
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
