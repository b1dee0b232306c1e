/** Passing bytes on while their hash and number are taken. */
import { createHash } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { limitBytes } from '../core/byte-limit.ts';
import type { StoredBytes } from '../core/media.ts';
import { storageFull } from '../core/media-errors.ts';

/** The name of stored content; nothing else may become a path or a query. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/**
 * Streams into `target` and closes it. An abort rejects with the signal's reason, past `maxBytes` it rejects with
 * MEDIA_TOO_LARGE, without room with STORAGE_FULL; both streams are destroyed then.
 */
export async function measureInto(
  target: Writable,
  stream: Readable,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<StoredBytes> {
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  try {
    await pipeline(stream, limitBytes(maxBytes), measure, target, { signal });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw isFull(error) ? storageFull(error) : error;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** No room on the disk, over the user's share of it, and MongoDB's code for a full disk. */
const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT', 14031];

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && FULL.includes(error.code);
}
