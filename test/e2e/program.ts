/**
 * The built program as a process of its own, seen from outside: what it prints, what its web pages say, how it ends.
 *
 * const program = await startProgram(t);
 * program.type('/post to:x Hello');
 * await program.sees(/published/);
 * expect(await program.wall()).toHaveLength(1);
 *
 * Everything that was started ends with the test `t`, and its folder goes. Tests may run at the same time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import type { Health } from '../../src/web/server.ts';
import type { WallPost } from '../../src/web/wall-data.ts';
import { PROGRAM } from '../helpers/build.ts';
import { createPrinter, type Printed } from './printed.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds from the signal (or the start) to the end. */
  readonly afterMs: number;
}

/** What one can do with the program wherever it runs. */
export interface RunningProgram extends Printed {
  /** Where it keeps its database; give it to a next start. */
  readonly data: string;
  /** The folder that it was started in. */
  readonly folder: string;
  /** `http://host:port` of its web pages. */
  readonly web: string;
  /** Writes one message to its standard input. */
  type(line: string): void;
  wall(): Promise<readonly WallPost[]>;
  health(): Promise<{ status: number; body: Health }>;
}

export interface Program extends RunningProgram {
  readonly child: ChildProcess;
  /** No more input. */
  endInput(): void;
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<Ended>;
  readonly ended: Promise<Ended>;
}

/** How a test starts it: as a process, or inside its own (test/app/inside.ts). Ready when it resolves. */
export type Start<P extends RunningProgram> = (t: Test, options: ProgramOptions) => Promise<P>;

export interface ProgramOptions {
  /** Left out: a new folder, which goes with the test. */
  readonly data?: string;
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A folder of one's own that goes with the test. */
export function newFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-e2e-'));
  t.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a test gives to whatever must end with it. */
export interface Test {
  onTestFinished(end: () => unknown): void;
}

/** For what a whole file shares: ends with its last test, in reverse order. */
export function sharedByFile(): Test {
  const ends: (() => unknown)[] = [];
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  return { onTestFinished: (end) => void ends.push(end) };
}

/** Starts it and does not wait for more than the process: for what does not come so far as to be ready. */
export function launch(t: Test, options: ProgramOptions = {}): Program {
  const folder = options.folder ?? newFolder(t);
  const program = watch(options.data ?? join(folder, 'data'), folder, options.env ?? {});
  t.onTestFinished(async () => void (await program.kill('SIGKILL')));
  return program;
}

/** Starts it and waits until it is ready. */
export async function startProgram(t: Test, options: ProgramOptions = {}): Promise<Program> {
  const program = launch(t, options);
  await program.logs('ready');
  return program;
}

function watch(data: string, folder: string, env: Readonly<Record<string, string>>): Program {
  const startedAt = Date.now();
  let signalledAt = startedAt;
  const child = spawn(process.execPath, [PROGRAM], {
    cwd: folder,
    env: { ...environmentOf(data), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const { printed, take, end } = createPrinter();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => take('output', chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => take('errors', chunk));
  // A program that was killed does not read the rest of its input.
  child.stdin.on('error', () => undefined);
  let isOver = false;
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      isOver = true;
      running.delete(child);
      resolve({ code, signal, afterMs: Date.now() - signalledAt });
      end();
    });
  });
  const web = (): string => {
    const address = printed.log.find(({ msg }) => msg === 'ready')?.web;
    if (!address) throw new Error('The program is not ready yet, or serves no web pages.');
    return address;
  };

  const program = Object.assign(printed, {
    child,
    data,
    folder,
    type: (line: string) => void child.stdin.write(`${line}\n`),
    endInput: () => void child.stdin.end(),
    ...pagesAt(web),
    kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT') {
      if (isOver || child.exitCode !== null || child.signalCode !== null) return ended;
      signalledAt = Date.now();
      child.kill(signal);
      return ended;
    },
    ended,
  });
  return Object.defineProperty(program, 'web', { get: web }) as typeof program & { readonly web: string };
}

/** A signal ends a program that has nothing in hand: soon, by itself, and without an error. */
export async function endsAtOnce(program: Program, signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
  const ended = await program.kill(signal);
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.afterMs).toBeLessThan(5_000);
  expect(program.log.filter(({ level }) => level === 'error')).toEqual([]);
}

/** Nothing of the developer's own environment: a token in it would connect the test to the world. */
export function environmentOf(data: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '',
    TZ: 'UTC',
    DATA_DIR: data,
    PORT: '0',
    LOG_LEVEL: 'debug',
    DEFAULT_TIME_ZONE: 'Europe/Rome',
  };
}

/** What the web pages at that address say. */
export function pagesAt(web: () => string): Pick<RunningProgram, 'wall' | 'health'> {
  return {
    async wall() {
      const response = await fetch(`${web()}/wall.json`);
      return (await response.json()) as readonly WallPost[];
    },
    async health() {
      const response = await fetch(`${web()}/health`);
      return { status: response.status, body: (await response.json()) as Health };
    },
  };
}

/** Ids of posts whose cards or notices were printed, in order of appearance. */
export function idsIn(output: string): readonly string[] {
  return [...new Set([...output.matchAll(/#([A-Z0-9]{5,6})\b(?! here)/g)].map(([, id]) => id ?? ''))];
}
