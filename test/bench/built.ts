/** Modules of the built program, so that a bench measures what people run: compiled code, the database in its worker. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type mongoose from 'mongoose';
import { DIST } from './program.ts';

/** Imports a module of the build; its types are those of the source, which the caller names. */
async function built<Module>(path: string): Promise<Module> {
  return (await import(new URL(path.replace(/\.ts$/, '.js'), DIST).href)) as Module;
}

export const builtModules = async () => ({
  ...(await built<typeof import('../../src/embedded/index.ts')>('embedded/index.ts')),
  ...(await built<typeof import('../../src/stores/index.ts')>('stores/index.ts')),
  ...(await built<typeof import('../../src/stores/wall.ts')>('stores/wall.ts')),
  ...(await built<typeof import('../../src/stores/blob-files.ts')>('stores/blob-files.ts')),
  ...(await built<typeof import('../../src/publishers/index.ts')>('publishers/index.ts')),
  ...(await built<typeof import('../../src/app/engine.ts')>('app/engine.ts')),
  ...(await built<typeof import('../../src/app/load-commands.ts')>('app/load-commands.ts')),
  ...(await built<typeof import('../../src/jobs/alarm-clock.ts')>('jobs/alarm-clock.ts')),
  ...(await built<typeof import('../../src/lib/system-clock.ts')>('lib/system-clock.ts')),
});

export type Built = Awaited<ReturnType<typeof builtModules>>;

export interface Database {
  readonly directory: string;
  readonly uri: string;
  readonly connection: mongoose.Connection;
  close(): Promise<void>;
}

/** An empty embedded database in a folder of its own, in its worker thread. */
export async function openEmpty({ startEmbedded, openDatabase }: Built): Promise<Database> {
  const directory = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  const server = await startEmbedded({ directory: join(directory, 'database'), listen: { socket: true } });
  if (server.thread !== 'worker') throw new Error('The embedded database does not run in its worker.');
  const { connection, close } = await openDatabase(server.uri, { timeoutMs: 5_000 });
  return {
    directory,
    uri: server.uri,
    connection,
    async close() {
      await close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
