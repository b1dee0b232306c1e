// When the last backup of this store was made, so that a supervisor can see that there is none, or that it is old.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renameDurably } from './durable-file.ts';

const NOTE_FILE = 'last-backup.json';

/** Notes a backup that is complete and verified. */
export function noteBackup(directory: string, at: Date): void {
  const file = join(directory, NOTE_FILE);
  writeFileSync(`${file}.part`, JSON.stringify({ at: at.toISOString() }), { mode: 0o600 });
  renameDurably(`${file}.part`, file);
}

/** The instant of the last backup; undefined when none is known. */
export function lastBackup(directory: string): Date | undefined {
  let text: string;
  try {
    text = readFileSync(join(directory, NOTE_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const at = new Date(String((JSON.parse(text) as { at?: unknown }).at));
    return Number.isNaN(at.getTime()) ? undefined : at;
  } catch (error) {
    // A note that somebody edited tells nothing, and is no reason to stop.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
