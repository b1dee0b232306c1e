/** Uploads: segments are counted by the byte, processing takes its time, ids expire. */
import { createHash } from 'node:crypto';
import { FILE_BYTES_MAX, type FileOptions } from '../files.ts';
import { Refusal } from '../refusal.ts';
import type { Form } from './form.ts';
import { forbidden, invalid, notFound } from './problems.ts';

export interface SimulatedMedia {
  readonly id: string;
  readonly category: string;
  readonly type: string;
  readonly totalBytes: number;
  readonly segments: Map<number, Buffer | number>;
  bytes: number;
  sha256?: string;
  state: 'open' | 'processing' | 'failed' | 'succeeded';
  readyAt: number;
  expiresAt: number;
  alt?: string;
  processingError?: { readonly name: string; readonly message: string } | undefined;
}

export interface MediaOptions extends FileOptions {
  /** How long video and GIFs are processed, in milliseconds. */
  processingMs: number;
  /** Life of an upload in seconds. */
  lifeSeconds: number;
  /** A segment above this is refused with 413. */
  segmentBytesMax: number;
  /** Refuses a whole picture above this with 413. */
  oneShotBytesMax: number;
  /** The next processing ends so. */
  processingErrors: { readonly name: string; readonly message: string }[];
  /** False saves memory with large videos: then only counts are kept and no hash is made. */
  keepBytes: boolean;
}

const TYPES: Readonly<Record<string, readonly string[]>> = {
  tweet_image: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
  tweet_gif: ['image/gif'],
  tweet_video: ['video/mp4', 'video/quicktime', 'video/webm'],
};
const BYTES_MAX: Readonly<Record<string, number>> = {
  tweet_image: 5_242_880,
  tweet_gif: 15_728_640,
  tweet_video: 536_870_912,
};

export function createMedia(now: () => number, options: MediaOptions) {
  const all = new Map<string, SimulatedMedia>();
  let last = 1_900_000_000_000_000_000n;

  const find = (id: string): SimulatedMedia => {
    const media = all.get(id);
    if (!media || media.expiresAt <= now()) throw notFound('media', id);
    if (media.state === 'processing' && media.readyAt <= now())
      media.state = media.processingError ? 'failed' : 'succeeded';
    return media;
  };

  const open = (category: string, type: string, totalBytes: number): SimulatedMedia => {
    if (!(totalBytes > 0 && totalBytes <= (BYTES_MAX[category] ?? 0)))
      throw invalid('total_bytes', totalBytes, 'File size exceeds the limit.');
    last += 1n;
    const media: SimulatedMedia = {
      id: String(last),
      category,
      type,
      totalBytes,
      segments: new Map(),
      bytes: 0,
      state: 'open',
      readyAt: 0,
      expiresAt: now() + options.lifeSeconds * 1000,
    };
    all.set(media.id, media);
    return media;
  };

  const answer = (media: SimulatedMedia): unknown => {
    const rest = Math.max(0, Math.ceil((media.readyAt - now()) / 1000));
    const info =
      media.category === 'tweet_image'
        ? undefined
        : media.state === 'processing'
          ? { state: 'in_progress', check_after_secs: Math.max(1, Math.min(rest, 5)), progress_percent: 40 }
          : media.state === 'failed'
            ? { state: 'failed', error: media.processingError }
            : { state: 'succeeded', progress_percent: 100 };
    const expires = Math.floor((media.expiresAt - now()) / 1000);
    return {
      data: {
        id: media.id,
        media_key: `3_${media.id}`,
        size: media.bytes,
        expires_after_secs: expires,
        ...(info ? { processing_info: info } : {}),
      },
    };
  };

  const close = (media: SimulatedMedia): void => {
    media.processingError = media.category === 'tweet_image' ? undefined : options.processingErrors.shift();
    media.readyAt = now() + options.processingMs;
    media.state = media.category === 'tweet_image' ? 'succeeded' : 'processing';
  };

  return {
    all,
    find,
    forget: (id: string) => all.delete(id),

    oneShot({ fields, files }: Form): unknown {
      only('media upload', fields, ['media_category']);
      const bytes = files.media;
      const category = fields.media_category ?? '';
      if (!bytes) throw invalid('media', '', 'missing');
      if (category !== 'tweet_image') throw invalid('media_category', category, 'chunked upload is needed');
      if (bytes.length > options.oneShotBytesMax)
        throw new Refusal(413, '<html><head><title>413 Request Entity Too Large</title></head></html>');
      const media = open(category, 'image/jpeg', bytes.length);
      media.bytes = bytes.length;
      media.sha256 = createHash('sha256').update(bytes).digest('hex');
      options.onFile?.({ sha256: media.sha256, type: media.type, bytes });
      close(media);
      return answer(media);
    },

    initialize(body: Record<string, unknown>): unknown {
      only('initialize', body, ['media_type', 'total_bytes', 'media_category']);
      const { media_type: type, media_category: category, total_bytes: total } = body;
      if (typeof category !== 'string' || !TYPES[category])
        throw invalid('media_category', category, 'unknown');
      if (typeof type !== 'string' || !TYPES[category]?.includes(type))
        throw invalid('media_type', type, 'not of the category');
      if (!Number.isInteger(total)) throw invalid('total_bytes', total, 'not a whole number');
      const media = open(category, type, total as number);
      return { data: { id: media.id, media_key: `3_${media.id}`, expires_after_secs: options.lifeSeconds } };
    },

    append(id: string, { fields, files }: Form): unknown {
      only('append', fields, ['segment_index']);
      const media = find(id);
      const index = Number(fields.segment_index);
      const bytes = files.media;
      if (media.state !== 'open') throw invalid('id', id, 'finalized already');
      if (!/^[0-9]{1,3}$/.test(fields.segment_index ?? ''))
        throw invalid('segment_index', fields.segment_index, 'must be 0 to 999');
      if (!bytes || bytes.length === 0) throw invalid('media', '', 'missing');
      if (bytes.length > options.segmentBytesMax) throw new Refusal(413, 'Payload Too Large');
      media.segments.set(index, options.keepBytes ? bytes : bytes.length);
      return { data: { expires_at: Math.floor(media.expiresAt / 1000) } };
    },

    finalize(id: string): unknown {
      const media = find(id);
      if (media.state !== 'open') return answer(media);
      const segments = [...media.segments].sort(([a], [b]) => a - b);
      if (segments.some(([index], place) => index !== place))
        throw invalid('id', id, 'segments do not adjoin');
      const sizes = segments.map(([, each]) => (typeof each === 'number' ? each : each.length));
      media.bytes = sizes.reduce((sum, size) => sum + size, 0);
      if (media.bytes !== media.totalBytes)
        throw invalid('total_bytes', media.bytes, `Segments do not add up to ${media.totalBytes}.`);
      if (options.keepBytes) {
        const hash = createHash('sha256');
        for (const [, each] of segments) hash.update(each as Buffer);
        media.sha256 = hash.digest('hex');
        if (options.onFile && media.bytes <= FILE_BYTES_MAX) {
          const bytes = Buffer.concat(segments.map(([, each]) => each as Buffer));
          options.onFile({ sha256: media.sha256, type: media.type, bytes });
        }
      }
      close(media);
      return answer(media);
    },

    status: (id: string): unknown => answer(find(id)),

    describe(body: Record<string, unknown>): unknown {
      only('metadata', body, ['id', 'metadata']);
      const media = find(String(body.id));
      const metadata = (body.metadata ?? {}) as Record<string, { text?: unknown }>;
      only('metadata', metadata, ['alt_text']);
      const alt = metadata.alt_text?.text;
      if (typeof alt !== 'string' || [...alt].length > 1000)
        throw invalid('metadata.alt_text.text', alt, 'at most 1000 characters');
      if (media.category === 'tweet_video') throw forbidden('Alt text is not supported for videos.');
      media.alt = alt;
      return { data: { id: media.id, associated_metadata: metadata } };
    },
  };
}

/** Unknown fields are refused, as `additionalProperties: false` says. */
export function only(where: string, body: object, allowed: readonly string[]): void {
  for (const name of Object.keys(body)) {
    if (!allowed.includes(name)) throw invalid(name, '', `${where} has no field [${name}]`);
  }
}
