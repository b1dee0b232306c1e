// A note beside the data file that it was closed in peace, and how it looked then. Without it, after a sudden death or when
// the file is another one, every page is looked at before LMDB is.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';

const ENDING = '.closed';

/** Leaves the note. A full disk or a folder without permission costs only the longer next start. */
export function noteCleanClose(file: string): void {
  try {
    writeFileSync(file + ENDING, looksOf(file), { mode: 0o600 });
  } catch {
    // A note cut off in the middle does not agree with the file, so the next start looks at every page.
  }
}

/** Takes the note away. @returns whether there was one that agrees with the file */
export function takeCleanClose(file: string): boolean {
  let noted: string;
  try {
    noted = readFileSync(file + ENDING, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  rmSync(file + ENDING);
  return noted === looksOf(file);
}

function looksOf(file: string): string {
  const { size, mtimeNs } = statSync(file, { bigint: true });
  return `${size} ${mtimeNs}`;
}
