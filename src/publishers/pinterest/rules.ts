/** What Pinterest takes: pins on a board. */

import type { Capabilities, ImageRule } from '../../core/capabilities.ts';
import { MINUTE, SECOND } from '../../core/clock.ts';
import { type Issue, warning } from '../../core/issue.ts';
import type { Content } from '../../core/publisher.ts';
import { GIGABYTE, MEGABYTE } from '../../core/quantities.ts';
import { countCodePoints, type NetworkRules } from '../network-rules.ts';

// https://developers.pinterest.com/docs/api/v5/pins-create
const DESCRIPTION_CHARACTERS_MAX = 800;
const TITLE_CHARACTERS_MAX = 100;
const ALT_TEXT_CHARACTERS_MAX = 500;
const LINK_CHARACTERS_MAX = 2048;
const CAROUSEL_PICTURES_MAX = 5;
// https://help.pinterest.com/en/business/article/pinterest-product-specs
const IMAGE_BYTES_MAX = 20 * MEGABYTE;
const VIDEO_BYTES_MAX = 2 * GIGABYTE;
const VIDEO_MIN_MS = 4 * SECOND;
const VIDEO_MAX_MS = 15 * MINUTE;
const VIDEO_SHAPE_MIN = 1 / 2;
const VIDEO_SHAPE_MAX = 1.91;
/** Pinterest names no largest picture; it shows none wider than this. A pin is sent as base64, so more would only be slow. */
const IMAGE_WIDTH_MAX = 2000;
const IMAGE_HEIGHT_MAX = 4000;

const image: ImageRule = {
  formats: ['image/jpeg', 'image/png'],
  maxBytes: IMAGE_BYTES_MAX,
  minWidth: 1,
  maxWidth: IMAGE_WIDTH_MAX,
  maxHeight: IMAGE_HEIGHT_MAX,
};

const capabilities: Capabilities = {
  text: { limit: DESCRIPTION_CHARACTERS_MAX, unit: 'characters', count: countCodePoints, alone: false },
  title: { limit: TITLE_CHARACTERS_MAX },
  board: { required: true },
  link: 'destination',
  media: {
    required: true,
    maxItems: CAROUSEL_PICTURES_MAX,
    mixed: false,
    image: { max: CAROUSEL_PICTURES_MAX, rule: image },
    // No `gif`: the API takes JPEG and PNG only.
    video: {
      max: 1,
      rule: {
        containers: ['mp4', 'mov', 'm4v'],
        codecs: ['h264', 'hevc'],
        maxBytes: VIDEO_BYTES_MAX,
        minMs: VIDEO_MIN_MS,
        maxMs: VIDEO_MAX_MS,
        shape: { min: VIDEO_SHAPE_MIN, max: VIDEO_SHAPE_MAX },
      },
      // https://developers.pinterest.com/docs/api/v5/pins-create: cover_image_data, or cover_image_key_frame_time in seconds.
      cover: { picture: image, moment: true },
    },
  },
  altText: { limit: ALT_TEXT_CHARACTERS_MAX },
  firstComment: false,
  needsPublicAddress: false,
  removable: true,
  // A board answers concurrent writes with 429 (code 8).
  concurrency: 2,
};

function linkLength(content: Content): readonly Issue[] {
  const length = content.link === undefined ? 0 : countCodePoints(content.link);
  if (length <= LINK_CHARACTERS_MAX) return [];
  return [
    {
      code: 'LINK_TOO_LONG',
      field: 'link',
      rule: `at most ${LINK_CHARACTERS_MAX} characters`,
      found: `${length} characters`,
      hint: 'Use a shorter address.',
      severity: 'error',
    },
  ];
}

/** A pin has one alt text, also where it has several pictures. */
function severalAlts({ media }: Content): readonly Issue[] {
  const count = media.filter(({ alt }) => alt).length;
  if (count <= 1) return [];
  return [
    warning(
      'ALT_DROPPED',
      'alt',
      'a pin has one alt text, also with several pictures',
      `${count}`,
      'The first one is kept; let it describe all of them.',
    ),
  ];
}

export const pinterest: NetworkRules = {
  network: 'pinterest',
  label: 'Pinterest',
  capabilities,
  extras: (content) => [...linkLength(content), ...severalAlts(content)],
};
