/**
 * What has to be done to a video so that a network takes it. Pure: no file is touched here, a `VideoConverter` carries the plan
 * out, and only when a person asks for it. Nothing is enlarged, and nothing is cut from the length.
 */

import type { VideoRule } from './capabilities.ts';
import { planSize } from './image-plan.ts';
import { describeSize, MEGABYTE } from './quantities.ts';
import { checkVideo } from './video-check.ts';
import type { MediaFacts, PictureFit } from './words.ts';

/** How the pictures are encoded anew: H.264, 4:2:0. */
export interface PicturePlan {
  /** Even numbers of pixels, as 4:2:0 needs them. */
  readonly width: number;
  readonly height: number;
  /** How the shape is reached when it must change. */
  readonly shape: 'keep' | PictureFit;
  /** Absent: as many as there are. */
  readonly framesPerSecond?: number;
  /** Most bits per second, on the average of a few seconds. */
  readonly maxBitRate: number;
}

/** The result is always an MP4 with its index at the beginning. */
export interface VideoPlan {
  /** `copy`: taken over as they are, without loss. */
  readonly picture: PicturePlan | 'copy';
  readonly sound: 'aac' | 'copy' | 'none';
  /** Most bytes of the result. */
  readonly maxBytes: number;
}

/** What every network plays. */
const CONTAINER = 'mp4';
const CODEC = 'h264';
const SOUND = 'aac';
/** Codecs that an MP4 may hold as they are; others become H.264. */
const COPIED_CODECS: readonly (string | undefined)[] = ['h264', 'hevc'];

/** No network shows more along the longer side; more would only take time. */
const EDGE_MAX = 1920;
/** More shows no difference at this size. */
const BIT_RATE_MAX = 10_000_000;
/** Below this a video is a smear. */
const BIT_RATE_MIN = 250_000;
export const SOUND_BIT_RATE = 128_000;
/** Left free of every bound: the index takes room, and an encoder keeps its rate on the average only. */
const HEADROOM = 0.9;
/** An encoder that keeps its rate needs no more than this share above it; the rest is for short videos. */
const RESULT_TOLERANCE = 1.25;
const RESULT_BYTES_SPARE = MEGABYTE;

/** The plan; undefined when the video fits already, or when no conversion can make it fit (too long, too short, too small). */
export function planVideo(
  facts: MediaFacts,
  rule: VideoRule,
  fit: PictureFit = 'pad',
): VideoPlan | undefined {
  const { durationMs } = facts;
  const isPlayed = rule.containers.includes(CONTAINER) && rule.codecs.includes(CODEC);
  if (durationMs === undefined || !isPlayed || checkVideo(facts, rule).length === 0) return undefined;
  const sound = planSound(facts, rule);
  const outcome: MediaFacts = {
    ...facts,
    container: CONTAINER,
    fastStart: true,
    ...(sound === 'aac' ? { audioCodec: SOUND } : {}),
  };
  if (COPIED_CODECS.includes(facts.videoCodec) && checkVideo(outcome, rule).length === 0)
    return { picture: 'copy', sound, maxBytes: Math.min(rule.maxBytes, largest(facts.bytes)) };
  const picture = planPicture(facts, rule, fit, durationMs);
  if (picture.maxBitRate < BIT_RATE_MIN) return undefined;
  const { width, height, framesPerSecond = facts.framesPerSecond } = picture;
  const bytes = ((picture.maxBitRate + SOUND_BIT_RATE) * durationMs) / 8000;
  const fitted: MediaFacts = {
    ...outcome,
    width,
    height,
    videoCodec: CODEC,
    chroma: '4:2:0',
    bytes,
    bitRate: picture.maxBitRate,
    ...(framesPerSecond === undefined ? {} : { framesPerSecond }),
  };
  if (checkVideo(fitted, rule).length > 0) return undefined;
  return { picture, sound, maxBytes: Math.min(rule.maxBytes, largest(bytes)) };
}

function largest(expectedBytes: number): number {
  return Math.ceil(expectedBytes * RESULT_TOLERANCE) + RESULT_BYTES_SPARE;
}

function planSound({ audioCodec }: MediaFacts, { audioCodecs }: VideoRule): VideoPlan['sound'] {
  if (audioCodec === undefined) return 'none';
  return audioCodec === SOUND && (audioCodecs?.includes(SOUND) ?? true) ? 'copy' : 'aac';
}

function planPicture(facts: MediaFacts, rule: VideoRule, fit: PictureFit, durationMs: number): PicturePlan {
  // Halved and doubled again, so that both sides are even and the shape is kept within its bounds.
  const edge = (most: number | undefined): number => Math.floor(Math.min(most ?? EDGE_MAX, EDGE_MAX) / 2);
  const half = planSize(
    Math.floor(facts.width / 2),
    Math.floor(facts.height / 2),
    {
      maxWidth: edge(rule.maxWidth),
      maxHeight: edge(rule.maxHeight),
      ...(rule.shape ? { shape: rule.shape } : {}),
    },
    fit,
  );
  const rate = planFrameRate(facts, rule);
  const affordable = (rule.maxBytes * 8000) / durationMs;
  const whole = Math.min(rule.maxBitRate ?? BIT_RATE_MAX, affordable) * HEADROOM;
  return {
    width: half.width * 2,
    height: half.height * 2,
    shape: half.shape,
    ...(rate === undefined ? {} : { framesPerSecond: rate }),
    maxBitRate: Math.floor(Math.min(whole - SOUND_BIT_RATE, BIT_RATE_MAX)),
  };
}

/** The nearest bound that is broken; 30 is what people expect where there are too few. */
function planFrameRate({ framesPerSecond: found }: MediaFacts, rule: VideoRule): number | undefined {
  const { minFramesPerSecond: min = 0, maxFramesPerSecond: max = Number.POSITIVE_INFINITY } = rule;
  if (found === undefined) return undefined;
  if (found > max) return max;
  return found < min ? Math.min(Math.max(30, min), max) : undefined;
}

/** In words, before it is done: "to 1080 × 1920 with margins, H.264 of at most 4.5 megabits per second, AAC". */
export function describeVideoPlan({ picture, sound }: VideoPlan): string {
  const heard = { aac: ['AAC'], copy: ['the sound as it is'], none: [] }[sound];
  if (picture === 'copy') return ['the pictures as they are, packed anew as MP4', ...heard].join(', ');
  const { width, height, shape, framesPerSecond, maxBitRate } = picture;
  const how = { keep: '', pad: ' with margins', crop: ', cropped in the middle' }[shape];
  return [
    `to ${describeSize(width, height)}${how}`,
    ...(framesPerSecond === undefined ? [] : [`${framesPerSecond} frames per second`]),
    `H.264 of at most ${Number((maxBitRate / 1_000_000).toFixed(1))} megabits per second`,
    ...heard,
  ].join(', ');
}
