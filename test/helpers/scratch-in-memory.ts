/**
 * Puts the folders that tests make under `tmpdir()` into memory, on machines that have such a place with room: a test of the
 * database waited for the disk half of its time. A write that was flushed there outlives a killed process as it does on a disk.
 */
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux has it by convention; containers often give it no more than 64 MB. */
const MEMORY = '/dev/shm';
/** Several times what files that run side by side have there at once. */
const ROOM_BYTES = 2 ** 31;

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}

/** @returns what takes the folders away when all tests are over, also those that a test that was cut off left behind */
export default function setup(): (() => void) | undefined {
  if (!hasRoom() || tmpdir().startsWith(MEMORY)) return undefined;
  const folder = mkdtempSync(join(MEMORY, 'carillon-'));
  // As in the usual place, programs of another user find their way to what they are given; a test of rights starts such a one.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
