/** The last files that simulators were sent, so that the page can show them. In memory, and not more than fits. */
import { FILE_BYTES_MAX, type SentFile } from '../files.ts';

const SHELF_BYTES_MAX = 4 * FILE_BYTES_MAX;

export function createShelf() {
  const files = new Map<string, SentFile>();
  let held = 0;
  return {
    put(file: SentFile): void {
      if (file.bytes.length > FILE_BYTES_MAX || files.has(file.sha256)) return;
      files.set(file.sha256, file);
      held += file.bytes.length;
      for (const [sha256, { bytes }] of files) {
        if (held <= SHELF_BYTES_MAX) return;
        files.delete(sha256);
        held -= bytes.length;
      }
    },
    get: (sha256: string): SentFile | undefined => files.get(sha256),
  };
}

export type Shelf = ReturnType<typeof createShelf>;
