/** Videos: registered here, sent to a store that knows nothing of tokens, processed in their own time. */

import { createHash } from 'node:crypto';
import type { FileOptions } from '../files.ts';
import { Refusal } from '../refusal.ts';
import { type Part, readParts } from '../tumblr/form.ts';
import { only, refusal } from './refusal.ts';

export interface SimulatedVideo {
  readonly id: string;
  readonly key: string;
  state: 'registered' | 'processing' | 'succeeded' | 'failed';
  readyAt: number;
  bytes: number;
  sha256: string;
  type: string;
}

export interface MediaOptions extends FileOptions {
  /** How long a video is processed, in milliseconds. */
  processingMs: number;
  /** Of the next videos, the processing fails. */
  failures: number;
}

export function createMedia(now: () => number, origin: () => string, options: MediaOptions) {
  const all = new Map<string, SimulatedVideo>();
  let last = 5_212_123_920_968_240_770n;

  const find = (id: string): SimulatedVideo => {
    const video = all.get(id);
    if (!video) throw refusal(404, 4, 'Media not found.');
    if (video.state === 'processing' && video.readyAt <= now()) {
      video.state = options.failures > 0 ? 'failed' : 'succeeded';
      options.failures = Math.max(0, options.failures - 1);
    }
    return video;
  };

  const parametersOf = ({ key }: SimulatedVideo): Record<string, string> => ({
    'x-amz-date': '20270127T185143Z',
    'x-amz-signature': 'fcd6309a6aaee213348666a72abed8b4',
    'x-amz-security-token': 'IQoJb3JpZ2luX2VjEJr',
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    key,
    policy: 'eyJleHBpcmF0aW9uIjoiMj',
    'x-amz-credential': 'ASIA6QZJ64OPIKV7FRVX/20270127/us-east-1/s3/aws4_request',
    'Content-Type': 'multipart/form-data',
  });

  return {
    all,
    find,
    forget: (id: string) => all.delete(id),

    register(body: unknown): unknown {
      const { media_type: type } = only('media', body, ['media_type']);
      if (type !== 'video') throw refusal(400, 1, 'media_type must be video');
      last += 1n;
      const id = String(last);
      const video: SimulatedVideo = {
        id,
        key: `uploads/${id}`,
        state: 'registered',
        readyAt: 0,
        bytes: 0,
        sha256: '',
        type: '',
      };
      all.set(id, video);
      return {
        media_id: id,
        media_type: 'video',
        upload_url: `${origin()}/store/`,
        upload_parameters: parametersOf(video),
      };
    },

    /** The store: it wants every parameter, the file last, and no token. */
    store(contentType: string, raw: Buffer, authorization: string | undefined): void {
      if (authorization !== undefined) throw denied('Only one auth mechanism allowed');
      const parts: readonly Part[] = readParts(contentType, raw);
      const file = parts.at(-1);
      const fields = Object.fromEntries(
        parts.slice(0, -1).map((part) => [part.name, part.content.toString('utf8')]),
      );
      const video = [...all.values()].find(({ key }) => key === fields.key);
      if (!video || file?.name !== 'file' || file.fileName === undefined)
        throw denied('the file must be the last field');
      if (
        JSON.stringify(Object.entries(fields).sort()) !==
        JSON.stringify(Object.entries(parametersOf(video)).sort())
      )
        throw denied('Invalid according to Policy');
      video.state = 'processing';
      video.readyAt = now() + options.processingMs;
      video.bytes = file.content.length;
      video.sha256 = createHash('sha256').update(file.content).digest('hex');
      video.type = file.contentType ?? '';
      options.onFile?.({ sha256: video.sha256, type: video.type, bytes: Buffer.from(file.content) });
    },

    status(id: string): unknown {
      return { media_id: id, media_type: 'video', status: find(id).state };
    },
  };
}

const denied = (message: string): Refusal =>
  new Refusal(
    403,
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`,
  );
