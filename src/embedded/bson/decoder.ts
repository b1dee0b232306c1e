/** Reads BSON. Bounds are checked at every step: the bytes may come from a broken or hostile client. */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { failedToParse, MongoError } from '../errors.ts';
import { movesToFront, setFieldOrder } from './field-order.ts';
import { setField } from './fields.ts';
import {
  beginInput,
  inputPosition,
  openFrame,
  readBoolean,
  readByte,
  readDate,
  readDouble,
  readInt32,
  readName,
  readPattern,
  readString,
  skipName,
  take,
} from './input.ts';
import { BSON_UNDEFINED, DbPointer, type Document } from './types.ts';

/** MongoDB's limit on nested documents. Source: https://www.mongodb.com/docs/manual/reference/limits/ (100 + slack on the wire). */
export const MAXIMUM_NESTING = 200;
/** Source: https://bsonspec.org/spec.html */
const REGEX_FLAGS = /^[ilmsux]*$/;

/**
 * Decodes one document that fills `input` exactly.
 * @throws MongoError FailedToParse for malformed BSON; Overflow when nested too deeply
 */
export function decode(input: Uint8Array): Document {
  const document = decodeAt(input, 0);
  if (inputPosition() !== input.byteLength) {
    throw failedToParse(`BSON document of ${inputPosition()} bytes in a buffer of ${input.byteLength} bytes`);
  }
  return document;
}

/** Decodes the document that begins at `offset`; bytes after its end are left alone. */
export function decodeAt(input: Uint8Array, offset: number): Document {
  beginInput(input, offset);
  return readDocument(0);
}

function readDocument(depth: number): Document {
  const document: Document = {};
  let order: string[] | undefined;
  const end = readFrame(depth);
  for (let type = readByte(); type !== 0; type = readByte()) {
    const name = readName();
    const value = readValue(type, depth);
    if (movesToFront(name)) order ??= Object.keys(document);
    order?.push(name);
    if (name === '__proto__') setField(document, name, value);
    else document[name] = value;
  }
  if (order) setFieldOrder(document, order);
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
  return openFrame();
}

function closeFrame(end: number): void {
  if (inputPosition() !== end)
    throw failedToParse(`BSON document ends at byte ${inputPosition()}, its size says ${end}`);
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
      throw failedToParse(`Unknown BSON type 0x${type.toString(16)} at byte ${inputPosition()}`);
  }
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
  const start = inputPosition();
  const size = readInt32();
  const code = new Code(readString(), readDocument(depth + 1));
  if (inputPosition() !== start + size)
    throw failedToParse(`BSON code with scope of the wrong size at byte ${start}`);
  return code;
}

function readRegex(): BSONRegExp {
  const pattern = readPattern();
  const flags = readPattern();
  // The class throws its own kind of error for other letters.
  if (!REGEX_FLAGS.test(flags)) throw failedToParse(`BSON regular expression with the flags '${flags}'`);
  return new BSONRegExp(pattern, flags);
}
