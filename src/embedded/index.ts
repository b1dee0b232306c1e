// The public face of the embedded document store: start it on a directory, get an address that any MongoDB client opens.
import { randomBytes } from 'node:crypto';
import { publishAddress, withdrawAddress } from './address-file.ts';
import { takeLock } from './lock-file.ts';
import { SECRET_USER } from './scram.ts';
import type { ListenAddress } from './server.ts';
import type { Service, ServiceOptions } from './service.ts';
import { prepareSocket, type SocketPath } from './socket-path.ts';
import { canStartWorker, startWorkerService } from './worker-client.ts';

export { DatabaseLocked } from './lock-file.ts';
export { StorageError } from './storage-error.ts';

/** Only this host is ever bound: there is no access control beyond it. */
const LOOPBACK = '127.0.0.1';
const SECRET_BYTES = 24;

export interface EmbeddedOptions {
  /** Folder of the database files; made with mode 0700 when it does not exist. */
  directory: string;
  /**
   * `socket`: a Unix socket that only this user can reach; on Windows a loopback port with a secret made at each start.
   * `port`: loopback without a secret, for shells and other clients of this machine; 0 takes a free one.
   */
  listen: { socket: true } | { port: number };
  /** `worker` (default): scans never hold up the caller's event loop. From TypeScript sources it falls back to `inline`. */
  thread?: 'worker' | 'inline';
  /** Told of faults of the store itself, which its clients see as code 1. */
  onFault?: (error: unknown) => void;
  /** Told once if the worker dies; every connection is gone then. */
  onCrash?: (error: Error) => void;
}

export interface EmbeddedDatabase {
  /** `mongodb://` address of the server. */
  readonly uri: string;
  /** Where it runs, whatever was asked for. */
  readonly thread: 'worker' | 'inline';
  /** Ends connections, finishes writes, closes the files and gives the directory free. */
  stop(): Promise<void>;
}

/**
 * Starts the store.
 * @throws DatabaseLocked when another process has the directory
 * @throws StorageError when the files are not a database of this store, are damaged or cannot be written
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { directory, listen } = options;
  const wantsSocket = 'socket' in listen;
  const needsSecret = wantsSocket && process.platform === 'win32';
  const secret = needsSecret ? randomBytes(SECRET_BYTES).toString('base64url') : undefined;
  const lock = takeLock(directory);
  let socket: SocketPath | undefined;
  const release = () => {
    withdrawAddress(directory);
    socket?.remove();
    lock.release();
  };
  try {
    socket = wantsSocket && !needsSecret ? prepareSocket(directory) : undefined;
    const address: ListenAddress = socket
      ? { path: socket.path }
      : { host: LOOPBACK, port: wantsSocket ? 0 : listen.port };
    const thread = options.thread !== 'inline' && canStartWorker ? 'worker' : 'inline';
    const service = await start(
      thread,
      { directory, address, ...(secret === undefined ? {} : { secret }) },
      options,
      release,
    );
    const uri = uriOf(socket, service.port, secret);
    try {
      publishAddress(directory, uri);
    } catch (error) {
      await service.close();
      throw error;
    }
    return {
      uri,
      thread,
      async stop() {
        await service.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

async function start(
  thread: 'worker' | 'inline',
  serviceOptions: ServiceOptions,
  options: EmbeddedOptions,
  release: () => void,
): Promise<Service> {
  const onFault = options.onFault ?? (() => undefined);
  if (thread === 'inline') {
    // Loaded only here: with a worker, this thread never needs the engine in its memory.
    const { startService } = await import('./service.ts');
    return startService(serviceOptions, onFault);
  }
  return startWorkerService(serviceOptions, onFault, (error) => {
    release();
    options.onCrash?.(error);
  });
}

function uriOf(socket: SocketPath | undefined, port: number | undefined, secret: string | undefined): string {
  if (socket) return `mongodb://${encodeURIComponent(socket.path)}/?directConnection=true`;
  const credentials = secret === undefined ? '' : `${SECRET_USER}:${secret}@`;
  const options = secret === undefined ? '' : '&authMechanism=SCRAM-SHA-256&authSource=admin';
  return `mongodb://${credentials}${LOOPBACK}:${port}/?directConnection=true${options}`;
}
