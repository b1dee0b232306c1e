/** A plan for a video as the arguments of ffmpeg. Pure. https://ffmpeg.org/ffmpeg.html */
import { type PicturePlan, SOUND_BIT_RATE, type VideoPlan } from '../core/video-plan.ts';

/**
 * The readers of ffmpeg by our names for containers. Named, never guessed: what looks like a playlist could make ffmpeg open
 * other files and addresses.
 */
const READERS: Readonly<Record<string, string>> = {
  mp4: 'mov',
  mov: 'mov',
  m4v: 'mov',
  '3gp': 'mov',
  webm: 'matroska',
  mkv: 'matroska',
  avi: 'avi',
  ts: 'mpegts',
  flv: 'flv',
  mpg: 'mpeg',
};

/** The reader for a container; undefined for one that is not converted. */
export function readerFor(container: string | undefined): string | undefined {
  return container === undefined ? undefined : READERS[container];
}

/** Constant quality (0 to 51, smaller is better) that the eye takes for the original; the bit rate only bounds it. */
const QUALITY = 20;
/** Sounds above this rate are refused by Meta. */
const SAMPLES_PER_SECOND = 48_000;

export interface FfmpegFiles {
  readonly reader: string;
  readonly input: string;
  readonly output: string;
}

/** @param maxBytes writing ends there, whatever the encoder makes of the plan */
export function ffmpegArguments(
  { picture, sound }: VideoPlan,
  files: FfmpegFiles,
  maxBytes: number,
): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-progress', 'pipe:1'],
    ...['-protocol_whitelist', 'file', '-f', files.reader, '-i', files.input],
    // The first track of each kind; no subtitles, data or cover pictures; no camera, names or place.
    ...['-map', '0:V:0', ...(sound === 'none' ? [] : ['-map', '0:a:0']), '-dn', '-sn', '-map_metadata', '-1'],
    ...(picture === 'copy' ? ['-c:v', 'copy'] : pictureArguments(picture)),
    ...soundArguments(sound),
    ...['-movflags', '+faststart', '-fs', String(maxBytes), '-f', 'mp4', '-y', files.output],
  ];
}

function pictureArguments(plan: PicturePlan): string[] {
  const { framesPerSecond, maxBitRate } = plan;
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(QUALITY), '-pix_fmt', 'yuv420p'],
    ...['-maxrate', String(maxBitRate), '-bufsize', String(2 * maxBitRate)],
    // Meta and X refuse groups of pictures that look into their neighbours.
    ...['-flags', '+cgop', '-vf', filters(plan)],
    ...(framesPerSecond === undefined ? [] : ['-r', String(framesPerSecond)]),
  ];
}

function filters({ width, height, shape }: PicturePlan): string {
  const size = `${width}:${height}`;
  const scaled = {
    keep: [`scale=${size}`],
    pad: [
      `scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2`,
      `pad=${size}:(ow-iw)/2:(oh-ih)/2`,
    ],
    crop: [`scale=${size}:force_original_aspect_ratio=increase:force_divisible_by=2`, `crop=${size}`],
  }[shape];
  // Square pixels, so that the shape is what the numbers say.
  return [...scaled, 'setsar=1'].join(',');
}

function soundArguments(sound: VideoPlan['sound']): string[] {
  if (sound === 'none') return [];
  if (sound === 'copy') return ['-c:a', 'copy'];
  return ['-c:a', 'aac', '-b:a', String(SOUND_BIT_RATE), '-ar', String(SAMPLES_PER_SECOND), '-ac', '2'];
}
