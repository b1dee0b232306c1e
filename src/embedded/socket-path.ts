// Where the Unix socket lies: in a folder that only its owner can enter, under a path that is short enough.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const FOLDER = 'socket';
const NAME = 'mongodb.sock';
/** sockaddr_un.sun_path: 108 bytes on Linux, 104 on macOS and the BSDs, with the closing zero. unix(7), unix(4) */
const LONGEST_PATH = 103;

export interface SocketPath {
  path: string;
  /** Removes the folder. */
  remove(): void;
}

/** Makes the folder. A socket file that a dead process left in it is removed: the lock file says who is alive. */
export function prepareSocket(directory: string): SocketPath {
  const inside = resolve(directory, FOLDER);
  const fits = Buffer.byteLength(join(inside, NAME)) <= LONGEST_PATH;
  const folder = fits ? inside : mkdtempSync(join(tmpdir(), 'embedded-'));
  if (fits) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
  return { path: join(folder, NAME), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
