/** Lines typed before, kept over restarts in a file that only its owner may read: it holds posts and claim codes. */
import { closeSync, fchmodSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cleanText } from '../../core/clean-text.ts';
import type { Logger } from '../../core/log.ts';

export const HISTORY_MAX = 1000;
const OWNER_ONLY = 0o600;
const FOLDER_OWNER_ONLY = 0o700;

export interface History {
  /** Newest first, as the line editor wants it. */
  readonly lines: readonly string[];
  add(line: string): void;
  /** Resolves when all is written. */
  settled(): Promise<void>;
}

function load(file: string): string[] {
  mkdirSync(dirname(file), { recursive: true, mode: FOLDER_OWNER_ONLY });
  // Opened for appending, so that it is made when it is missing; then its mode is set, in case it was there already.
  const descriptor = openSync(file, 'a+', OWNER_ONLY);
  fchmodSync(descriptor, OWNER_ONLY);
  const stored = readFileSync(descriptor, 'utf8');
  closeSync(descriptor);
  const all = stored.split('\n').filter((line) => line !== '');
  const lines = all.slice(-HISTORY_MAX);
  if (all.length > 2 * HISTORY_MAX) writeFileSync(file, `${lines.join('\n')}\n`, { mode: OWNER_ONLY });
  return lines.map(cleanText).reverse();
}

/** A history in `file`; without one, or where it cannot be used, a history of this run only. */
export function openHistory(file: string | undefined, log: Logger): History {
  const none: History = { lines: [], add: () => undefined, settled: () => Promise.resolve() };
  if (file === undefined) return none;
  let lines: string[];
  try {
    lines = load(file);
  } catch (error) {
    log.warn(
      { err: error, file },
      'The history of the terminal chat cannot be read; it is kept for this run only.',
    );
    return none;
  }
  let writing: Promise<void> = Promise.resolve();
  let failed = false;
  let last = lines[0];
  return {
    lines,
    add(line) {
      if (failed || line === last) return;
      last = line;
      writing = writing
        .then(() => appendFile(file, `${line}\n`, { mode: OWNER_ONLY }))
        .catch((error: unknown) => {
          // Once is enough: the disk is full or the folder is gone, and each further line would say the same.
          if (!failed) log.warn({ err: error, file }, 'The history of the terminal chat cannot be written.');
          failed = true;
        });
    },
    settled: () => writing,
  };
}
