// The store at work: engine, server, expiry and the look for damage together. Runs in the caller's thread or in a worker.
import { Engine } from './engine.ts';
import { startSelfCheck } from './self-check.ts';
import { type ListenAddress, listen } from './server.ts';
import { clearSnapshots } from './snapshots.ts';
import { startTtlMonitor } from './ttl-monitor.ts';

export interface ServiceOptions {
  directory: string;
  address: ListenAddress;
  secret?: string;
}

export interface Service {
  /** The port that was bound; undefined for a Unix socket. */
  port: number | undefined;
  close(): Promise<void>;
}

/**
 * Opens the files and listens.
 * @param onFault told of errors that are faults of the store and not of a request
 * @throws StorageError, or the listen error as Node gives it
 */
export async function startService(
  options: ServiceOptions,
  onFault: (error: unknown) => void,
): Promise<Service> {
  clearSnapshots(options.directory);
  const engine = await Engine.open(options.directory, {
    onFault,
    ...(options.secret === undefined ? {} : { secret: options.secret }),
  });
  try {
    const server = await listen(engine, options.address);
    const monitor = startTtlMonitor(engine);
    const check = startSelfCheck(engine);
    return {
      port: server.port,
      async close() {
        await check.stop();
        await monitor.stop();
        await server.close();
        await engine.close();
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}
