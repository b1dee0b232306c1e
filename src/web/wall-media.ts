/** The pictures and videos on the wall. Only bytes that stand on it are served: the address of a blob is no key to the others. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from '../core/media.ts';
import type { Wall, WallMedia } from '../core/wall.ts';
import { SAFE_HEADERS, sendText } from './respond.ts';

/** As many entries as are searched for a medium; older ones have left the page long ago. */
const SEARCHED = 2_000;

/** A browser that has seen enough of a video closes the connection; everything else that breaks the answer is a fault. */
const CLOSED_BY_READER: ReadonlySet<unknown> = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE']);

type MediaHandler = (request: IncomingMessage, response: ServerResponse, sha256: string) => Promise<void>;

export function createWallMedia(wall: Wall, blobs: BlobStore): MediaHandler {
  const known = new Map<string, WallMedia>();

  async function find(sha256: string): Promise<WallMedia | undefined> {
    if (!known.has(sha256)) {
      known.clear();
      for (const entry of await wall.newest(SEARCHED))
        for (const medium of entry.media) known.set(medium.sha256, medium);
    }
    return known.get(sha256);
  }

  return async (request, response, sha256) => {
    const medium = /^[0-9a-f]{64}$/.test(sha256) ? await find(sha256) : undefined;
    if (!medium) return sendText(response, 404, 'There is no such picture or video on the wall.');
    const range = rangeOf(request.headers.range, medium.bytes);
    if (range === 'impossible')
      return sendText(response, 416, 'That part does not exist.', {
        'content-range': `bytes */${medium.bytes}`,
      });
    const { start, end } = range ?? { start: 0, end: medium.bytes };
    response.writeHead(range ? 206 : 200, {
      ...SAFE_HEADERS,
      'content-type': medium.mime,
      'content-length': end - start,
      'accept-ranges': 'bytes',
      // The bytes never change under this address; even shown alone they may run nothing.
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      ...(range ? { 'content-range': `bytes ${start}-${end - 1}/${medium.bytes}` } : {}),
    });
    if (request.method === 'HEAD') response.end();
    else
      await pipeline(blobs.read(sha256, { start, end }), response).catch((error) => {
        if (!CLOSED_BY_READER.has((error as NodeJS.ErrnoException).code)) throw error;
      });
  };
}

/** A single byte range, as players ask for; others, and one that ends before it begins, are answered with the whole. */
function rangeOf(
  header: string | undefined,
  bytes: number,
): { start: number; end: number } | 'impossible' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] !== '' && match[2] !== '' && Number(match[2]) < Number(match[1])) return undefined;
  const start = match[1] === '' ? Math.max(0, bytes - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? bytes : Math.min(bytes, Number(match[2]) + 1);
  return start < end ? { start, end } : 'impossible';
}
