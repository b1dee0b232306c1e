/** The bounds on fetching and reading media, each with its reason. */
import { MINUTE, SECOND } from '../core/clock.ts';
import { GIGABYTE, MEGABYTE } from '../core/quantities.ts';

export interface FetchLimits {
  /** Most bytes of one file. */
  readonly maxBytes: number;
  /** Most redirects that are followed for one link. */
  readonly redirects: number;
  /** Milliseconds until the answer's head is there, the connection included; for each redirect anew. */
  readonly answerMs: number;
  /** Longest silence in the middle of an answer, in milliseconds. */
  readonly idleMs: number;
  /** Longest time for one link, redirects and body included, in milliseconds. */
  readonly totalMs: number;
}

export const FETCH_LIMITS: FetchLimits = {
  // The largest video that one of the networks takes by API is 2 GB, most take 0.3 to 1 GB; more is rather a mistake.
  maxBytes: GIGABYTE,
  redirects: 5,
  answerMs: 20 * SECOND,
  idleMs: 20 * SECOND,
  // 1 GB in ten minutes is 1.8 MB a second.
  totalMs: 10 * MINUTE,
};

/** A picture is held in memory while it is read; the networks' largest bound is 32 MB. */
export const MAX_PICTURE_BYTES = 64 * MEGABYTE;

/** Pixels of a still picture, more than the 108 megapixels of today's telephones; larger ones are decompression bombs. */
export const MAX_PICTURE_PIXELS = 120_000_000;

/**
 * Pixels of a picture that must be unpacked whole before any of it can be made smaller: progressive JPEG, interlaced PNG,
 * AVIF, and animated WebP with all its frames (measured: 370 MB, 500 MB for 120 megapixels; others stream with 10 to 50 MB).
 */
export const MAX_HELD_PIXELS = 50_000_000;

/** Pixels of all frames of a GIF together, which stream as well; the most that a network takes (X: 300 megapixels). */
export const MAX_ANIMATION_PIXELS = 300_000_000;

export interface ConversionLimits {
  /** Most bytes of a video that is converted. */
  readonly sourceBytes: number;
  /** Longest time for one video, in milliseconds. */
  readonly totalMs: number;
  /** Longest time without a picture more, in milliseconds. */
  readonly silenceMs: number;
  /** What stays free of the disk, in bytes. */
  readonly spareBytes: number;
}

export const CONVERSION_LIMITS: ConversionLimits = {
  sourceBytes: GIGABYTE,
  // A quarter of an hour of full HD at half its speed, which a small machine manages.
  totalMs: 30 * MINUTE,
  // Long pictures at the end of a file are written without a word for some seconds.
  silenceMs: MINUTE,
  spareBytes: 256 * MEGABYTE,
};
