/**
 * The boxes of the ISO base media file format (ISO/IEC 14496-12: MP4, MOV, M4V, 3GP). Only what is asked for is read, so a
 * video of any size is looked at with a few kilobytes of memory.
 */
import type { ByteSource } from '../core/media.ts';
import { describeBytes } from '../core/quantities.ts';
import { readBytes } from './byte-reader.ts';
import { broken } from './unreadable.ts';

/** A box at the top of a file. */
export interface FileBox {
  readonly type: string;
  /** Where its content begins and ends in the file. */
  readonly start: number;
  readonly end: number;
}

/** A box inside a box that is in memory; `content` is what follows its header. */
export interface Box {
  readonly type: string;
  readonly content: Buffer;
}

const SHORT_HEADER = 8;
const LONG_HEADER = 16;

/** A fragmented recording has two boxes for each second or so; more than this is no video. */
const MAX_FILE_BOXES = 20_000;

/** Lists the boxes at the top of a file. Error: MEDIA_UNREADABLE when it ends before its last box does. */
export async function fileBoxes(source: ByteSource): Promise<readonly FileBox[]> {
  const boxes: FileBox[] = [];
  let at = 0;
  while (source.bytes - at >= SHORT_HEADER) {
    const header = await readBytes(source, at, LONG_HEADER);
    const type = header.toString('latin1', 4, 8);
    // Cameras pad files with zeros, players ignore it.
    if (type === '\0\0\0\0') break;
    const { headerLength, length } = boxLength(header, source.bytes - at);
    if (at + length > source.bytes) throw cut(source.bytes, at + length);
    if (boxes.length === MAX_FILE_BOXES) throw broken('is a video in too many pieces');
    boxes.push({ type, start: at + headerLength, end: at + length });
    at += length;
  }
  return boxes;
}

function cut(found: number, expected: number): Error {
  return broken(
    `is a video that ends too early: ${describeBytes(found)} are there, it should have ${describeBytes(expected)}`,
  );
}

/** Sizes of 0 reach to the end of what holds the box; a size of 1 means that the real one follows in 64 bits. */
function boxLength(header: Buffer, rest: number): { headerLength: number; length: number } {
  const short = header.readUInt32BE(0);
  const headerLength = short === 1 ? LONG_HEADER : SHORT_HEADER;
  const length = short === 0 ? rest : short === 1 ? Number(header.readBigUInt64BE(SHORT_HEADER)) : short;
  if (length < headerLength) throw new RangeError(`a box of ${length} bytes`);
  return { headerLength, length };
}

/** The boxes inside a box; a RangeError when they do not fit. */
export function childBoxes(content: Buffer): readonly Box[] {
  const boxes: Box[] = [];
  let at = 0;
  while (content.length - at >= SHORT_HEADER) {
    const { headerLength, length } = boxLength(content.subarray(at), content.length - at);
    // QuickTime ends some lists with four zero bytes, which read as a box that reaches to the end.
    if (at + length > content.length) throw new RangeError('a box is longer than what holds it');
    boxes.push({
      type: content.toString('latin1', at + 4, at + 8),
      content: content.subarray(at + headerLength, at + length),
    });
    at += length;
  }
  return boxes;
}

/** Follows a path of types downwards, the first of each; undefined where one is missing. */
export function findBox(content: Buffer, ...path: readonly string[]): Buffer | undefined {
  let here: Buffer | undefined = content;
  for (const type of path) here = here && childBoxes(here).find((box) => box.type === type)?.content;
  return here;
}

/** A number that is 32 bits in version 0 of a box and 64 bits in version 1. */
export function sized(content: Buffer, version: number, short: number, long: number): number {
  return version === 1 ? Number(content.readBigUInt64BE(long)) : content.readUInt32BE(short);
}
