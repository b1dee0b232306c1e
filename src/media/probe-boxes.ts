/**
 * Facts of MP4, MOV, M4V and 3GP, which are nearly all videos that people send. Read here and not by the general video
 * reader: that one takes 55 MB and reads the whole file (measured with 200 MB), this one reads the index alone.
 */
import { CarillonError } from '../core/errors.ts';
import type { ByteSource } from '../core/media.ts';
import { MEGABYTE } from '../core/quantities.ts';
import type { MediaFacts } from '../core/words.ts';
import { childBoxes, type FileBox, fileBoxes, findBox, sized } from './boxes.ts';
import { readBytes } from './byte-reader.ts';
import { broken, noMedia, unknownKind } from './unreadable.ts';
import { defaultDuration, fragmentLength } from './video-fragments.ts';
import { readTrack, type Track } from './video-track.ts';

/** An index is some kilobytes for a minute of video; a larger one would be no honest file. */
const MAX_INDEX_BYTES = 32 * MEGABYTE;

/** Error: MEDIA_UNREADABLE. */
export async function probeBoxes(source: ByteSource): Promise<MediaFacts> {
  try {
    return await readFacts(source);
  } catch (error) {
    if (error instanceof CarillonError) throw error;
    if (error instanceof RangeError) throw broken('is a video whose index is damaged', error);
    throw error;
  }
}

async function readFacts(source: ByteSource): Promise<MediaFacts> {
  const boxes = await fileBoxes(source);
  const index = boxes.find(({ type }) => type === 'moov');
  const data = boxes.find(({ type, start, end }) => type === 'mdat' && end > start);
  if (!index) throw broken('is a video without an index: its recording or transfer was not finished');
  if (index.end - index.start > MAX_INDEX_BYTES)
    throw broken('is a video with an index of unreasonable size');
  const moov = await readBytes(source, index.start, index.end - index.start);
  const tracks = childBoxes(moov).flatMap(({ type, content }) =>
    type === 'trak' ? (readTrack(content) ?? []) : [],
  );
  const video = largest(tracks.filter(({ kind }) => kind === 'video'));
  const audio = tracks.find(({ kind }) => kind === 'audio');
  if (!video && audio)
    throw noMedia('a sound file (MP4)', 'Networks take no sound alone: make it a video with a picture.');
  if (!video || !data) throw broken('is a video without pictures');
  if (video.locked) throw unknownKind('a copy-protected video', 'Send a video that you made or may copy.');
  const times = await timesOf(source, boxes, moov, video);
  if (!(times.seconds > 0) || video.width === 0 || video.height === 0)
    throw broken('is a video without length or size');
  return {
    kind: 'video',
    ...containerOf(await brandOf(source, boxes)),
    bytes: source.bytes,
    width: video.width,
    height: video.height,
    ...(video.turned ? { oriented: true } : {}),
    durationMs: Math.round(times.seconds * 1000),
    videoCodec: video.codec,
    ...(audio ? { audioCodec: audio.codec } : {}),
    ...(times.framesPerSecond === undefined ? {} : { framesPerSecond: times.framesPerSecond }),
    bitRate: Math.round((source.bytes * 8) / times.seconds),
    ...(video.chroma === undefined ? {} : { chroma: video.chroma }),
    fastStart: index.start < data.start,
  };
}

/** The picture that is meant: small further tracks are previews and covers. */
function largest(tracks: readonly Track[]): Track | undefined {
  return tracks.toSorted((one, other) => other.width * other.height - one.width * one.height)[0];
}

interface Times {
  readonly seconds: number;
  readonly framesPerSecond?: number;
}

async function timesOf(
  source: ByteSource,
  boxes: readonly FileBox[],
  moov: Buffer,
  video: Track,
): Promise<Times> {
  let { samples, length } = video;
  if (samples === 0) {
    const fallback = defaultDuration(moov, video.id);
    for (const { start, end } of boxes.filter(({ type }) => type === 'moof')) {
      const fragment = fragmentLength(
        await readBytes(source, start, Math.min(end - start, MAX_INDEX_BYTES)),
        video.id,
        fallback,
      );
      samples += fragment.samples;
      length += fragment.length;
    }
  }
  const pictures = length / video.timescale;
  // The header counts cuts that were made without writing the file anew (edit lists); fragments know nothing of it.
  const seconds = movieSeconds(moov) || pictures;
  if (samples === 0 || !(pictures > 0)) return { seconds };
  return { seconds, framesPerSecond: Math.round((samples / pictures) * 1000) / 1000 };
}

function movieSeconds(moov: Buffer): number {
  const header = findBox(moov, 'mvhd');
  if (!header) return 0;
  const version = header.readUInt8(0);
  const timescale = header.readUInt32BE(version === 1 ? 20 : 12);
  const duration = sized(header, version, 16, 24);
  // All bits set means that the length is not known.
  return timescale === 0 || duration === 0xffffffff ? 0 : duration / timescale;
}

async function brandOf(source: ByteSource, boxes: readonly FileBox[]): Promise<string> {
  const type = boxes.find((box) => box.type === 'ftyp');
  // QuickTime files from before 2001 have no such box.
  return type ? (await readBytes(source, type.start, 4)).toString('latin1') : 'qt  ';
}

function containerOf(brand: string): Pick<MediaFacts, 'container' | 'mime'> {
  if (brand === 'qt  ') return { container: 'mov', mime: 'video/quicktime' };
  if (brand.startsWith('M4V')) return { container: 'm4v', mime: 'video/x-m4v' };
  if (brand.startsWith('3g')) return { container: '3gp', mime: 'video/3gpp' };
  return { container: 'mp4', mime: 'video/mp4' };
}
