/** Completion of file names for `media:`, read from the working directory as the paths themselves are. */
import { readdir } from 'node:fs/promises';

const FOUND_MAX = 100;

export interface FoundPath {
  readonly path: string;
  readonly folder: boolean;
}

/** Files and folders whose path begins with `typed`; hidden ones only when asked for. */
export async function completePath(typed: string): Promise<readonly FoundPath[]> {
  if (/^https?:/i.test(typed)) return [];
  const cut = typed.lastIndexOf('/') + 1;
  const folder = typed.slice(0, cut);
  const begun = typed.slice(cut);
  const entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true }).catch(() => {
    // A folder that is not there or may not be read has nothing to offer; the command itself says what is wrong with it.
    return [];
  });
  return entries
    .filter(({ name }) => name.startsWith(begun) && (begun.startsWith('.') || !name.startsWith('.')))
    .sort((left, right) => left.name.localeCompare(right.name))
    .slice(0, FOUND_MAX)
    .map((entry) => ({
      path: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`,
      folder: entry.isDirectory(),
    }));
}
