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
import { afterAll } from 'vitest';
import type { Health } from '../../src/web/server.ts';
import type { WallPost } from '../../src/web/wall-data.ts';
import { PROGRAM } from '../helpers/build.ts';

/** Longer than anything here takes on a busy machine; a test that waits so long says what it saw. */
const PATIENCE_MS = 25_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds from the signal (or the start) to the end. */
  readonly afterMs: number;
}

export interface LogEntry {
  readonly level: string;
  readonly msg: string;
  readonly web?: string;
  readonly [fact: string]: unknown;
}

export interface Program {
  readonly child: ChildProcess;
  /** Where it keeps its database; give it to a next start. */
  readonly data: string;
  /** The folder that it was started in. */
  readonly folder: string;
  /** `http://host:port` of its web pages. */
  readonly web: string;
  /** Everything on standard output so far. */
  readonly output: string;
  /** Everything on standard error so far. */
  readonly errors: string;
  /** Lines for people on standard output: what is no log entry. */
  readonly lines: readonly string[];
  readonly log: readonly LogEntry[];
  /** Writes one message to its standard input. */
  type(line: string): void;
  /** No more input. */
  endInput(): void;
  /** Waits until standard output matches; answers the match. `from` leaves out what stood before that place. */
  sees(what: RegExp | string, from?: number): Promise<RegExpExecArray>;
  logs(what: RegExp | string): Promise<LogEntry>;
  /** Waits for a condition, looking at it after everything that is printed. */
  until<Value>(what: string, condition: () => Value | undefined | false): Promise<Value>;
  wall(): Promise<readonly WallPost[]>;
  health(): Promise<{ status: number; body: Health }>;
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<Ended>;
  readonly ended: Promise<Ended>;
}

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
    // Nothing of the developer's own environment: a token in it would connect the test to the world.
    env: {
      PATH: process.env.PATH ?? '',
      TZ: 'UTC',
      DATA_DIR: data,
      PORT: '0',
      LOG_LEVEL: 'debug',
      DEFAULT_TIME_ZONE: 'Europe/Rome',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const text = { output: '', errors: '' };
  const lines: string[] = [];
  const log: LogEntry[] = [];
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const look of [...watchers]) look();
  };
  const take = (name: keyof typeof text) => {
    let rest = '';
    return (chunk: string): void => {
      text[name] += chunk;
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        const entry = line.startsWith('{"level"') ? asEntry(line) : undefined;
        if (entry) log.push(entry);
        else if (name === 'output') lines.push(line);
      }
      changed();
    };
  };
  child.stdout.setEncoding('utf8').on('data', take('output'));
  child.stderr.setEncoding('utf8').on('data', take('errors'));
  // A program that was killed does not read the rest of its input.
  child.stdin.on('error', () => undefined);
  let isOver = false;
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      isOver = true;
      running.delete(child);
      resolve({ code, signal, afterMs: Date.now() - signalledAt });
      changed();
    });
  });

  const until: Program['until'] = (what, condition) =>
    new Promise((resolve, reject) => {
      const over = (): void => {
        clearTimeout(timer);
        watchers.delete(look);
      };
      const seen = (): string =>
        `\n--- output\n${text.output.slice(-4000)}\n--- errors\n${text.errors.slice(-4000)}`;
      const look = (): void => {
        try {
          const value = condition();
          if (value !== undefined && value !== false) resolve(value);
          else if (isOver) reject(new Error(`The program ended before ${what}.${seen()}`));
          else return;
        } catch (error) {
          reject(error);
        }
        over();
      };
      const timer = setTimeout(() => {
        over();
        reject(new Error(`The program ran ${PATIENCE_MS} ms without ${what}.${seen()}`));
      }, PATIENCE_MS);
      watchers.add(look);
      look();
    });

  const program: Program = {
    child,
    data,
    folder,
    get web() {
      const web = log.find(({ msg }) => msg === 'ready')?.web;
      if (!web) throw new Error('The program is not ready yet, or serves no web pages.');
      return web;
    },
    get output() {
      return text.output;
    },
    get errors() {
      return text.errors;
    },
    lines,
    log,
    type: (line) => void child.stdin.write(`${line}\n`),
    endInput: () => void child.stdin.end(),
    sees: (what, from = 0) => {
      const pattern = typeof what === 'string' ? new RegExp(escaped(what)) : what;
      return until(`printing ${pattern}`, () => pattern.exec(text.output.slice(from)) ?? undefined);
    },
    logs: (what) =>
      until(`logging ${what}`, () =>
        log.find(({ msg }) => (typeof what === 'string' ? msg === what : what.test(msg))),
      ),
    until,
    async wall() {
      const response = await fetch(`${program.web}/wall.json`);
      return (await response.json()) as readonly WallPost[];
    },
    async health() {
      const response = await fetch(`${program.web}/health`);
      return { status: response.status, body: (await response.json()) as Health };
    },
    kill(signal) {
      if (isOver || child.exitCode !== null || child.signalCode !== null) return ended;
      signalledAt = Date.now();
      child.kill(signal);
      return ended;
    },
    ended,
  };
  return program;
}

function asEntry(line: string): LogEntry | undefined {
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    // Something else that begins alike; it counts as a line.
    return undefined;
  }
}

const escaped = (words: string): string => words.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Ids of posts whose cards or notices were printed, in order of appearance. */
export function idsIn(output: string): readonly string[] {
  return [...new Set([...output.matchAll(/#([A-Z0-9]{5,6})\b(?! here)/g)].map(([, id]) => id ?? ''))];
}
