/** What a Tumblr blog takes: posts made of blocks (NPF). */

import { MINUTE, SECOND } from '../../core/clock.ts';
import type { Capabilities, Content, Issue } from '../../core/publisher.ts';
import { KILOBYTE, MEGABYTE } from '../../core/quantities.ts';
import { countCodePoints, type NetworkRules } from '../network-rules.ts';

// https://github.com/tumblr/docs/blob/master/npf-spec.md
const TEXT_BLOCK_CHARACTERS_MAX = 4096;
const TEXT_BLOCKS_MAX = 1000;
const POST_BYTES_MAX = 1 * MEGABYTE;
/** The blocks' own JSON is part of the stored megabyte; the description reckons with 900,000 characters of text. */
const POST_TEXT_BYTES_MAX = 900 * KILOBYTE;
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

const capabilities: Capabilities = {
  text: {
    limit: TEXT_BLOCK_CHARACTERS_MAX,
    unit: 'characters in a paragraph',
    count: longestBlock,
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
  measurable: true,
  concurrency: 2,
};

/** Each paragraph becomes a text block of its own, so the limit is met paragraph by paragraph. */
function textBlocks(text: string): readonly string[] {
  return text.split(/\n{2,}/).filter((block) => block.trim() !== '');
}

function longestBlock(text: string): number {
  return Math.max(0, ...textBlocks(text).map(countCodePoints));
}

function postSize(content: Content): readonly Issue[] {
  const issues: Issue[] = [];
  const blocks = textBlocks(content.text).length;
  if (blocks > TEXT_BLOCKS_MAX) {
    issues.push({
      code: 'TEXT_TOO_MANY_BLOCKS',
      field: 'text',
      rule: `at most ${TEXT_BLOCKS_MAX} paragraphs`,
      found: `${blocks} paragraphs`,
      hint: 'Join paragraphs, or split the post.',
      severity: 'error',
    });
  }
  const bytes = Buffer.byteLength(content.text);
  if (bytes > POST_TEXT_BYTES_MAX) {
    issues.push({
      code: 'TEXT_TOO_LARGE',
      field: 'text',
      rule: `at most ${POST_TEXT_BYTES_MAX} bytes of text in a post of ${POST_BYTES_MAX}`,
      found: `${bytes} bytes`,
      hint: 'Shorten the text, or split the post.',
      severity: 'error',
    });
  }
  return issues;
}

export const tumblr: NetworkRules = { network: 'tumblr', label: 'Tumblr', capabilities, extras: postSize };
