// The worker thread's side: starts the service that the main thread describes, and ends when it is told to.
import { parentPort, workerData } from 'node:worker_threads';
import { type ServiceOptions, startService } from './service.ts';

/** What the worker tells the main thread. Errors do not cross threads with their class, so their parts do. */
export type WorkerMessage =
  | { kind: 'ready'; port: number | undefined }
  | { kind: 'failed'; name: string; message: string; code: string | undefined }
  | { kind: 'fault'; message: string }
  | { kind: 'stopped' };

const parent = parentPort;
if (parent) {
  const tell = (message: WorkerMessage) => parent.postMessage(message);
  try {
    const service = await startService(workerData as ServiceOptions, (error) =>
      tell({ kind: 'fault', message: describe(error) }),
    );
    parent.once('message', () => {
      service.close().then(
        () => {
          tell({ kind: 'stopped' });
          parent.close();
        },
        (error: unknown) => tell({ kind: 'failed', ...parts(error) }),
      );
    });
    tell({ kind: 'ready', port: service.port });
  } catch (error) {
    tell({ kind: 'failed', ...parts(error) });
    parent.close();
  }
}

function parts(error: unknown): { name: string; message: string; code: string | undefined } {
  const { name, message, code } = error as NodeJS.ErrnoException;
  return { name: name ?? 'Error', message: message ?? String(error), code };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
