// Takes the store as it is shipped and runs it as a process of its own, for what only a process can show: sudden death,
// worker threads, the command line.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BUILT } from '../helpers/build.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface Build {
  /** Folder with cli.js, index.js and worker.js. */
  folder: string;
  remove(): void;
}

/**
 * The built store alone in a temporary folder that sees the repository's packages: nothing of the rest of the program is
 * there, and another user of the system may be let in.
 */
export function isolateEmbedded(): Build {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-build-'));
  cpSync(join(BUILT, 'embedded'), join(folder, 'out'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return { folder: join(folder, 'out'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface ServerProcess {
  uri: string;
  child: ChildProcess;
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
}

/** Starts the command line as `npm run database` does. */
export async function startProcess(build: Build, directory: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(build.folder, 'cli.js'), '--port', '0', '--data', directory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]) => String(text)),
    once(child, 'exit').then(() => Promise.reject(new Error(`the server ended: ${errors}`))),
  ]);
  return {
    uri: line,
    child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
