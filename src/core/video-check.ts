/** The rules of a network for videos. A video is checked and never altered: every broken rule tells how to export it anew. */

import type { VideoRule } from './capabilities.ts';
import type { Issue } from './issue.ts';
import { describeBytes, describeDuration, describeShape, describeSize } from './quantities.ts';
import type { MediaFacts } from './words.ts';

/** Every rule that the video breaks, with what was found; nothing when it fits. A fact that the file does not tell breaks none. */
export function checkVideo(facts: MediaFacts, rule: VideoRule): readonly Issue[] {
  return [
    checkContainer(facts, rule),
    checkCodec(facts, rule),
    checkSound(facts, rule),
    checkChroma(facts, rule),
    checkBytes(facts, rule),
    ...checkLength(facts, rule),
    ...checkSize(facts, rule),
    checkShape(facts, rule),
    ...checkFrameRate(facts, rule),
    checkBitRate(facts, rule),
    checkFastStart(facts, rule),
  ].filter((issue) => issue !== undefined);
}

/** Names for people; others are shown in capitals. */
const NAMES: Readonly<Record<string, string>> = {
  h264: 'H.264',
  hevc: 'H.265 (HEVC)',
  mpeg4: 'MPEG-4 Part 2',
  mpeg2: 'MPEG-2',
  prores: 'ProRes',
  webm: 'WebM',
  opus: 'Opus',
  vorbis: 'Vorbis',
};

function checkContainer({ container }: MediaFacts, rule: VideoRule): Issue | undefined {
  if (container === undefined || rule.containers.some((taken) => taken === container)) return undefined;
  return issue(
    'VIDEO_CONTAINER',
    `a video file of the kind ${list(rule.containers)}`,
    name(container),
    exportAs(rule),
  );
}

function checkCodec({ videoCodec }: MediaFacts, rule: VideoRule): Issue | undefined {
  if (videoCodec === undefined || rule.codecs.includes(videoCodec)) return undefined;
  return issue('VIDEO_CODEC', `a video encoded as ${list(rule.codecs)}`, name(videoCodec), exportAs(rule));
}

function checkSound({ audioCodec }: MediaFacts, rule: VideoRule): Issue | undefined {
  if (audioCodec === undefined || !rule.audioCodecs || rule.audioCodecs.includes(audioCodec))
    return undefined;
  return issue('VIDEO_SOUND', `sound encoded as ${list(rule.audioCodecs)}`, name(audioCodec), exportAs(rule));
}

function checkChroma({ chroma }: MediaFacts, rule: VideoRule): Issue | undefined {
  if (chroma === undefined || !rule.chroma || rule.chroma.includes(chroma)) return undefined;
  return issue(
    'VIDEO_CHROMA',
    `colours kept as ${rule.chroma.join(' or ')}`,
    chroma,
    'Export it with the pixel format yuv420p (8 bits, 4:2:0); most programs call it “compatible” or “standard”.',
  );
}

function checkBytes({ bytes }: MediaFacts, rule: VideoRule): Issue | undefined {
  if (bytes <= rule.maxBytes) return undefined;
  return issue(
    'VIDEO_BYTES',
    `at most ${describeBytes(rule.maxBytes)}`,
    describeBytes(bytes),
    'Export it with a lower bit rate or a smaller size, or shorten it.',
  );
}

function checkLength({ durationMs }: MediaFacts, rule: VideoRule): readonly (Issue | undefined)[] {
  if (durationMs === undefined) return [];
  const found = describeDuration(durationMs);
  return [
    durationMs < rule.minMs
      ? issue('VIDEO_TOO_SHORT', `at least ${describeDuration(rule.minMs)} long`, found, 'Send a longer one.')
      : undefined,
    durationMs > rule.maxMs
      ? issue(
          'VIDEO_TOO_LONG',
          `at most ${describeDuration(rule.maxMs)} long`,
          found,
          'Cut it, or post it to another network.',
        )
      : undefined,
  ];
}

function checkSize({ width, height }: MediaFacts, rule: VideoRule): readonly (Issue | undefined)[] {
  const {
    minWidth = 1,
    minHeight = 1,
    maxWidth = Number.POSITIVE_INFINITY,
    maxHeight = Number.POSITIVE_INFINITY,
  } = rule;
  const found = `${describeSize(width, height)} pixels`;
  return [
    width < minWidth || height < minHeight
      ? issue(
          'VIDEO_TOO_SMALL',
          `at least ${describeSize(minWidth, minHeight)} pixels`,
          found,
          'Export it from the original in a larger size.',
        )
      : undefined,
    width > maxWidth || height > maxHeight
      ? issue(
          'VIDEO_TOO_BIG',
          `at most ${bound(maxWidth, 'wide')}${bound(maxHeight, 'high')}`.replace(/, $/, ''),
          found,
          'Export it in a smaller size.',
        )
      : undefined,
  ];
}

function checkShape({ width, height }: MediaFacts, { shape }: VideoRule): Issue | undefined {
  const ratio = width / height;
  if (!shape || (ratio >= shape.min && ratio <= shape.max)) return undefined;
  return issue(
    'VIDEO_SHAPE',
    `${shapes(shape)} (width to height)`,
    `${describeShape(ratio)} (${describeSize(width, height)})`,
    'Crop it, or add margins, in the program that you export it with.',
  );
}

/** Bounds that differ by the rounding of encoders mean one shape. */
const ONE_SHAPE = 1.05;

function shapes({ min, max }: { readonly min: number; readonly max: number }): string {
  if (max / min <= ONE_SHAPE) return `the shape ${describeShape((min + max) / 2)}`;
  return `a shape from ${describeShape(min)} to ${describeShape(max)}`;
}

function checkFrameRate({ framesPerSecond }: MediaFacts, rule: VideoRule): readonly (Issue | undefined)[] {
  if (framesPerSecond === undefined) return [];
  const { minFramesPerSecond: min = 0, maxFramesPerSecond: max = Number.POSITIVE_INFINITY } = rule;
  const found = `${Number(framesPerSecond.toFixed(2))} frames per second`;
  // The figure is measured over the whole film, so 60 may show as 60.002 and 24 as 23.976 (the television rates).
  return [
    framesPerSecond < min * 0.99
      ? issue(
          'VIDEO_FRAME_RATE',
          `at least ${min} frames per second`,
          found,
          'Export it with 25 or 30 frames per second.',
        )
      : undefined,
    framesPerSecond > max * 1.01
      ? issue(
          'VIDEO_FRAME_RATE',
          `at most ${max} frames per second`,
          found,
          'Export it with 30 frames per second.',
        )
      : undefined,
  ];
}

function checkBitRate({ bitRate }: MediaFacts, { maxBitRate }: VideoRule): Issue | undefined {
  if (bitRate === undefined || maxBitRate === undefined || bitRate <= maxBitRate) return undefined;
  return issue(
    'VIDEO_BIT_RATE',
    `at most ${megabits(maxBitRate)}`,
    megabits(bitRate),
    'Export it with a lower bit rate.',
  );
}

function checkFastStart({ fastStart }: MediaFacts, rule: VideoRule): Issue | undefined {
  if (!rule.fastStart || fastStart !== false) return undefined;
  return issue(
    'VIDEO_FAST_START',
    'the index at the beginning of the file',
    'the index at its end',
    'Export it with “fast start” or “web optimised” switched on.',
  );
}

function exportAs(rule: VideoRule): string {
  const [container = 'mp4'] = rule.containers;
  const [codec = 'h264'] = rule.codecs;
  const sound = rule.audioCodecs?.[0] ?? 'aac';
  return `Export it as ${name(container)} with ${name(codec)} video and ${name(sound)} sound.`;
}

function issue(code: string, rule: string, found: string, hint: string): Issue {
  return { code, field: 'media', rule, found, hint, severity: 'error' };
}

function name(word: string): string {
  return NAMES[word] ?? word.toUpperCase();
}

function list(words: readonly string[]): string {
  return words.map(name).join(' or ');
}

function bound(pixels: number, side: string): string {
  return Number.isFinite(pixels) ? `${pixels} pixels ${side}, ` : '';
}

function megabits(perSecond: number): string {
  return `${Number((perSecond / 1_000_000).toFixed(1))} megabits per second`;
}
