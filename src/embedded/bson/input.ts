/**
 * The bytes from which BSON is read, and the primitive values. Bounds are checked at every step: the bytes may come from a
 * broken or hostile client. Module state rather than an object: decoding is synchronous and this halves its time.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import { Double } from 'bson';
import { failedToParse, notSupported } from '../errors.ts';
import { readFieldName } from './field-names.ts';
import { isInt32 } from './types.ts';

/** JavaScript's range of dates, in milliseconds either side of 1970. */
const MAXIMUM_DATE_MS = 8.64e15;
const TWO_POW_32 = 4294967296;
/** Below this length a loop over ASCII bytes beats the call into the native decoder. */
const SHORT_STRING_BYTES = 16;
const MINIMUM_DOCUMENT_BYTES = 5;

let bytes: Buffer = Buffer.alloc(0);
let position = 0;
let limit = 0;

export function beginInput(input: Uint8Array, offset: number): void {
  bytes = Buffer.isBuffer(input) ? input : Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  position = offset;
  limit = bytes.length;
}

export function inputPosition(): number {
  return position;
}

/** Reads the size of a document. @returns where the document ends */
export function openFrame(): number {
  const start = position;
  const size = readInt32();
  if (size < MINIMUM_DOCUMENT_BYTES || start + size > limit) {
    throw failedToParse(`BSON size ${size} at byte ${start} does not fit in ${limit} bytes`);
  }
  return start + size;
}

export function readByte(): number {
  if (position >= limit) throw failedToParse(`BSON ends early, at byte ${position}`);
  return bytes[position++] as number;
}

/** A copy: the input is often a page of the storage that is reused, and values outlive it. */
export function take(length: number): Buffer {
  const end = position + length;
  if (length < 0 || end > limit)
    throw failedToParse(`BSON value of ${length} bytes does not fit at byte ${position}`);
  const copy = Buffer.from(bytes.subarray(position, end));
  position = end;
  return copy;
}

export function readInt32(): number {
  if (position + 4 > limit) throw failedToParse(`BSON ends early, at byte ${position}`);
  const value =
    (bytes[position] as number) |
    ((bytes[position + 1] as number) << 8) |
    ((bytes[position + 2] as number) << 16) |
    ((bytes[position + 3] as number) << 24);
  position += 4;
  return value;
}

export function readDouble(): number | Double {
  if (position + 8 > limit) throw failedToParse(`BSON ends early, at byte ${position}`);
  const value = bytes.readDoubleLE(position);
  position += 8;
  return isInt32(value) ? new Double(value) : value;
}

export function readDate(): Date {
  const low = readInt32() >>> 0;
  const milliseconds = readInt32() * TWO_POW_32 + low;
  if (Math.abs(milliseconds) > MAXIMUM_DATE_MS) throw notSupported('A date beyond the year 275760', 2);
  return new Date(milliseconds);
}

export function readBoolean(): boolean {
  const value = readByte();
  if (value > 1) throw failedToParse(`BSON boolean with value ${value}`);
  return value === 1;
}

export function readString(): string {
  const length = readInt32();
  const end = position + length - 1;
  if (length < 1 || end >= limit || bytes[end] !== 0)
    throw failedToParse(`BSON string of ${length} bytes at byte ${position}`);
  const text = readText(position, end);
  position = end + 1;
  return text;
}

function readText(start: number, end: number): string {
  if (end - start <= SHORT_STRING_BYTES) {
    let text = '';
    let index = start;
    for (; index < end; index++) {
      const byte = bytes[index] as number;
      if (byte > 0x7f) break;
      text += String.fromCharCode(byte);
    }
    if (index === end) return text;
  }
  const text = bytes.toString('utf8', start, end);
  // The native decoder replaces what it cannot read; storing the replacement would change the client's data.
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end)))
    throw failedToParse('BSON string is not valid UTF-8');
  return text;
}

/** The two parts of a regular expression: text up to a zero byte, of any length. */
export function readPattern(): string {
  const start = position;
  skipName();
  return readText(start, position - 1);
}

export function readName(): string {
  const start = position;
  skipName();
  return readFieldName(bytes, start, position - 1) ?? readText(start, position - 1);
}

export function skipName(): void {
  while (readByte() !== 0);
}
