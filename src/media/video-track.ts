/** Reads one track of an MP4 or MOV file (the `trak` box of ISO/IEC 14496-12). */
import { type Box, childBoxes, findBox, sized } from './boxes.ts';
import { audioCodec, chromaOf, VISUAL_ENTRY, videoCodec } from './video-codecs.ts';

export interface Track {
  readonly id: number;
  readonly kind: 'video' | 'audio' | 'other';
  readonly codec: string;
  /** True for a track that needs a key to be played. */
  readonly locked: boolean;
  /** Units of a second in which the track counts. */
  readonly timescale: number;
  /** Number of samples (pictures of a video) and their length together, in units; zero when they stand in fragments. */
  readonly samples: number;
  readonly length: number;
  /** Pixels as displayed. */
  readonly width: number;
  readonly height: number;
  readonly turned: boolean;
  readonly chroma?: string;
}

/** Throws a RangeError where the box is damaged. */
export function readTrack(trak: Buffer): Track | undefined {
  const [header, media] = [findBox(trak, 'tkhd'), findBox(trak, 'mdia')];
  const mediaHeader = media && findBox(media, 'mdhd');
  const handler = media && findBox(media, 'hdlr')?.toString('latin1', 8, 12);
  const descriptions = media && findBox(media, 'minf', 'stbl', 'stsd');
  const entry = descriptions && childBoxes(descriptions.subarray(8))[0];
  if (!header || !mediaHeader || !entry) return undefined;
  const version = mediaHeader.readUInt8(0);
  const times = findBox(media, 'minf', 'stbl', 'stts');
  return {
    id: header.readUInt32BE(header.readUInt8(0) === 1 ? 20 : 12),
    ...describe(handler ?? '', entry, header),
    locked: entry.type === 'encv' || entry.type === 'enca',
    timescale: mediaHeader.readUInt32BE(version === 1 ? 20 : 12),
    ...(times ? sumTimes(times) : { samples: 0, length: sized(mediaHeader, version, 16, 24) }),
  };
}

type Description = Pick<Track, 'kind' | 'codec' | 'width' | 'height' | 'turned' | 'chroma'>;

function describe(handler: string, entry: Box, header: Buffer): Description {
  if (handler === 'soun') {
    return {
      kind: 'audio',
      codec: audioCodec(entry.type, entry.content),
      width: 0,
      height: 0,
      turned: false,
    };
  }
  if (handler !== 'vide') return { kind: 'other', codec: entry.type, width: 0, height: 0, turned: false };
  const chroma = chromaOf(entry.type, entry.content);
  return {
    kind: 'video',
    codec: videoCodec(entry.type),
    ...displaySize(entry.content, header),
    ...(chroma === undefined ? {} : { chroma }),
  };
}

/** Size of the stored pictures, stretched by the shape of their pixels (`pasp`) and turned by the track's matrix. */
function displaySize(entry: Buffer, header: Buffer): Pick<Track, 'width' | 'height' | 'turned'> {
  const matrix = header.readUInt8(0) === 1 ? 52 : 40;
  const [a, b] = [header.readInt32BE(matrix), header.readInt32BE(matrix + 4)];
  const pixel = findBox(entry.subarray(VISUAL_ENTRY), 'pasp');
  const [across, down] = pixel ? [pixel.readUInt32BE(0), pixel.readUInt32BE(4)] : [1, 1];
  const stretch = across > 0 && down > 0 ? across / down : 1;
  const width = Math.round(entry.readUInt16BE(24) * stretch);
  const height = entry.readUInt16BE(26);
  const sideways = a === 0 && b !== 0;
  return { width: sideways ? height : width, height: sideways ? width : height, turned: sideways || a < 0 };
}

/** `stts`: runs of samples with the same length. */
function sumTimes(times: Buffer): Pick<Track, 'samples' | 'length'> {
  let [samples, length] = [0, 0];
  const runs = times.readUInt32BE(4);
  for (let run = 0; run < runs; run += 1) {
    const count = times.readUInt32BE(8 + run * 8);
    samples += count;
    length += count * times.readUInt32BE(12 + run * 8);
  }
  return { samples, length };
}
