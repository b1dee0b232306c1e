/** Length of videos that are written in pieces while they are recorded (`moof` boxes of ISO/IEC 14496-12, 8.8). */
import { childBoxes, findBox } from './boxes.ts';
import type { Track } from './video-track.ts';

const DEFAULT_DURATION_PRESENT = 0x08;
const BASE_OFFSET_PRESENT = 0x01;
const DESCRIPTION_PRESENT = 0x02;
const DATA_OFFSET_PRESENT = 0x01;
const FIRST_FLAGS_PRESENT = 0x04;

/** Fields of a sample in a `trun`, each four bytes, in this order; the duration is the first. */
const SAMPLE_FIELDS = [0x100, 0x200, 0x400, 0x800];

/** The duration of a sample that no fragment tells otherwise (`mvex`/`trex`). */
export function defaultDuration(moov: Buffer, trackId: number): number {
  const extends_ = findBox(moov, 'mvex');
  const track =
    extends_ &&
    childBoxes(extends_).find(({ type, content }) => type === 'trex' && content.readUInt32BE(4) === trackId);
  return track ? track.content.readUInt32BE(12) : 0;
}

/** Adds up one fragment's samples of the track. Throws a RangeError where it is damaged. */
export function fragmentLength(
  moof: Buffer,
  trackId: number,
  fallback: number,
): Pick<Track, 'samples' | 'length'> {
  let [samples, length] = [0, 0];
  for (const fragment of childBoxes(moof)) {
    const header = fragment.type === 'traf' ? findBox(fragment.content, 'tfhd') : undefined;
    if (header?.readUInt32BE(4) !== trackId) continue;
    const each = headerDuration(header) ?? fallback;
    for (const { type, content } of childBoxes(fragment.content)) {
      if (type !== 'trun') continue;
      const run = runLength(content, each);
      samples += run.samples;
      length += run.length;
    }
  }
  return { samples, length };
}

function headerDuration(header: Buffer): number | undefined {
  const flags = header.readUInt32BE(0) & 0xffffff;
  if ((flags & DEFAULT_DURATION_PRESENT) === 0) return undefined;
  const before =
    ((flags & BASE_OFFSET_PRESENT) === 0 ? 0 : 8) + ((flags & DESCRIPTION_PRESENT) === 0 ? 0 : 4);
  return header.readUInt32BE(8 + before);
}

function runLength(run: Buffer, each: number): Pick<Track, 'samples' | 'length'> {
  const flags = run.readUInt32BE(0) & 0xffffff;
  const samples = run.readUInt32BE(4);
  if ((flags & 0x100) === 0) return { samples, length: samples * each };
  let at = 8 + ((flags & DATA_OFFSET_PRESENT) === 0 ? 0 : 4) + ((flags & FIRST_FLAGS_PRESENT) === 0 ? 0 : 4);
  const step = 4 * SAMPLE_FIELDS.filter((field) => (flags & field) !== 0).length;
  let length = 0;
  for (let sample = 0; sample < samples; sample += 1, at += step) length += run.readUInt32BE(at);
  return { samples, length };
}
