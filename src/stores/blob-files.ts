/**
 * Media as files, for the embedded database: `media/ab/cdef…` in the data folder, named by content. A file appears there
 * in one step (rename) and only after its bytes are on the disk, so a crash leaves it whole or absent.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { BlobStore, StagedBytes } from '../core/media.ts';
import { mediaMissing } from '../core/media-errors.ts';
import { copied } from '../core/pieces.ts';
import { KILOBYTE } from '../core/quantities.ts';
import { isSha256, measureInto } from './blob-measure.ts';

/** Media may be private until they are published: nobody but this user reads them. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Marks what this process has laid aside. The random part tells it from an earlier process that had the same number. */
const OWNER = `${process.pid}-${randomBytes(4).toString('hex')}`;

/** How much is read at once. */
const PIECE_BYTES = 64 * KILOBYTE;

type Range = { start: number; end: number };

/** Opens the store in the data folder and clears what dead processes left aside. Errors: STORAGE_FULL, and the system's. */
export async function createFileBlobStore(directory: string): Promise<BlobStore> {
  const root = join(directory, 'media');
  const aside = join(root, 'staging');
  await mkdir(aside, { recursive: true, mode: FOLDER_MODE });
  await clearLeftovers(aside);

  const pathOf = (sha256: string): string => join(root, sha256.slice(0, 2), sha256.slice(2));

  async function* pieces(sha256: string, range?: Range): AsyncGenerator<Buffer> {
    if (!isSha256(sha256)) throw mediaMissing(sha256);
    yield* piecesOf(sha256, pathOf(sha256), range);
  }

  async function stage(
    stream: Readable,
    limits: { maxBytes: number; signal: AbortSignal },
  ): Promise<StagedBytes> {
    const path = join(aside, `${OWNER}-${randomUUID()}`);
    // `flush` waits until the bytes are on the disk before the file counts as closed.
    const target = createWriteStream(path, { flags: 'wx', mode: FILE_MODE, flush: true });
    try {
      const stored = await measureInto(target, stream, limits);
      return stagedFile(path, pathOf(stored.sha256), stored);
    } catch (error) {
      // The file may be just being opened; removed before that, it would come after all and stay.
      if (!target.closed)
        await new Promise<void>((resolve) => target.once('close', () => resolve()).destroy());
      await rm(path, { force: true });
      throw error;
    }
  }

  return {
    stage,
    async write(stream, limits) {
      const staged = await stage(stream, limits);
      await staged.keep();
      return { sha256: staged.sha256, bytes: staged.bytes };
    },
    read: (sha256, range) => streamOf(pieces(sha256, range)),
    pieces,
    async has(sha256) {
      return isSha256(sha256) && (await isFile(pathOf(sha256)));
    },
    async remove(sha256) {
      if (isSha256(sha256)) await rm(pathOf(sha256), { force: true });
    },
  };
}

function stagedFile(path: string, final: string, stored: { sha256: string; bytes: number }): StagedBytes {
  let kept = false;
  return {
    ...stored,
    read: (range) => streamOf(piecesOf(stored.sha256, kept ? final : path, range)),
    async keep() {
      if (kept) return;
      await moveInto(path, final);
      kept = true;
    },
    async discard() {
      if (!kept) await rm(path, { force: true });
    },
  };
}

/** Replaces what is there: it has the same content, or it is damaged. */
async function moveInto(path: string, final: string): Promise<void> {
  const folder = dirname(final);
  const made = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  try {
    await rename(path, final);
  } catch (error) {
    // Windows does not replace a file that somebody reads; the same content is there then.
    if (!(codeOf(error) === 'EPERM' && (await isFile(final)))) throw error;
    await rm(path, { force: true });
  }
  await flushFolder(folder);
  if (made !== undefined) await flushFolder(dirname(folder));
}

/** A rename is on the disk when its folder is. Windows has no such call and needs none. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function streamOf(pieces: AsyncGenerator<Buffer>): Readable {
  return Readable.from(copied(pieces), { objectMode: false });
}

/** A file's pieces, all in the same memory. */
async function* piecesOf(sha256: string, path: string, range?: Range): AsyncGenerator<Buffer> {
  const { start, end } = range ?? { start: 0, end: Number.POSITIVE_INFINITY };
  if (start >= end) return;
  const handle = await open(path).catch((error: unknown) => {
    throw codeOf(error) === 'ENOENT' ? mediaMissing(sha256, error) : error;
  });
  try {
    const memory = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - start));
    for (let at = start; at < end; ) {
      const { bytesRead } = await handle.read(memory, 0, Math.min(memory.length, end - at), at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield memory.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function clearLeftovers(aside: string): Promise<void> {
  for (const name of await readdir(aside)) {
    if (!name.startsWith(OWNER) && !isAnotherAlive(Number.parseInt(name, 10)))
      await rm(join(aside, name), { force: true });
  }
}

/** A file that carries our own number but not our mark is from an earlier process. */
function isAnotherAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
