/** Names of codecs and the fineness of colour, from the sample descriptions of MP4 and MOV files (ISO/IEC 14496-12 and -15). */
import { childBoxes } from './boxes.ts';

/** Four letters in the file → the name in MediaFacts. */
const VIDEO_CODECS: Readonly<Record<string, string>> = {
  avc1: 'h264',
  avc3: 'h264',
  hvc1: 'hevc',
  hev1: 'hevc',
  dvh1: 'hevc',
  dvhe: 'hevc',
  vp08: 'vp8',
  vp09: 'vp9',
  av01: 'av1',
  apch: 'prores',
  apcn: 'prores',
  apcs: 'prores',
  apco: 'prores',
  ap4h: 'prores',
  ap4x: 'prores',
  mp4v: 'mpeg4',
  jpeg: 'mjpeg',
  mjpa: 'mjpeg',
  s263: 'h263',
};

const AUDIO_CODECS: Readonly<Record<string, string>> = {
  mp4a: 'aac',
  '.mp3': 'mp3',
  Opus: 'opus',
  'ac-3': 'ac3',
  'ec-3': 'eac3',
  alac: 'alac',
  fLaC: 'flac',
  samr: 'amr',
  lpcm: 'pcm',
  ipcm: 'pcm',
  sowt: 'pcm',
  twos: 'pcm',
  in24: 'pcm',
  in32: 'pcm',
  fl32: 'pcm',
};

export function videoCodec(type: string): string {
  return VIDEO_CODECS[type] ?? type.trim().toLowerCase();
}

/** `mp4a` stands for several kinds; the object type in its `esds` tells (registered at mp4ra.org). */
export function audioCodec(type: string, entry: Buffer): string {
  if (type === 'mp4a' && [0x69, 0x6b].includes(esdsObjectType(entry) ?? 0)) return 'mp3';
  return AUDIO_CODECS[type] ?? type.trim().toLowerCase();
}

function esdsObjectType(entry: Buffer): number | undefined {
  const esds = entry.indexOf('esds', 0, 'latin1');
  // The decoder configuration (tag 4) begins with the object type, after a length of one to four bytes.
  const tag = esds < 0 ? -1 : entry.indexOf(4, esds + 8);
  if (tag < 0) return undefined;
  let at = tag + 1;
  while (at < tag + 4 && ((entry[at] ?? 0) & 0x80) !== 0) at += 1;
  return entry[at + 1];
}

const CHROMA = ['4:0:0', '4:2:0', '4:2:2', '4:4:4'] as const;

/** Length of the fixed part of a visual sample entry; boxes follow it. */
export const VISUAL_ENTRY = 78;

/** H.264 profiles whose configuration record ends with the chroma format; all others are 4:2:0. */
const H264_WITH_CHROMA = new Set([100, 110, 122, 144, 244]);

/** `4:2:0` and the like, or undefined when the file does not tell. */
export function chromaOf(type: string, entry: Buffer): string | undefined {
  if (videoCodec(type) === 'prores') return type.startsWith('ap4') ? '4:4:4' : '4:2:2';
  for (const { type: box, content } of childBoxes(entry.subarray(VISUAL_ENTRY))) {
    if (box === 'avcC') return h264Chroma(content);
    if (box === 'hvcC') return CHROMA[(content[16] ?? 1) & 3];
    if (box === 'vpcC') return (['4:2:0', '4:2:0', '4:2:2', '4:4:4'] as const)[((content[6] ?? 0) >> 1) & 7];
    if (box === 'av1C') return av1Chroma(content[2] ?? 0);
  }
  return undefined;
}

function h264Chroma(record: Buffer): string | undefined {
  if (!H264_WITH_CHROMA.has(record[1] ?? 0)) return '4:2:0';
  let at = 6;
  for (let count = (record[5] ?? 0) & 31; count > 0; count -= 1) at += 2 + record.readUInt16BE(at);
  const pictureSets = record[at] ?? 0;
  at += 1;
  for (let count = pictureSets; count > 0; count -= 1) at += 2 + record.readUInt16BE(at);
  const format = record[at];
  // Older encoders leave the last bytes out; the High profile has no other format than 4:2:0.
  if (format === undefined) return record[1] === 100 ? '4:2:0' : undefined;
  return CHROMA[format & 3];
}

function av1Chroma(flags: number): string {
  if ((flags & 0x10) !== 0) return '4:0:0';
  if ((flags & 0x08) === 0) return '4:4:4';
  return (flags & 0x04) === 0 ? '4:2:2' : '4:2:0';
}
