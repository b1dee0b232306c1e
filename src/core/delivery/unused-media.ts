/** Removes stored media that no post and nothing on the wall needs any more, fitted copies among them. */
import type { BlobStore, MediaIndex, MediaUse } from '../media.ts';
import type { PostStore } from '../stores.ts';
import type { Wall } from '../wall.ts';
import { FINISHED } from './standing.ts';

export interface MediaRetentionPorts {
  readonly posts: Pick<PostStore, 'withMedium'>;
  readonly wall: Pick<Wall, 'withMedium'>;
  readonly media: Pick<MediaIndex, 'usedBefore' | 'usesOf' | 'touch' | 'forget'>;
  readonly blobs: Pick<BlobStore, 'remove'>;
}

interface Stretch {
  /** What was used since then is left alone. */
  readonly before: Date;
  readonly now: Date;
  readonly limit: number;
}

/** How many media were looked at; and how many were removed from the store, with how many bytes. */
interface Outcome {
  readonly looked: number;
  readonly media: number;
  readonly bytes: number;
}

export async function removeUnusedMedia(ports: MediaRetentionPorts, stretch: Stretch): Promise<Outcome> {
  const uses = await ports.media.usedBefore(stretch.before, stretch.limit);
  let media = 0;
  let bytes = 0;
  for (const use of uses) {
    const neededAt = await lastNeeded(ports, use, stretch.now);
    if (neededAt) {
      await ports.media.touch(use.workspaceId, use.sha256, neededAt);
    } else if (await remove(ports, use, stretch.before)) {
      media += 1;
      bytes += use.bytes;
    }
  }
  return { looked: uses.length, media, bytes };
}

/**
 * When something needed the medium, so that it is looked at again no sooner than that may be gone; undefined when nothing
 * does. Any one that needs it will do: if others need it longer, they are found the next time.
 */
async function lastNeeded(
  { posts, wall }: MediaRetentionPorts,
  { workspaceId, sha256 }: MediaUse,
  now: Date,
): Promise<Date | undefined> {
  const post = await posts.withMedium(workspaceId, sha256);
  if (post) return FINISHED.has(post.standing) ? post.updatedAt : now;
  return (await wall.withMedium(workspaceId, sha256))?.at;
}

/**
 * True when the bytes went, too: nobody else has them. They go before the note of them, which leads to them after a crash.
 * Uses are read right before: who takes the same bytes in at this moment says so before storing them.
 */
async function remove(
  { media, blobs }: MediaRetentionPorts,
  { workspaceId, sha256 }: MediaUse,
  before: Date,
): Promise<boolean> {
  const uses = await media.usesOf(sha256);
  const isOwn = (use: MediaUse): boolean => use.workspaceId === workspaceId;
  if (uses.some((use) => isOwn(use) && use.lastUsedAt >= before)) return false;
  const isLast = uses.every(isOwn);
  if (isLast) await blobs.remove(sha256);
  await media.forget(workspaceId, sha256, before);
  return isLast;
}
