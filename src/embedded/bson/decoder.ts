/** Reads BSON. Bounds are checked at every step: the bytes may come from a broken or hostile client. */
import { Buffer, isUtf8 } from 'node:buffer';
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { failedToParse, MongoError, notSupported } from '../errors.ts';
import { readFieldName } from './field-names.ts';
import { setField } from './fields.ts';
import { BSON_UNDEFINED, DbPointer, type Document, isInt32 } from './types.ts';

/** MongoDB's limit on nested documents. Source: https://www.mongodb.com/docs/manual/reference/limits/ (100 + slack on the wire). */
export const MAXIMUM_NESTING = 200;
/** JavaScript's range of dates, in milliseconds either side of 1970. */
const MAXIMUM_DATE_MS = 8.64e15;
/** Source: https://bsonspec.org/spec.html */
const REGEX_FLAGS = /^[ilmsux]*$/;
const TWO_POW_32 = 4294967296;
const MINIMUM_DOCUMENT_BYTES = 5;
/** Below this length a loop over ASCII bytes beats the call into the native decoder. */
const SHORT_STRING_BYTES = 16;

// The position is module state and not an object's: decoding is synchronous and this halves its time.
let bytes: Buffer = Buffer.alloc(0);
let position = 0;
let limit = 0;

/**
 * Decodes one document that fills `input` exactly.
 * @throws MongoError FailedToParse for malformed BSON; Overflow when nested too deeply
 */
export function decode(input: Uint8Array): Document {
  const document = decodeAt(input, 0);
  if (position !== input.byteLength) {
    throw failedToParse(`BSON document of ${position} bytes in a buffer of ${input.byteLength} bytes`);
  }
  return document;
}

/** Decodes the document that begins at `offset`; bytes after its end are left alone. */
export function decodeAt(input: Uint8Array, offset: number): Document {
  bytes = Buffer.isBuffer(input) ? input : Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  position = offset;
  limit = bytes.length;
  return readDocument(0);
}

function readDocument(depth: number): Document {
  const document: Document = {};
  const end = readFrame(depth);
  for (let type = readByte(); type !== 0; type = readByte()) {
    const name = readName();
    const value = readValue(type, depth);
    setField(document, name, value);
  }
  closeFrame(end);
  return document;
}

function readArray(depth: number): unknown[] {
  const elements: unknown[] = [];
  const end = readFrame(depth);
  for (let type = readByte(); type !== 0; type = readByte()) {
    skipName();
    elements.push(readValue(type, depth));
  }
  closeFrame(end);
  return elements;
}

function readFrame(depth: number): number {
  if (depth > MAXIMUM_NESTING) {
    throw new MongoError(15, `BSON nested more than ${MAXIMUM_NESTING} levels deep`);
  }
  const start = position;
  const size = readInt32();
  if (size < MINIMUM_DOCUMENT_BYTES || start + size > limit) {
    throw failedToParse(`BSON size ${size} at byte ${start} does not fit in ${limit} bytes`);
  }
  return start + size;
}

function closeFrame(end: number): void {
  if (position !== end) throw failedToParse(`BSON document ends at byte ${position}, its size says ${end}`);
}

function readValue(type: number, depth: number): unknown {
  switch (type) {
    case 0x01:
      return readDouble();
    case 0x02:
      return readString();
    case 0x03:
      return readDocument(depth + 1);
    case 0x04:
      return readArray(depth + 1);
    case 0x05:
      return readBinary();
    case 0x06:
      return BSON_UNDEFINED;
    case 0x07:
      return new ObjectId(take(12));
    case 0x08:
      return readBoolean();
    case 0x09:
      return readDate();
    case 0x0a:
      return null;
    case 0x0b:
      return readRegex();
    case 0x10:
      return readInt32();
    case 0x12:
      return new Long(readInt32(), readInt32());
    default:
      return readRareValue(type, depth);
  }
}

function readRareValue(type: number, depth: number): unknown {
  switch (type) {
    case 0x0c:
      return new DbPointer(readString(), new ObjectId(take(12)));
    case 0x0d:
      return new Code(readString());
    case 0x0e:
      return new BSONSymbol(readString());
    case 0x0f:
      return readCodeWithScope(depth);
    case 0x11: {
      const increment = readInt32() >>> 0;
      return new Timestamp({ i: increment, t: readInt32() >>> 0 });
    }
    case 0x13:
      return new Decimal128(take(16));
    case 0xff:
      return new MinKey();
    case 0x7f:
      return new MaxKey();
    default:
      throw failedToParse(`Unknown BSON type 0x${type.toString(16)} at byte ${position}`);
  }
}

function readByte(): number {
  if (position >= limit) throw failedToParse(`BSON ends early, at byte ${position}`);
  return bytes[position++] as number;
}

/** A copy: the input is often a page of the storage that is reused, and values outlive it. */
function take(length: number): Buffer {
  const end = position + length;
  if (length < 0 || end > limit)
    throw failedToParse(`BSON value of ${length} bytes does not fit at byte ${position}`);
  const copy = Buffer.from(bytes.subarray(position, end));
  position = end;
  return copy;
}

function readInt32(): number {
  if (position + 4 > limit) throw failedToParse(`BSON ends early, at byte ${position}`);
  const value =
    (bytes[position] as number) |
    ((bytes[position + 1] as number) << 8) |
    ((bytes[position + 2] as number) << 16) |
    ((bytes[position + 3] as number) << 24);
  position += 4;
  return value;
}

function readDouble(): number | Double {
  if (position + 8 > limit) throw failedToParse(`BSON ends early, at byte ${position}`);
  const value = bytes.readDoubleLE(position);
  position += 8;
  return isInt32(value) ? new Double(value) : value;
}

function readDate(): Date {
  const low = readInt32() >>> 0;
  const milliseconds = readInt32() * TWO_POW_32 + low;
  if (Math.abs(milliseconds) > MAXIMUM_DATE_MS) throw notSupported('A date beyond the year 275760', 2);
  return new Date(milliseconds);
}

function readBoolean(): boolean {
  const value = readByte();
  if (value > 1) throw failedToParse(`BSON boolean with value ${value}`);
  return value === 1;
}

function readBinary(): Binary {
  const length = readInt32();
  const subtype = readByte();
  // Subtype 2 repeats its length inside the payload; the bson classes keep only the inner bytes.
  if (subtype !== Binary.SUBTYPE_BYTE_ARRAY) return new Binary(take(length), subtype);
  const inner = readInt32();
  if (inner !== length - 4)
    throw failedToParse(`BSON binary of subtype 2 with lengths ${length} and ${inner}`);
  return new Binary(take(inner), subtype);
}

function readCodeWithScope(depth: number): Code {
  const start = position;
  const size = readInt32();
  const code = new Code(readString(), readDocument(depth + 1));
  if (position !== start + size)
    throw failedToParse(`BSON code with scope of the wrong size at byte ${start}`);
  return code;
}

function readString(): string {
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

function readRegex(): BSONRegExp {
  const pattern = readPattern();
  const flags = readPattern();
  // The class throws its own kind of error for other letters.
  if (!REGEX_FLAGS.test(flags)) throw failedToParse(`BSON regular expression with the flags '${flags}'`);
  return new BSONRegExp(pattern, flags);
}

/** The two parts of a regular expression: text up to a zero byte, of any length. */
function readPattern(): string {
  const start = position;
  skipName();
  return readText(start, position - 1);
}

function readName(): string {
  const start = position;
  skipName();
  return readFieldName(bytes, start, position - 1) ?? readText(start, position - 1);
}

function skipName(): void {
  while (readByte() !== 0);
}
