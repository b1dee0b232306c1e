/** What an Instagram professional account takes. */

import type { Capabilities, FormatRules, ImageRule, VideoRule } from '../../core/capabilities.ts';
import { DAY, MINUTE, SECOND } from '../../core/clock.ts';
import { shownMedia } from '../../core/cover.ts';
import { formatOf, rulesFor } from '../../core/formats.ts';
import type { Issue } from '../../core/issue.ts';
import type { Content } from '../../core/publisher.ts';
import { MEGABYTE } from '../../core/quantities.ts';
import { countCodePoints, type NetworkRules } from '../network-rules.ts';

// https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
const CAPTION_CHARACTERS_MAX = 2200;
const HASHTAGS_MAX = 30;
const MENTIONS_MAX = 20;
const ALT_TEXT_CHARACTERS_MAX = 1000;
const IMAGE_BYTES_MAX = 8 * MEGABYTE;
const IMAGE_WIDTH_MIN = 320;
const IMAGE_WIDTH_MAX = 1440;
const SHAPE_MIN = 4 / 5;
const SHAPE_MAX = 1.91;
/** The tallest picture that the shape allows at the largest width. */
const IMAGE_HEIGHT_MAX = IMAGE_WIDTH_MAX / SHAPE_MIN;
const REEL_BYTES_MAX = 300 * MEGABYTE;
const REEL_MIN_MS = 3 * SECOND;
const REEL_MAX_MS = 15 * MINUTE;
const REEL_WIDTH_MAX = 1920;
const REEL_BITS_PER_SECOND_MAX = 25_000_000;
const FRAMES_PER_SECOND_MIN = 23;
const FRAMES_PER_SECOND_MAX = 60;
/** Same page: the video of a story has 3 to 60 seconds and at most 100 MB; 9:16 fills the screen. */
const STORY_MAX_MS = MINUTE;
const STORY_BYTES_MAX = 100 * MEGABYTE;
const STORY_HEIGHT_MAX = (IMAGE_WIDTH_MAX * 16) / 9;
/** https://developers.facebook.com/docs/instagram-platform/content-publishing: a carousel has 2 to 10 items. */
const CAROUSEL_ITEMS_MAX = 10;
/**
 * The same page: 100 in 24 hours, a carousel counts once. Instagram changes it (25, 50, 100) and tells an account's own number
 * when it is asked (quota.ts).
 */
export const DAY_POSTS_MAX = 100;

const text = { limit: CAPTION_CHARACTERS_MAX, unit: 'characters', count: countCodePoints, alone: false };
const altText = { limit: ALT_TEXT_CHARACTERS_MAX };

const reelVideo: VideoRule = {
  containers: ['mp4', 'mov'],
  codecs: ['h264', 'hevc'],
  audioCodecs: ['aac'],
  chroma: ['4:2:0'],
  maxBytes: REEL_BYTES_MAX,
  minMs: REEL_MIN_MS,
  maxMs: REEL_MAX_MS,
  maxWidth: REEL_WIDTH_MAX,
  minFramesPerSecond: FRAMES_PER_SECOND_MIN,
  maxFramesPerSecond: FRAMES_PER_SECOND_MAX,
  maxBitRate: REEL_BITS_PER_SECOND_MAX,
  fastStart: true,
};

const feed: FormatRules = {
  text,
  link: 'none',
  media: {
    required: true,
    maxItems: CAROUSEL_ITEMS_MAX,
    mixed: true,
    image: {
      max: CAROUSEL_ITEMS_MAX,
      rule: {
        formats: ['image/jpeg'],
        maxBytes: IMAGE_BYTES_MAX,
        minWidth: IMAGE_WIDTH_MIN,
        maxWidth: IMAGE_WIDTH_MAX,
        maxHeight: IMAGE_HEIGHT_MAX,
        shape: { min: SHAPE_MIN, max: SHAPE_MAX },
      },
    },
    // No `gif`: JPEG is the only picture that is taken.
    video: { max: CAROUSEL_ITEMS_MAX, rule: reelVideo },
  },
  altText,
  firstComment: true,
};

/** A picture of any shape; of a cover Instagram shows the middle, as 9:16. */
const upright: ImageRule = {
  formats: ['image/jpeg'],
  maxBytes: IMAGE_BYTES_MAX,
  minWidth: IMAGE_WIDTH_MIN,
  maxWidth: IMAGE_WIDTH_MAX,
  maxHeight: STORY_HEIGHT_MAX,
};

const reel: FormatRules = {
  text,
  link: 'none',
  media: {
    required: true,
    maxItems: 1,
    mixed: false,
    // ig-user/media: cover_url or thumb_offset, in milliseconds.
    video: { max: 1, rule: reelVideo, cover: { picture: upright, moment: true } },
  },
  altText,
  firstComment: true,
};

/** One picture or one video, without words, alt text and comments. */
const story: FormatRules = {
  text: { ...text, shown: false },
  link: 'none',
  media: {
    required: true,
    maxItems: 1,
    mixed: false,
    // No `shape`: Instagram puts what is not 9:16 on a coloured ground.
    image: { max: 1, rule: upright },
    video: { max: 1, rule: { ...reelVideo, maxBytes: STORY_BYTES_MAX, maxMs: STORY_MAX_MS } },
  },
  firstComment: false,
};

const capabilities: Capabilities = {
  ...feed,
  hashtagsMax: HASHTAGS_MAX,
  mentionsMax: MENTIONS_MAX,
  formats: {
    // https://developers.facebook.com/docs/instagram-platform/content-publishing: a single video is a reel, also in the feed.
    standard: ([first, ...others]) => (first?.kind === 'video' && others.length === 0 ? 'reel' : 'feed'),
    rules: { feed, reel, story },
  },
  // Meta fetches pictures by URL; only video can be pushed.
  needsPublicAddress: true,
  // DELETE works with Facebook Login only and since 3 Dec 2025: the real publisher decides by its kind of login.
  removable: true,
  concurrency: 4,
  quotas: [{ what: 'posts', max: DAY_POSTS_MAX, window: { rollingMs: DAY } }],
};

/** All items of a carousel are cut to the shape of the first. */
function carouselShape(content: Content): readonly Issue[] {
  // Without the cover of a reel, which is no item.
  const [first, ...rest] = shownMedia(rulesFor(capabilities, content), content.media);
  if (first === undefined || rest.length === 0) return [];
  const shape = (item: { width: number; height: number }): string => (item.width / item.height).toFixed(2);
  const others = rest.filter((item) => shape(item) !== shape(first));
  if (others.length === 0) return [];
  return [
    {
      code: 'CAROUSEL_CROPPED',
      field: 'media',
      rule: 'Instagram cuts every item of a carousel to the shape of the first',
      found: `first ${shape(first)}, others ${[...new Set(others.map(shape))].join(', ')} (width divided by height)`,
      hint: 'Attach items of one shape if nothing may be cut off.',
      severity: 'warning',
    },
  ];
}

/** Whoever chose the feed should know that Instagram has no other way for a video. */
function videoInFeed(content: Content): readonly Issue[] {
  const [first, ...others] = content.media;
  if (content.format !== 'feed' || first?.kind !== 'video' || others.length > 0) return [];
  return [
    {
      code: 'FEED_VIDEO_IS_REEL',
      field: 'format',
      rule: 'Instagram shows a single video as a reel, which stands in the feed as well',
      found: 'as:feed',
      hint: 'Nothing to do.',
      severity: 'note',
    },
  ];
}

/** The call that takes a video has no field for it. */
function videoAlt(content: Content): readonly Issue[] {
  // A story has no alt text at all, which is told once.
  if (formatOf(capabilities, content) === 'story') return [];
  const isReel = formatOf(capabilities, content) === 'reel';
  if (!content.media.some(({ kind, alt }) => alt && (kind === 'video' || isReel))) return [];
  return [
    {
      code: 'ALT_DROPPED',
      field: 'alt',
      rule: 'Instagram takes alt text for pictures only',
      found: 'alt text for a video',
      hint: 'It will be left out; say it in the text if it matters.',
      severity: 'warning',
    },
  ];
}

export const instagram: NetworkRules = {
  network: 'instagram',
  label: 'Instagram',
  capabilities,
  extras: (content) => [...carouselShape(content), ...videoInFeed(content), ...videoAlt(content)],
};
