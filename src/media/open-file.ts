/** Files of this machine, for the terminal chat, whose person may read them anyway. */
import { constants, type FileHandle, open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { tooLarge } from '../core/byte-limit.ts';
import { type CarillonError, failure } from '../core/errors.ts';
import type { OpenedMedia } from '../core/media.ts';
import { cleanName } from '../core/media-label.ts';

/** Errors: FILE_NOT_FOUND, MEDIA_UNREADABLE (empty), MEDIA_TOO_LARGE. */
export async function openFile(
  path: string,
  workingDirectory: string,
  maxBytes: number,
): Promise<OpenedMedia> {
  const full = resolve(workingDirectory, path);
  const handle = await openRegular(full);
  try {
    const stats = await handle.stat();
    if (!stats.isFile())
      throw notFound(full, stats.isDirectory() ? 'is a folder' : 'is no ordinary file (a pipe or a device)');
    if (stats.size > maxBytes) throw tooLarge(maxBytes, stats.size);
    const { size } = stats;
    // Files that the system makes up (/proc) tell no size, and some of them never end.
    if (size === 0) throw emptyFile(full);
    return {
      name: cleanName(basename(full)),
      declaredBytes: size,
      // What is appended after this moment is left out: a growing file would otherwise never end.
      stream: handle.createReadStream({ start: 0, end: size - 1 }),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Non-blocking, because opening a pipe that nobody writes to would wait for ever; Windows has neither pipe nor flag. */
function openRegular(full: string): Promise<FileHandle> {
  return open(full, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      throw notFound(full, reason(error.code), error);
    },
  );
}

function reason(code: string | undefined): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this program';
  if (code === 'ELOOP') return 'is a chain of links without end';
  if (code === 'EISDIR') return 'is a folder';
  return `cannot be opened (${code ?? 'unknown reason'})`;
}

function emptyFile(full: string): CarillonError {
  return failure('ContentError', {
    code: 'MEDIA_UNREADABLE',
    message: `The file ${cleanName(full)} is empty.`,
    hint: 'Save it again in the program that made it, or choose another one.',
  });
}

function notFound(full: string, what: string, cause?: unknown): CarillonError {
  return failure('UsageError', {
    code: 'FILE_NOT_FOUND',
    message: `The file ${cleanName(full)} ${what}.`,
    hint: 'Check the path; a relative one starts in the folder where the program was started.',
    ...(cause === undefined ? {} : { cause }),
  });
}
