// Where a running store can be reached, for tools that find its directory locked. On Windows the address holds a secret,
// so the file is its owner's alone, like the directory.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ADDRESS_FILE = 'address';

/** Writes the address. The holder of the directory calls it, once its server listens. */
export function publishAddress(directory: string, uri: string): void {
  rmSync(join(directory, ADDRESS_FILE), { force: true });
  writeFileSync(join(directory, ADDRESS_FILE), uri, { mode: 0o600, flag: 'wx' });
}

/** Removes it; does nothing when there is none. */
export function withdrawAddress(directory: string): void {
  rmSync(join(directory, ADDRESS_FILE), { force: true });
}

/** The `mongodb://` address; undefined when none was written. A process that died leaves its own: ask the lock first. */
export function readAddress(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, ADDRESS_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
