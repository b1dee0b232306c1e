/** What a Tumblr blog takes: posts made of blocks (NPF). */

import type { Capabilities } from '../../core/capabilities.ts';
import { MINUTE, SECOND } from '../../core/clock.ts';
import { error, type Issue, warning } from '../../core/issue.ts';
import type { Content } from '../../core/publisher.ts';
import { MEGABYTE } from '../../core/quantities.ts';
import type { MediaItem } from '../../core/words.ts';
import type { NetworkRules } from '../network-rules.ts';
import { blocksOf } from './post.ts';
import { TEXT_BLOCK_CHARACTERS_MAX } from './text.ts';

// https://github.com/tumblr/docs/blob/master/npf-spec.md
const BLOCKS_MAX = 1000;
/** A post is stored in a megabyte with its blocks' own JSON; the description reckons with 900,000 characters of text. */
const POST_TEXT_BYTES_MAX = 900_000;
const IMAGES_MAX = 30;
const ALT_TEXT_CHARACTERS_MAX = 4096;
// https://github.com/tumblr/docs/blob/master/api.md: pictures 10 MB; video 500 MB and 10 minutes; one uploaded video a post.
const IMAGE_BYTES_MAX = 10 * MEGABYTE;
const VIDEO_BYTES_MAX = 500 * MEGABYTE;
const VIDEO_MAX_MS = 10 * MINUTE;
const VIDEO_MIN_MS = SECOND;
const VIDEOS_MAX = 1;
/** Tumblr names no largest picture; its largest rendition is 2048 wide and 3072 high. */
const IMAGE_WIDTH_MAX = 2048;
const IMAGE_HEIGHT_MAX = 3072;
/** Not documented; kept above what any GIF of the byte limit reaches. */
const GIF_FRAMES_MAX = 2000;
// https://github.com/tumblr/docs/blob/master/api.md#rate-limits: of each user, by the calendar day of Tumblr's own clocks, whose
// days end at midnight in New York (limits.ts).
const DAY_POSTS_MAX = 250;
const DAY_PICTURES_MAX = 250;
const DAY_VIDEOS_MAX = 20;
const DAY_VIDEO_SECONDS_MAX = (60 * MINUTE) / SECOND;
const OF_A_DAY = { window: { dayIn: 'America/New_York' }, shared: true } as const;

/** What these media take of a day's allowances. */
export function countOf(media: readonly MediaItem[]): { pictures: number; videos: number; seconds: number } {
  const videos = media.filter(({ kind }) => kind === 'video');
  return {
    pictures: media.length - videos.length,
    videos: videos.length,
    seconds: videos.reduce((sum, { durationMs = 0 }) => sum + Math.ceil(durationMs / SECOND), 0),
  };
}

const capabilities: Capabilities = {
  text: {
    limit: POST_TEXT_BYTES_MAX,
    unit: 'bytes (a paragraph is cut where it has more than 4096 characters)',
    count: (text) => Buffer.byteLength(text),
    alone: true,
  },
  title: { limit: TEXT_BLOCK_CHARACTERS_MAX },
  link: 'card',
  media: {
    required: false,
    maxItems: IMAGES_MAX,
    mixed: true,
    image: {
      max: IMAGES_MAX,
      rule: {
        formats: ['image/jpeg', 'image/png', 'image/webp'],
        maxBytes: IMAGE_BYTES_MAX,
        minWidth: 1,
        maxWidth: IMAGE_WIDTH_MAX,
        maxHeight: IMAGE_HEIGHT_MAX,
      },
    },
    gif: {
      max: IMAGES_MAX,
      rule: {
        maxBytes: IMAGE_BYTES_MAX,
        maxWidth: IMAGE_WIDTH_MAX,
        maxHeight: IMAGE_HEIGHT_MAX,
        maxFrames: GIF_FRAMES_MAX,
      },
    },
    video: {
      max: VIDEOS_MAX,
      rule: {
        containers: ['mp4', 'mov'],
        codecs: ['h264'],
        maxBytes: VIDEO_BYTES_MAX,
        minMs: VIDEO_MIN_MS,
        maxMs: VIDEO_MAX_MS,
      },
    },
  },
  altText: { limit: ALT_TEXT_CHARACTERS_MAX },
  firstComment: false,
  needsPublicAddress: false,
  removable: true,
  concurrency: 2,
  quotas: [
    { what: 'posts', max: DAY_POSTS_MAX, ...OF_A_DAY },
    {
      what: 'pictures',
      max: DAY_PICTURES_MAX,
      ...OF_A_DAY,
      units: { most: IMAGES_MAX, of: ({ media }) => countOf(media).pictures },
    },
    {
      what: 'videos',
      max: DAY_VIDEOS_MAX,
      ...OF_A_DAY,
      units: { most: VIDEOS_MAX, of: ({ media }) => countOf(media).videos },
    },
    {
      what: 'seconds of video',
      max: DAY_VIDEO_SECONDS_MAX,
      ...OF_A_DAY,
      units: { most: VIDEOS_MAX * (VIDEO_MAX_MS / SECOND), of: ({ media }) => countOf(media).seconds },
    },
  ],
};

function extras(content: Content): readonly Issue[] {
  return [...tooManyBlocks(content), ...videoAlt(content)];
}

function tooManyBlocks(content: Content): readonly Issue[] {
  const blocks = blocksOf(content).length;
  if (blocks <= BLOCKS_MAX) return [];
  return [
    error(
      'TEXT_TOO_MANY_BLOCKS',
      'text',
      `at most ${BLOCKS_MAX} paragraphs, pictures and cards in all`,
      `${blocks}`,
      'Join paragraphs, or split the post.',
    ),
  ];
}

/** Only picture blocks have alt text. */
function videoAlt(content: Content): readonly Issue[] {
  if (!content.media.some((item) => item.kind === 'video' && item.alt)) return [];
  return [
    warning(
      'ALT_DROPPED',
      'alt',
      'Tumblr takes alt text for pictures only',
      'alt text for a video',
      'It will be left out; say it in the text if it matters.',
    ),
  ];
}

export const tumblr: NetworkRules = { network: 'tumblr', label: 'Tumblr', capabilities, extras };
