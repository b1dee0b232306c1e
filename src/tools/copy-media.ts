/** All media from one place into another, each read back and compared with its name, which is the hash of its content. */
import { CarillonError } from '../core/errors.ts';
import type { BlobStore } from '../core/media.ts';
import type { StoredBlob } from '../stores/blob-lists.ts';
import { hashOf } from './hash.ts';
import type { Progress } from './progress.ts';
import { Refusal } from './refusal.ts';

/** Media that a message names. */
const TOLD = 3;

/**
 * May be repeated: what is there and whole is not sent again. Error: Refusal when media arrive damaged.
 * @returns media whose content was damaged at the source already; they are not moved
 */
export async function copyMedia(
  from: { blobs: BlobStore; list: readonly StoredBlob[] },
  to: { blobs: BlobStore; list(): Promise<readonly StoredBlob[]> },
  progress: Progress,
): Promise<readonly string[]> {
  const there = new Map((await to.list()).map(({ sha256, bytes }) => [sha256, bytes]));
  const total = from.list.reduce((sum, { bytes }) => sum + bytes, 0);
  const damaged: string[] = [];
  let done = 0;
  for (const { sha256, bytes } of from.list) {
    if (there.get(sha256) !== bytes || !(await isWhole(to.blobs, sha256))) {
      await to.blobs.remove(sha256);
      if (!(await send(from.blobs, to.blobs, { sha256, bytes }))) damaged.push(sha256);
      else if (!(await isWhole(to.blobs, sha256)))
        throw new Refusal(`the medium ${sha256} is not whole after the move; run the move again`);
    }
    done += bytes;
    progress('moving media', done, total);
  }
  const wanted = from.list.length - damaged.length;
  const found = new Set((await to.list()).map(({ sha256 }) => sha256));
  const missing = from.list.filter(({ sha256 }) => !found.has(sha256) && !damaged.includes(sha256));
  if (missing.length > 0)
    throw new Refusal(
      `${missing.length} of ${wanted} media are missing after the move, ${missing
        .slice(0, TOLD)
        .map(({ sha256 }) => sha256)
        .join(', ')} among them; run the move again`,
    );
  return damaged;
}

async function isWhole(blobs: BlobStore, sha256: string): Promise<boolean> {
  return (await blobs.has(sha256)) && (await hashOf(blobs.read(sha256))) === sha256;
}

/** False when the source's own content is not what its name says, or has holes. */
async function send(from: BlobStore, to: BlobStore, { sha256, bytes }: StoredBlob): Promise<boolean> {
  const { signal } = new AbortController();
  try {
    const staged = await to.stage(from.read(sha256), { maxBytes: bytes, signal });
    if (staged.sha256 === sha256) await staged.keep();
    else await staged.discard();
    return staged.sha256 === sha256;
  } catch (error) {
    if (error instanceof CarillonError && error.code === 'MEDIA_MISSING') return false;
    throw error;
  }
}
