/** What a picture needs so that a network takes it. Pure: no pixels are touched here, `MediaFitter` carries the plan out. */

import type { GifRule, ImageRule } from './capabilities.ts';
import type { Issue } from './issue.ts';
import type { FitPlan } from './media.ts';
import { describeBytes, describeShape, describeSize } from './quantities.ts';
import type { MediaFacts, PictureFit } from './words.ts';

/** Either it fits as it is, or a plan makes it fit (with the changes in words), or nothing can. */
export type ImageVerdict =
  | { readonly fits: true }
  | { readonly plan: FitPlan; readonly changes: readonly string[] }
  | { readonly issue: Issue };

type Format = FitPlan['format'];

const FORMATS: Readonly<Record<string, Format>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/** Formats that can be made smaller by keeping less detail; PNG and GIF keep all of it. */
const LOSSY: ReadonlySet<Format> = new Set(['jpeg', 'webp']);
const TRANSPARENT: ReadonlySet<Format> = new Set(['png', 'webp', 'gif']);

/**
 * The verdict on a picture, or on the first frame of an animation where a network takes none. A picture is never enlarged.
 * @param fit how an allowed shape is reached; margins take nothing away, so they are what is done when nobody has chosen
 */
export function planImage(facts: MediaFacts, rule: ImageRule, fit: PictureFit = 'pad'): ImageVerdict {
  const size = planSize(facts.width, facts.height, rule, fit);
  if (size.width < rule.minWidth) return { issue: tooNarrow(facts, rule, size) };
  const format = planFormat(facts, rule);
  const changes = [
    ...(facts.kind === 'gif'
      ? [`shown as a still picture: the first of ${facts.frames ?? 'its'} frames`]
      : []),
    ...formatChanges(facts, format),
    ...sizeChanges(facts, size),
    ...(facts.bytes > rule.maxBytes
      ? [`made lighter: ${describeBytes(facts.bytes)} becomes at most ${describeBytes(rule.maxBytes)}`]
      : []),
    ...(facts.printColours ? ['colours made fit for screens'] : []),
    ...(facts.oriented ? ['turned upright'] : []),
    ...(facts.metadata ? ['hidden data removed (camera, place, names)'] : []),
  ];
  if (changes.length === 0) return { fits: true };
  return { plan: { ...size, format, maxBytes: rule.maxBytes }, changes };
}

/** The verdict on an animation where the network takes animations, as GIF. */
export function planGif(facts: MediaFacts, rule: GifRule): ImageVerdict {
  const { frames = 1, bytes, mime } = facts;
  if (frames > rule.maxFrames) {
    return { issue: gifIssue('GIF_FRAMES', `at most ${rule.maxFrames} frames`, `${frames} frames`) };
  }
  if (bytes > rule.maxBytes) {
    return { issue: gifIssue('GIF_BYTES', `at most ${describeBytes(rule.maxBytes)}`, describeBytes(bytes)) };
  }
  const size = planSize(facts.width, facts.height, rule, 'pad');
  const changes = [...(mime === 'image/gif' ? [] : formatChanges(facts, 'gif')), ...sizeChanges(facts, size)];
  if (changes.length === 0) return { fits: true };
  return { plan: { ...size, format: 'gif', maxBytes: rule.maxBytes }, changes };
}

export type PlannedSize = Pick<FitPlan, 'width' | 'height' | 'shape'>;

/**
 * The largest size within the bounds, in pixels, of the nearest shape that is allowed: the picture scaled down, on a canvas that is
 * larger than it (margins), or with what sticks out of a smaller one cut off.
 */
export function planSize(
  width: number,
  height: number,
  rule: Pick<ImageRule, 'maxWidth' | 'maxHeight' | 'shape'>,
  fit: PictureFit,
): PlannedSize {
  const { min, max } = rule.shape ?? { min: 0, max: Number.POSITIVE_INFINITY };
  const ratio = width / height;
  const nearest = Math.min(Math.max(ratio, min), max);
  const shape = nearest === ratio ? 'keep' : fit;
  const isCanvasWider = nearest > ratio === (fit === 'pad');
  const canvas =
    shape === 'keep'
      ? { width, height }
      : isCanvasWider
        ? { width: height * nearest, height }
        : { width, height: width / nearest };
  const scale = Math.min(1, rule.maxWidth / canvas.width, rule.maxHeight / canvas.height);
  if (scale === 1 && shape === 'keep') return { width, height, shape };
  const highest = Math.min(rule.maxHeight, Math.max(1, Math.ceil(canvas.height * scale)));
  // Whole pixels can miss the shape by a hair; the next lower height with a fitting width is taken then.
  for (let high = highest; high >= 1; high -= 1) {
    const wanted = Math.max(1, Math.round((canvas.width / canvas.height) * high));
    const exact = high === highest ? [Math.round(canvas.width * scale)] : [];
    for (const wide of [...exact, wanted, wanted + 1, wanted - 1]) {
      if (wide >= 1 && wide <= rule.maxWidth && wide / high >= min && wide / high <= max)
        return { width: wide, height: high, shape };
    }
  }
  throw new RangeError(
    `no picture has a shape from ${min} to ${max} within ${rule.maxWidth} × ${rule.maxHeight}`,
  );
}

/** Kept where possible; else the first that is taken, preferring one that keeps what is transparent. */
function planFormat(facts: MediaFacts, rule: ImageRule): Format {
  const taken = rule.formats.map((mime) => FORMATS[mime]).filter((format) => format !== undefined);
  const still = facts.kind === 'gif' ? taken.filter((format) => format !== 'gif') : taken;
  const choice = still.length > 0 ? still : taken;
  const own = FORMATS[facts.mime];
  const first =
    (facts.alpha ? choice.find((format) => TRANSPARENT.has(format)) : undefined) ?? choice[0] ?? 'jpeg';
  const kept = own !== undefined && choice.includes(own) ? own : first;
  if (facts.bytes <= rule.maxBytes || LOSSY.has(kept)) return kept;
  return choice.find((format) => LOSSY.has(format) && (!facts.alpha || TRANSPARENT.has(format))) ?? kept;
}

function formatChanges(facts: MediaFacts, format: Format): readonly string[] {
  if (FORMATS[facts.mime] === format) return [];
  const becomes = `${formatName(facts.mime)} becomes ${format.toUpperCase()}`;
  return facts.alpha && !TRANSPARENT.has(format) ? [becomes, 'transparent parts become white'] : [becomes];
}

function sizeChanges(facts: MediaFacts, size: PlannedSize): readonly string[] {
  if (size.shape !== 'keep') {
    const from = describeSize(facts.width, facts.height);
    const to = `${describeShape(size.width / size.height)} (${describeSize(size.width, size.height)})`;
    return size.shape === 'pad'
      ? [`padded from ${from} to ${to}`]
      : [`cropped from ${from} to ${to}, around what draws the eye`];
  }
  if (size.width === facts.width && size.height === facts.height) return [];
  return [
    `made smaller: ${describeSize(facts.width, facts.height)} becomes ${describeSize(size.width, size.height)}`,
  ];
}

function formatName(mime: string): string {
  return mime.replace(/^image\//, '').toUpperCase();
}

function tooNarrow(facts: MediaFacts, rule: ImageRule, { width, height, shape }: PlannedSize): Issue {
  return {
    code: 'IMAGE_TOO_NARROW',
    field: 'media',
    rule: `at least ${rule.minWidth} pixels wide`,
    found:
      shape === 'crop'
        ? `${describeSize(width, height)} pixels when cropped`
        : `${describeSize(facts.width, facts.height)} pixels`,
    hint:
      shape === 'crop'
        ? 'Give it margins instead with fit:pad, or send a larger picture.'
        : 'Send a larger or less narrow picture; enlarging this one would only blur it.',
    severity: 'error',
  };
}

function gifIssue(code: string, rule: string, found: string): Issue {
  return {
    code,
    field: 'media',
    rule: `${rule} in a GIF`,
    found,
    hint: 'Shorten the animation or lower its frame rate, or send it as a video (MP4).',
    severity: 'error',
  };
}
