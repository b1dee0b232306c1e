/**
 * Facts of WebM, Matroska, AVI and other videos through MediaInfo (WASM). Hardly a network takes them: what matters is
 * that the person is told exactly what the file is.
 */
import type { default as MediaInfoFactory } from 'mediainfo.js';
import type { ByteSource } from '../core/media.ts';
import { MEGABYTE } from '../core/quantities.ts';
import type { MediaFacts } from '../core/words.ts';
import { readBytes } from './byte-reader.ts';
import { broken } from './unreadable.ts';

/**
 * MediaInfo would read on to the end for figures that are not needed, and its protection against files that send it
 * back and forth is not complete; after so many bytes it must tell what it knows.
 */
const MAX_READ = 16 * MEGABYTE;
const CHUNK = 256 * 1024;

const CONTAINERS: Readonly<Record<string, string>> = {
  webm: 'webm',
  matroska: 'mkv',
  'mpeg-4': 'mp4',
  avi: 'avi',
  'mpeg-ts': 'ts',
  'flash video': 'flv',
  'windows media': 'wmv',
  ogg: 'ogv',
  'mpeg-ps': 'mpg',
};

const CODECS: Readonly<Record<string, string>> = {
  avc: 'h264',
  hevc: 'hevc',
  'mpeg-4 visual': 'mpeg4',
  'mpeg video': 'mpeg2',
  'mpeg audio': 'mp3',
  'ac-3': 'ac3',
  'e-ac-3': 'eac3',
};

/** Error: MEDIA_UNREADABLE. */
export async function probeOtherVideo(source: ByteSource, mime: string): Promise<MediaFacts> {
  // Loaded when it is needed, and let go again: it holds 34 MB.
  const { default: mediaInfo } = await import('mediainfo.js');
  const tracks = await analyse(mediaInfo, source);
  const general = tracks.find((track) => track['@type'] === 'General');
  const video = tracks.find((track) => track['@type'] === 'Video');
  const audio = tracks.find((track) => track['@type'] === 'Audio');
  const seconds = Number(general?.Duration ?? video?.Duration);
  const [width, height] = [Number(video?.Width), Number(video?.Height)];
  if (!(width > 0) || !(height > 0)) throw broken('is a video whose pictures cannot be read');
  if (!(seconds > 0)) throw broken('is a video without a length: its recording or transfer was not finished');
  const rate = Number(video?.FrameRate);
  const sideways = Math.round(Number(video?.Rotation ?? 0) / 90) % 2 === 1;
  return {
    kind: 'video',
    mime: mime === 'video/matroska' ? 'video/x-matroska' : mime,
    bytes: source.bytes,
    width: sideways ? height : width,
    height: sideways ? width : height,
    ...(sideways ? { oriented: true } : {}),
    durationMs: Math.round(seconds * 1000),
    container: named(CONTAINERS, general?.Format),
    videoCodec: named(CODECS, video?.Format),
    ...(audio ? { audioCodec: named(CODECS, audio.Format) } : {}),
    ...(rate > 0 ? { framesPerSecond: rate } : {}),
    bitRate: Math.round((source.bytes * 8) / seconds),
    ...(typeof video?.ChromaSubsampling === 'string' ? { chroma: video.ChromaSubsampling } : {}),
  };
}

type Track = Readonly<Record<string, unknown>>;

async function analyse(mediaInfo: typeof MediaInfoFactory, source: ByteSource): Promise<readonly Track[]> {
  const info = await mediaInfo({ format: 'object', full: true, chunkSize: CHUNK });
  let read = 0;
  try {
    const result = await info.analyzeData(source.bytes, (length, offset) => {
      read += length;
      return read > MAX_READ ? new Uint8Array() : readBytes(source, offset, length);
    });
    // The types name a class for each kind of track; only plain fields are read here.
    return (result.media?.track ?? []) as unknown as readonly Track[];
  } catch (error) {
    throw broken('is a video that is damaged', error);
  } finally {
    info.close();
  }
}

function named(names: Readonly<Record<string, string>>, format: unknown): string {
  const key = String(format ?? 'unknown').toLowerCase();
  return names[key] ?? key;
}
