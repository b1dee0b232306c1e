/** What a Facebook Page takes. */

import type { Capabilities, FormatRules, ImageRule, VideoRule } from '../../core/capabilities.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../core/clock.ts';
import { formatOf } from '../../core/formats.ts';
import type { Issue } from '../../core/issue.ts';
import type { Content } from '../../core/publisher.ts';
import { GIGABYTE, MEGABYTE } from '../../core/quantities.ts';
import { checkVideo } from '../../core/video-check.ts';
import { countCodePoints, type NetworkRules } from '../network-rules.ts';

/** Not in the reference of `/{page}/feed`; the number that Facebook itself named when it raised the limit, quoted ever since. */
const MESSAGE_CHARACTERS_MAX = 63_206;
/** https://developers.facebook.com/docs/graph-api/reference/page/photos: 10 MB; jpeg, bmp, png, gif, tiff. */
const PHOTO_BYTES_MAX = 10 * MEGABYTE;
/** Facebook keeps photos at 2048 pixels at most; more would be sent for nothing. */
const PHOTO_EDGE_MAX = 2048;
/** `attached_media` has no documented bound; ten is what an album shows before people stop looking, and ours to change. */
const ALBUM_PHOTOS_MAX = 10;
// https://developers.facebook.com/documentation/video-api/guides/reels-publishing: MP4, 9:16, at least 540x960, 24 to 60 frames a
// second, 3 to 90 seconds, H.264, H.265, VP9 or AV1, AAC.
const REEL_MIN_MS = 3 * SECOND;
const REEL_MAX_MS = 90 * SECOND;
const REEL_WIDTH_MIN = 540;
const REEL_HEIGHT_MIN = 960;
const REEL_SHAPE = 9 / 16;
/** Encoders round to even numbers of pixels. */
const REEL_SHAPE_TOLERANCE = 0.01;
const REEL_FRAMES_PER_SECOND_MIN = 24;
const REEL_FRAMES_PER_SECOND_MAX = 60;
/** Not in the current reference of `/{page}/videos`; https://www.facebook.com/help/218673814818907 says 10 GB and 240 minutes. */
const VIDEO_BYTES_MAX = 10 * GIGABYTE;
const VIDEO_MAX_MS = 4 * HOUR;
const VIDEO_MIN_MS = SECOND;
/** https://developers.facebook.com/docs/page-stories-api: pictures as in the feed, videos as reels are, of 60 seconds at most. */
const STORY_MAX_MS = MINUTE;
/** https://developers.facebook.com/documentation/video-api/guides/reels-publishing: 30 reels of a page in any 24 hours. */
const REELS_MAX = 30;

const text = { limit: MESSAGE_CHARACTERS_MAX, unit: 'characters', count: countCodePoints, alone: true };
/** alt_text_custom names no limit; 1000 is Meta's own for Instagram. */
const altText = { limit: 1000 };

const reelVideo: VideoRule = {
  containers: ['mp4'],
  codecs: ['h264', 'hevc', 'vp9', 'av1'],
  audioCodecs: ['aac'],
  maxBytes: VIDEO_BYTES_MAX,
  minMs: REEL_MIN_MS,
  maxMs: REEL_MAX_MS,
  minWidth: REEL_WIDTH_MIN,
  minHeight: REEL_HEIGHT_MIN,
  shape: { min: REEL_SHAPE - REEL_SHAPE_TOLERANCE, max: REEL_SHAPE + REEL_SHAPE_TOLERANCE },
  minFramesPerSecond: REEL_FRAMES_PER_SECOND_MIN,
  maxFramesPerSecond: REEL_FRAMES_PER_SECOND_MAX,
};

const photo: ImageRule = {
  formats: ['image/jpeg', 'image/png'],
  maxBytes: PHOTO_BYTES_MAX,
  minWidth: 1,
  maxWidth: PHOTO_EDGE_MAX,
  maxHeight: PHOTO_EDGE_MAX,
};

const feed: FormatRules = {
  text,
  link: 'card',
  media: {
    required: false,
    maxItems: ALBUM_PHOTOS_MAX,
    mixed: false,
    image: { max: ALBUM_PHOTOS_MAX, rule: photo },
    // No `gif`: /photos keeps the first frame only.
    video: {
      max: 1,
      rule: {
        containers: ['mp4', 'mov', 'm4v'],
        codecs: ['h264', 'hevc', 'vp9', 'av1'],
        maxBytes: VIDEO_BYTES_MAX,
        minMs: VIDEO_MIN_MS,
        maxMs: VIDEO_MAX_MS,
      },
    },
  },
  altText,
  firstComment: true,
};

const reel: FormatRules = {
  text: { ...text, alone: false },
  link: 'card',
  media: { required: true, maxItems: 1, mixed: false, video: { max: 1, rule: reelVideo } },
  altText,
  firstComment: true,
};

/** One picture or one video; the calls that publish it take nothing beside. */
const story: FormatRules = {
  text: { ...text, alone: false, shown: false },
  link: 'none',
  media: {
    required: true,
    maxItems: 1,
    mixed: false,
    image: { max: 1, rule: photo },
    video: { max: 1, rule: { ...reelVideo, chroma: ['4:2:0'], maxMs: STORY_MAX_MS } },
  },
  firstComment: false,
};

const capabilities: Capabilities = {
  ...feed,
  formats: {
    // A video that fits is shown to more people as a reel.
    standard: ([first, ...others]) =>
      first?.kind === 'video' && others.length === 0 && checkVideo(first, reelVideo).length === 0
        ? 'reel'
        : 'feed',
    rules: { feed, reel, story },
  },
  needsPublicAddress: false,
  removable: true,
  concurrency: 4,
  quotas: [{ what: 'reels', max: REELS_MAX, window: { rollingMs: DAY }, units: { most: 1, of: countReels } }],
};

function countReels(content: Content): number {
  return formatOf(capabilities, content) === 'reel' ? 1 : 0;
}

function isStory(content: Content): boolean {
  return formatOf(capabilities, content) === 'story';
}

/** A post with photos or a video has no link card: the address goes to the end of the words. */
function linkBesideMedia(content: Content): readonly Issue[] {
  if (content.link === undefined || content.media.length === 0 || isStory(content)) return [];
  return [
    {
      code: 'LINK_WITHOUT_CARD',
      field: 'link',
      rule: 'Facebook shows a link card only in a post without media',
      found: `a link and ${content.media.length} attached`,
      hint: 'The link will stand at the end of the text. Leave the media out if you want the card.',
      severity: 'warning',
    },
  ];
}

/** The call that takes a video has no field for it. */
function videoAlt(content: Content): readonly Issue[] {
  // A story has no alt text at all, which is told once.
  if (isStory(content) || !content.media.some((item) => item.kind === 'video' && item.alt)) return [];
  return [
    {
      code: 'ALT_DROPPED',
      field: 'alt',
      rule: 'Facebook takes alt text for pictures only',
      found: 'alt text for a video',
      hint: 'It will be left out; say it in the text if it matters.',
      severity: 'warning',
    },
  ];
}

export const facebook: NetworkRules = {
  network: 'facebook',
  label: 'Facebook',
  capabilities,
  extras: (content) => [...linkBesideMedia(content), ...videoAlt(content)],
};
