// Files that must be on the disk, whole, before their name counts.
import { closeSync, copyFileSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Waits until a file's bytes are on the disk. */
export function flushFile(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A rename is on the disk when its folder is. Windows cannot open folders and needs no such call. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Gives a complete file its name in one step, replacing what had that name. At every instant one of the two is there, whole. */
export function renameDurably(from: string, to: string): void {
  flushFile(from);
  renameSync(from, to);
  flushFolder(dirname(to));
}

/** A second name for a file's present content, so that the first may be replaced. Copies where the file system has no links. */
export function keepAside(file: string, aside: string): void {
  try {
    linkSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    const part = `${aside}.part`;
    rmSync(part, { force: true });
    copyFileSync(file, part);
    renameDurably(part, aside);
  }
  flushFolder(dirname(aside));
}
