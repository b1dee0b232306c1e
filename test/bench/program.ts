/** The built program as a process of its own, as `npm start` runs it, and what the system says of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The folder of the built program; `npm run bench` builds it first. */
export const DIST = new URL('../../dist/src/', import.meta.url);
const READY_MAX_MS = 60_000;
/** Ticks per second in /proc (USER_HZ), the same on every Linux: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat after the name, counted from its third: user and system time. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

export interface Program {
  readonly child: ChildProcess;
  /** From the call of spawn to the word that it is ready. */
  readonly startMs: number;
  /** The lines that it printed until it was ready. */
  readonly said: readonly string[];
  /** Resident memory in bytes, and processor time so far in milliseconds; Linux only. */
  usage(): Promise<{ residentBytes: number; cpuMs: number }>;
  stop(): Promise<void>;
}

/** Starts it with a terminal chat that stays open and says nothing, unless the environment names another chat. */
export async function startProgram(environment: Readonly<Record<string, string>>): Promise<Program> {
  const main = fileURLToPath(new URL('main.js', DIST));
  if (!existsSync(main)) throw new Error(`There is no ${main}: run \`npm run build\` first.`);
  const begin = performance.now();
  const child = spawn(process.execPath, [main], {
    // Only what a program needs to run: variables of the caller's own bot must not reach this one.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', LOG_LEVEL: 'debug', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const said: string[] = [];
  try {
    await ready(child, said);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const startMs = performance.now() - begin;
  child.stdout.resume();
  child.stderr.resume();
  return {
    child,
    startMs,
    said,
    usage: () => usageOf(child.pid ?? 0),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Fills `said` and ends when the program logs that it is ready; rejects with what it said when it ends before. */
function ready(child: ChildProcess, said: string[]): Promise<void> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the program has no output');
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}; it said:\n${said.join('\n')}`));
    const timer = setTimeout(() => fail(`the program was not ready within ${READY_MAX_MS} ms`), READY_MAX_MS);
    const onLine = (line: string): void => {
      said.push(line);
      if (!line.includes('"msg":"ready"')) return;
      clearTimeout(timer);
      child.off('exit', onExit);
      for (const reader of readers) reader.close();
      resolve();
    };
    const onExit = (code: number | null): void => {
      clearTimeout(timer);
      fail(`the program ended with code ${code}`);
    };
    const readers = [stdout, stderr].map((stream) => createInterface(stream).on('line', onLine));
    child.once('exit', onExit);
  });
}

async function usageOf(pid: number): Promise<{ residentBytes: number; cpuMs: number }> {
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  const resident = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  // The name, in brackets, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
  return { residentBytes: resident, cpuMs: (ticks / TICKS_PER_SECOND) * 1000 };
}
