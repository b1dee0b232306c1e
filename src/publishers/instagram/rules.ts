/** What an Instagram professional account takes. */

import { MINUTE, SECOND } from '../../core/clock.ts';
import type { Capabilities, Content, Issue } from '../../core/publisher.ts';
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
/** https://developers.facebook.com/docs/instagram-platform/content-publishing: a carousel has 2 to 10 items. */
const CAROUSEL_ITEMS_MAX = 10;

const capabilities: Capabilities = {
  text: { limit: CAPTION_CHARACTERS_MAX, unit: 'characters', count: countCodePoints, alone: false },
  hashtagsMax: HASHTAGS_MAX,
  mentionsMax: MENTIONS_MAX,
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
    video: {
      max: CAROUSEL_ITEMS_MAX,
      rule: {
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
      },
    },
  },
  altText: { limit: ALT_TEXT_CHARACTERS_MAX },
  firstComment: true,
  // Meta fetches pictures by URL; only video can be pushed.
  needsPublicAddress: true,
  // DELETE works with Facebook Login only and since 3 Dec 2025: the real publisher decides by its kind of login.
  removable: true,
  measurable: true,
  concurrency: 4,
};

/** All items of a carousel are cut to the shape of the first. */
function carouselShape(content: Content): readonly Issue[] {
  const [first, ...rest] = content.media;
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

/** The call that takes a video has no field for it. */
function videoAlt(content: Content): readonly Issue[] {
  if (!content.media.some((item) => item.kind === 'video' && item.alt)) return [];
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
  extras: (content) => [...carouselShape(content), ...videoAlt(content)],
};
