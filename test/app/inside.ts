/**
 * The whole program in this process: all of its parts joined over a data folder, and talked to as by a script. It lacks the
 * entry (src/main.ts) and the second of loading that each process begins with: for tests that are not about the process.
 *
 * const program = await startInside(t, { env });
 * program.type('/post to:x Hello');
 * await program.sees(/published/);
 *
 * It ends with the test `t`, and its folder goes.
 */
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Logger } from '../../src/core/log.ts';
import { systemClock, systemRandom } from '../../src/lib/system-clock.ts';
import { createPrinter, type Printer } from '../e2e/printed.ts';
import {
  environmentOf,
  newFolder,
  type ProgramOptions,
  pagesAt,
  type RunningProgram,
  type Test,
} from '../e2e/program.ts';

export interface Inside extends RunningProgram {
  /** Ends it as a signal does. */
  stop(): Promise<void>;
}

/** Starts it and waits until it is ready. Errors: those of `readConfig` and `startApp`, as the entry would tell them. */
export async function startInside(t: Test, options: ProgramOptions = {}): Promise<Inside> {
  const folder = options.folder ?? newFolder(t);
  const data = options.data ?? join(folder, 'data');
  const printer = createPrinter();
  const input = new PassThrough();
  const output = new PassThrough();
  output.setEncoding('utf8').on('data', (chunk: string) => printer.take('output', chunk));
  const app = await startApp({
    config: readConfig({ ...environmentOf(data), ...options.env }),
    terminal: { input, output, workingDirectory: folder },
    clock: systemClock,
    random: systemRandom,
    log: loggerTo(printer, {}),
    announce: (words) => printer.take('output', `${words}\n`),
  });
  let ending: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    ending ??= app.stop().finally(() => printer.end());
    return ending;
  };
  t.onTestFinished(stop);
  const web = app.webAddress ?? '';
  return Object.assign(printer.printed, {
    ...pagesAt(() => web),
    web,
    data,
    folder,
    type: (line: string) => void input.write(`${line}\n`),
    stop,
  });
}

/** As the program's own log, with everything in it. */
function loggerTo(printer: Printer, always: object): Logger {
  const entry = (level: string) => (facts: object, msg: string) =>
    printer.take('errors', `${JSON.stringify({ level, ...always, ...facts, msg }, plainErrors)}\n`);
  return {
    debug: entry('debug'),
    info: entry('info'),
    warn: entry('warn'),
    error: entry('error'),
    child: (facts) => loggerTo(printer, { ...always, ...facts }),
  };
}

const plainErrors = (_key: string, value: unknown): unknown =>
  value instanceof Error ? String(value) : value;
