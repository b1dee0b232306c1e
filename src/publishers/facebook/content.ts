/** What becomes of a post's content on a page: which kind of post it is, and in which words. */
import { SECOND } from '../../core/clock.ts';
import type { Content, PreparedContent, PreparedMedia } from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';

/** Each kind has its own creating call; the page's top comment in publisher.ts says which. */
export type Plan =
  | { readonly kind: 'words' }
  | { readonly kind: 'photo'; readonly photo: PreparedMedia }
  | { readonly kind: 'album'; readonly photos: readonly PreparedMedia[] }
  | { readonly kind: 'video' | 'reel'; readonly file: PreparedMedia };

// https://developers.facebook.com/documentation/video-api/guides/reels-publishing: 9:16, 540x960 at least, 3 to 90 seconds.
const REEL_MIN_MS = 3 * SECOND;
const REEL_MAX_MS = 90 * SECOND;
const REEL_WIDTH_MIN = 540;
const REEL_HEIGHT_MIN = 960;
const REEL_SHAPE = 9 / 16;
/** Encoders round to even numbers of pixels. */
const SHAPE_TOLERANCE = 0.01;

export function planOf({ media }: PreparedContent): Plan {
  const [first] = media;
  if (!first) return { kind: 'words' };
  if (first.kind === 'video') return { kind: isReel(first) ? 'reel' : 'video', file: first };
  return media.length === 1 ? { kind: 'photo', photo: first } : { kind: 'album', photos: media };
}

/** True for a video that Facebook takes as a reel; every other one goes to the feed. */
export function isReel({ width, height, durationMs, container }: PreparedMedia): boolean {
  return (
    container === 'mp4' &&
    durationMs !== undefined &&
    durationMs >= REEL_MIN_MS &&
    durationMs <= REEL_MAX_MS &&
    width >= REEL_WIDTH_MIN &&
    height >= REEL_HEIGHT_MIN &&
    Math.abs(width / height - REEL_SHAPE) <= SHAPE_TOLERANCE
  );
}

/** The words as they are sent: beside media there is no link card, so the address stands at their end. */
export function wordsOf({ text, link, media }: Pick<Content, 'text' | 'link' | 'media'>): string {
  if (media.length === 0 || link === undefined || text.includes(link)) return text;
  return text.trim() === '' ? link : `${text.trimEnd()}\n${link}`;
}

/** What is looked for when the answer is lost. */
export function intentOf(content: PreparedContent): Intent {
  const { media, link } = content;
  return {
    text: wordsOf(content),
    ...(media.length === 0 && link !== undefined ? { link } : {}),
    mediaCount: media.length,
  };
}
