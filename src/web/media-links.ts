/**
 * Links to single files for networks that fetch by themselves: anybody who holds one can read that file for an hour, and
 * nothing else. A link carries its end and a signature over both, so nothing is stored and any process can serve it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, type Clock, HOUR, SECOND } from '../core/clock.ts';
import { CarillonError } from '../core/errors.ts';
import type { BlobStore } from '../core/media.ts';
import { MEGABYTE } from '../core/quantities.ts';
import { SAFE_HEADERS, sendText } from './respond.ts';

export const MEDIA_PATH = '/media/';

/** Networks fetch within seconds, and again when they failed; a later try of ours makes a new link. */
const LIFE_MS = HOUR;
/** Pictures are fitted to a few megabytes; with their length known beforehand every fetcher can take them. */
const BYTES_MAX = 32 * MEGABYTE;

/** Pictures only: videos are pushed. */
const ENDINGS: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'image/png': 'png' };
const NAME = /^([0-9a-f]{64})\.([a-z]{3})$/;

export interface MediaLinks {
  /** A link that begins now; undefined for a kind of file that is not handed out. */
  link(sha256: string, mime: string): string | undefined;
  /** Answers a request below MEDIA_PATH. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** @param publicUrl where the web pages are reached from outside, with or without a path */
export function createMediaLinks({
  publicUrl,
  key,
  blobs,
  clock,
}: {
  readonly publicUrl: string;
  readonly key: Uint8Array;
  readonly blobs: BlobStore;
  readonly clock: Clock;
}): MediaLinks {
  const base = publicUrl.replace(/\/+$/, '');
  const sign = (name: string, end: string): string =>
    createHmac('sha256', key).update(`${name}?${end}`).digest('base64url');

  return {
    link(sha256, mime) {
      const ending = ENDINGS[mime];
      if (ending === undefined) return undefined;
      const name = `${sha256}.${ending}`;
      const end = String(Math.ceil(after(clock.now(), LIFE_MS).getTime() / SECOND));
      return `${base}${MEDIA_PATH}${name}?exp=${end}&sig=${sign(name, end)}`;
    },

    async handle(request, response) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const name = pathname.slice(MEDIA_PATH.length);
      const [, sha256, ending] = NAME.exec(name) ?? [];
      const mime = Object.keys(ENDINGS).find((each) => ENDINGS[each] === ending);
      const end = searchParams.get('exp') ?? '';
      // One answer for all that is wrong: whoever guesses learns nothing.
      const isRight =
        isEqual(sign(name, end), searchParams.get('sig') ?? '') &&
        Number(end) * SECOND > clock.now().getTime();
      const bytes = isRight && sha256 && mime ? await readBytes(blobs, sha256) : undefined;
      if (!bytes || !mime) return sendText(response, 404, 'There is no such file, or its link has ended.');
      response.writeHead(200, {
        ...SAFE_HEADERS,
        'content-type': mime,
        'content-length': bytes.length,
        'cache-control': 'private, max-age=3600',
        'content-security-policy': "default-src 'none'; sandbox",
      });
      response.end(request.method === 'HEAD' ? undefined : bytes);
    },
  };
}

function isEqual(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Undefined when there is no such file any more, or when it is none that is handed out. */
async function readBytes(blobs: BlobStore, sha256: string): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of blobs.read(sha256)) {
      length += (chunk as Buffer).length;
      if (length > BYTES_MAX) return undefined;
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof CarillonError && error.code === 'MEDIA_MISSING') return undefined;
    throw error;
  }
  return Buffer.concat(chunks);
}
