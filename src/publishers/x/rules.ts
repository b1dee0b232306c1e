/** What X takes from an account without Premium. */

import type { Capabilities } from '../../core/capabilities.ts';
import { DAY, MINUTE, SECOND } from '../../core/clock.ts';
import { type Issue, note } from '../../core/issue.ts';
import type { Content } from '../../core/publisher.ts';
import { MEGABYTE } from '../../core/quantities.ts';
import { sentTexts } from '../../core/sent-text.ts';
import type { NetworkRules } from '../network-rules.ts';
import { cashtags, entities, hasLinks, hasRefusedCharacters, weightedLength } from './text.ts';

/** https://docs.x.com/fundamentals/counting-characters; 25,000 with Premium, which is not asked for here. */
const WEIGHTED_CHARACTERS_MAX = 280;
/** https://docs.x.com/changelog: one cashtag a post for self-serve access. */
const CASHTAGS_MAX = 1;
// https://docs.x.com/x-api/media/quickstart/best-practices
const PHOTOS_MAX = 4;
const PHOTO_BYTES_MAX = 5 * MEGABYTE;
/** X keeps photos at 4096 pixels at most; more would be sent for nothing. */
const PHOTO_EDGE_MAX = 4096;
const GIF_BYTES_MAX = 15 * MEGABYTE;
const GIF_WIDTH_MAX = 1280;
const GIF_HEIGHT_MAX = 1080;
const GIF_FRAMES_MAX = 350;
const GIF_PIXELS_MAX = 300_000_000;
const VIDEO_BYTES_MAX = 512 * MEGABYTE;
const VIDEO_MIN_MS = SECOND / 2;
const VIDEO_MAX_MS = 140 * SECOND;
const VIDEO_EDGE_MIN = 32;
/**
 * The page says 1280x1024, X's help for people 1920x1200 (https://help.x.com/en/using-x/x-videos). The larger is taken, either
 * way up: a phone films in 1920x1080, and what X refuses after all it says while processing.
 */
const VIDEO_EDGE_MAX = 1920;
const VIDEO_SHAPE_MIN = 1 / 3;
const VIDEO_SHAPE_MAX = 3;
const VIDEO_FRAMES_PER_SECOND_MAX = 60;
/** https://docs.x.com/x-api/media/metadata-create: alt_text.text has at most 1000 characters. */
const ALT_TEXT_CHARACTERS_MAX = 1000;
/** X states no limit for its API; its own composer takes 25 posts at once, and readers give up long before. */
const THREAD_PARTS_MAX = 25;
// https://docs.x.com/x-api/posts/create-post: poll.options and poll.duration_minutes of the published description.
const POLL_OPTIONS_MIN = 2;
const POLL_OPTIONS_MAX = 4;
const POLL_OPTION_CHARACTERS_MAX = 25;
const POLL_MINUTES_MIN = 5;
const POLL_MINUTES_MAX = (7 * DAY) / MINUTE;

/** https://docs.x.com/x-api/fundamentals/rate-limits: POST /2/tweets, of an app in 24 hours; a smaller plan shows in X's headers only. */
const DAY_POSTS_MAX = 10_000;

const capabilities: Capabilities = {
  text: {
    limit: WEIGHTED_CHARACTERS_MAX,
    unit: 'weighted characters (links 23, emoji and CJK 2)',
    count: weightedLength,
    alone: true,
  },
  link: 'in text',
  media: {
    required: false,
    maxItems: PHOTOS_MAX,
    mixed: false,
    image: {
      max: PHOTOS_MAX,
      rule: {
        formats: ['image/jpeg', 'image/png', 'image/webp'],
        maxBytes: PHOTO_BYTES_MAX,
        minWidth: 4,
        maxWidth: PHOTO_EDGE_MAX,
        maxHeight: PHOTO_EDGE_MAX,
      },
    },
    gif: {
      max: 1,
      rule: {
        maxBytes: GIF_BYTES_MAX,
        maxWidth: GIF_WIDTH_MAX,
        maxHeight: GIF_HEIGHT_MAX,
        maxFrames: GIF_FRAMES_MAX,
      },
    },
    video: {
      max: 1,
      rule: {
        containers: ['mp4', 'mov'],
        codecs: ['h264'],
        audioCodecs: ['aac'],
        chroma: ['4:2:0'],
        maxBytes: VIDEO_BYTES_MAX,
        minMs: VIDEO_MIN_MS,
        maxMs: VIDEO_MAX_MS,
        minWidth: VIDEO_EDGE_MIN,
        minHeight: VIDEO_EDGE_MIN,
        maxWidth: VIDEO_EDGE_MAX,
        maxHeight: VIDEO_EDGE_MAX,
        shape: { min: VIDEO_SHAPE_MIN, max: VIDEO_SHAPE_MAX },
        maxFramesPerSecond: VIDEO_FRAMES_PER_SECOND_MAX,
      },
    },
  },
  altText: { limit: ALT_TEXT_CHARACTERS_MAX },
  firstComment: false,
  thread: { maxParts: THREAD_PARTS_MAX, whole: entities },
  poll: {
    minOptions: POLL_OPTIONS_MIN,
    maxOptions: POLL_OPTIONS_MAX,
    optionLimit: POLL_OPTION_CHARACTERS_MAX,
    minMinutes: POLL_MINUTES_MIN,
    maxMinutes: POLL_MINUTES_MAX,
    withMedia: false,
  },
  // https://docs.x.com/x-api/posts/create-post: reply_settings; left out of the request: everyone.
  replies: ['everyone', 'following', 'mentioned', 'subscribers', 'verified'],
  needsPublicAddress: false,
  removable: true,
  concurrency: 8,
  quotas: [
    {
      what: 'posts',
      max: DAY_POSTS_MAX,
      window: { rollingMs: DAY },
      shared: true,
      units: { most: THREAD_PARTS_MAX, of: countPosts },
    },
  ],
};

/** Each part of a thread is a post. */
function countPosts(content: Content): number {
  return sentTexts(capabilities, content).length;
}

function extras(content: Content): readonly Issue[] {
  return [
    ...refusedCharacters(content),
    ...tooManyCashtags(content),
    ...gifPixels(content),
    ...videoAlt(content),
  ];
}

function refusedCharacters(content: Content): readonly Issue[] {
  if (!hasRefusedCharacters(content.text)) return [];
  return [
    {
      code: 'TEXT_REFUSED_CHARACTERS',
      field: 'text',
      rule: 'no byte order marks or non-characters (U+FEFF, U+FFFE, U+FFFF)',
      found: 'such a character, which cannot be seen',
      hint: 'Type the text anew instead of pasting it.',
      severity: 'error',
    },
  ];
}

/** In each post on its own: the parts of a thread are posts. */
function tooManyCashtags(content: Content): readonly Issue[] {
  const most = sentTexts(capabilities, content)
    .map((text) => new Set(cashtags(text).map((tag) => tag.toUpperCase())))
    .sort((a, b) => b.size - a.size);
  const found = most[0] ?? new Set();
  if (found.size <= CASHTAGS_MAX) return [];
  return [
    {
      code: 'TEXT_TOO_MANY_CASHTAGS',
      field: 'text',
      rule: `at most ${CASHTAGS_MAX} cashtag`,
      found: `${found.size}: ${[...found].map((tag) => `$${tag}`).join(' ')}`,
      hint: 'Leave the $ out of the others.',
      severity: 'error',
    },
  ];
}

function gifPixels(content: Content): readonly Issue[] {
  return content.media.flatMap((item): Issue[] => {
    const pixels = item.kind === 'gif' ? item.width * item.height * (item.frames ?? 1) : 0;
    if (pixels <= GIF_PIXELS_MAX) return [];
    return [
      {
        code: 'GIF_TOO_MANY_PIXELS',
        field: 'media',
        rule: `a GIF has at most ${GIF_PIXELS_MAX} pixels over all frames`,
        found: `${pixels} in ${item.name}`,
        hint: 'Make it smaller or shorter, or send it as a video.',
        severity: 'error',
      },
    ];
  });
}

/** The metadata call takes alt text for pictures and GIFs only. */
function videoAlt(content: Content): readonly Issue[] {
  if (!content.media.some((item) => item.kind === 'video' && item.alt)) return [];
  return [
    {
      code: 'ALT_DROPPED',
      field: 'alt',
      rule: 'X takes alt text for pictures and GIFs only',
      found: 'alt text for a video',
      hint: 'It will be left out; say it in the text if it matters.',
      severity: 'warning',
    },
  ];
}

// https://docs.x.com/x-api/getting-started/pricing, prices of 20 April 2026.
const PRICE_PLAIN = '0.015 USD';
const PRICE_WITH_LINK = '0.20 USD';

/** X bills a post with a link thirteen times as high. Told for real accounts only: a rehearsal costs nothing. */
export function costNote(content: Content): readonly Issue[] {
  const texts = sentTexts(capabilities, content);
  const linked = texts.filter(hasLinks).length;
  if (linked === 0) return [];
  return [
    note(
      'COST_OF_LINK',
      'link',
      `X bills about ${PRICE_WITH_LINK} for a post with a link, ${PRICE_PLAIN} for one without`,
      texts.length === 1 ? 'a link' : `${linked} of ${texts.length} parts with a link`,
      'It goes out all the same; leave the link out if it is not worth that.',
    ),
  ];
}

export const x: NetworkRules = { network: 'x', label: 'X', capabilities, extras };
