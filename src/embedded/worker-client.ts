// The main thread's side of the worker: starts it, waits until it listens, notices when it dies.
import { Worker } from 'node:worker_threads';
import type { Service, ServiceOptions } from './service.ts';
import { StorageError } from './storage-error.ts';
import type { WorkerMessage } from './worker.ts';

/**
 * Young objects live briefly here (decoded documents): a small nursery keeps the idle process small. The old space is
 * bounded so that a runaway sort ends the worker, which is told, and not the whole process.
 */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1024, stackSizeMb: 4 };

/** True where this file runs as built JavaScript, beside a worker.js; from TypeScript sources no worker can be loaded. */
export const canStartWorker = import.meta.url.endsWith('.js');

/**
 * Starts the service in a worker thread.
 * @param onFault told of faults that the worker survives
 * @param onCrash told once when the worker ends without having been asked to
 */
export function startWorkerService(
  options: ServiceOptions,
  onFault: (error: unknown) => void,
  onCrash: (error: Error) => void,
): Promise<Service> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: options,
    resourceLimits: RESOURCE_LIMITS,
  });
  return new Promise((resolve, reject) => {
    let stopped: (() => void) | undefined;
    let failure = new Error('the embedded database ended unexpectedly');
    let isReady = false;
    const service = (port: number | undefined): Service => ({
      port,
      close: () =>
        new Promise((done) => {
          stopped = done;
          worker.postMessage('stop');
        }),
    });
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') {
        isReady = true;
        resolve(service(message.port));
      } else if (message.kind === 'failed') {
        failure = revive(message);
      } else if (message.kind === 'fault') {
        onFault(new Error(message.message));
      }
    });
    worker.on('error', (error) => {
      failure = error instanceof Error ? error : new Error(String(error));
    });
    worker.on('exit', () => {
      if (stopped) stopped();
      else if (isReady) onCrash(failure);
      else reject(failure);
    });
  });
}

function revive({ name, message, code }: Extract<WorkerMessage, { kind: 'failed' }>): Error {
  const error = name === 'StorageError' ? new StorageError(message) : new Error(message);
  return code === undefined ? error : Object.assign(error, { code });
}
