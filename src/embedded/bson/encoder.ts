/** Writes BSON: the twin of decoder.ts, with the same rules about numbers. */
import type { Buffer } from 'node:buffer';
import {
  Binary,
  BSONRegExp,
  type BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  ObjectId,
  Timestamp,
} from 'bson';
import { badValue, MongoError } from '../errors.ts';
import { MAXIMUM_NESTING } from './decoder.ts';
import { fieldNames } from './field-order.ts';
import {
  beginOutput,
  closeFrame,
  openFrame,
  sealFrame,
  takeOutput,
  writeByte,
  writeBytes,
  writeDouble,
  writeHead,
  writeInt32,
  writeLong,
  writeName,
  writeString,
} from './output.ts';
import { RawDocument } from './raw-document.ts';
import { BsonType, DbPointer, type Document, isInt32, typeOf } from './types.ts';

const TWO_POW_32 = 4294967296;

/**
 * Encodes a document. Fields whose value is JavaScript's undefined are left out.
 * @throws MongoError BadValue for a value without a BSON type or a name with a zero byte
 */
export function encode(document: Document): Buffer {
  beginOutput();
  writeDocument(document, 0);
  return takeOutput();
}

function writeDocument(document: Document, depth: number): void {
  if (depth > MAXIMUM_NESTING) {
    throw new MongoError(15, `Document nested more than ${MAXIMUM_NESTING} levels deep`);
  }
  const start = openFrame();
  for (const name of fieldNames(document)) {
    const value = document[name];
    if (value !== undefined) writeElement(name, value, depth);
  }
  closeFrame(start);
}

function writeArray(elements: readonly unknown[], depth: number): void {
  if (depth > MAXIMUM_NESTING)
    throw new MongoError(15, `Array nested more than ${MAXIMUM_NESTING} levels deep`);
  const start = openFrame();
  for (let index = 0; index < elements.length; index++)
    writeElement(String(index), elements[index] ?? null, depth);
  closeFrame(start);
}

function writeElement(name: string, value: unknown, depth: number): void {
  switch (typeof value) {
    case 'string':
      writeHead(BsonType.string, name);
      writeString(value);
      return;
    case 'number':
      if (isInt32(value)) {
        writeHead(BsonType.int, name);
        writeInt32(value);
        return;
      }
      writeHead(BsonType.double, name);
      writeDouble(value);
      return;
    case 'boolean':
      writeHead(BsonType.bool, name);
      writeByte(value ? 1 : 0);
      return;
    case 'bigint': {
      writeHead(BsonType.long, name);
      writeLong(Long.fromBigInt(value));
      return;
    }
    case 'object':
      writeObjectElement(name, value, depth);
      return;
    default:
      throw badValue(`a ${typeof value} in field '${name}' has no BSON type`);
  }
}

function writeObjectElement(name: string, value: object | null, depth: number): void {
  const type = typeOf(value);
  writeHead(type, name);
  switch (type) {
    case BsonType.object:
      if (value instanceof RawDocument) writeBytes(value.bytes);
      else writeDocument(value as Document, depth + 1);
      return;
    case BsonType.array:
      writeArray(value as unknown[], depth + 1);
      return;
    default:
      writeScalar(value);
      return;
  }
}

function writeScalar(value: object | null): void {
  if (value === null) return;
  if (value instanceof ObjectId) {
    writeBytes(value.id);
    return;
  }
  if (value instanceof Date) {
    writeDate(value);
    return;
  }
  if (value instanceof Double) {
    writeDouble(value.value);
    return;
  }
  // Timestamp is a subclass of Long with the same eight bytes.
  if (value instanceof Long || value instanceof Timestamp) {
    writeLong(value);
    return;
  }
  if (value instanceof Decimal128) {
    writeBytes(value.bytes);
    return;
  }
  if (value instanceof Int32) {
    writeInt32(value.value);
    return;
  }
  if (value instanceof Binary) {
    writeBinary(value.buffer.subarray(0, value.position), value.sub_type);
    return;
  }
  if (value instanceof Uint8Array) {
    writeBinary(value, Binary.SUBTYPE_DEFAULT);
    return;
  }
  if (value instanceof BSONRegExp) {
    writeName(value.pattern);
    writeName(value.options);
    return;
  }
  if (value instanceof RegExp) {
    writeName(value.source);
    writeName(value.flags.replace(/[^ims]/g, ''));
    return;
  }
  writeRareValue(value);
}

function writeRareValue(value: object): void {
  switch (typeOf(value)) {
    case BsonType.undefined:
    case BsonType.minKey:
    case BsonType.maxKey:
      return;
    case BsonType.symbol:
      writeString((value as BSONSymbol).value);
      return;
  }
  if (value instanceof DbPointer) {
    writeString(value.namespace);
    writeBytes(value.id.id);
    return;
  }
  if (value instanceof Code) {
    if (!value.scope) {
      writeString(value.code);
      return;
    }
    const start = openFrame();
    writeString(value.code);
    writeDocument(value.scope, 1);
    sealFrame(start);
    return;
  }
  throw badValue(`a value of class ${value.constructor.name} has no BSON type`);
}

function writeDate(value: Date): void {
  const milliseconds = value.getTime();
  if (Number.isNaN(milliseconds)) throw badValue('an invalid date has no BSON value');
  const high = Math.floor(milliseconds / TWO_POW_32);
  writeLong({ low: (milliseconds - high * TWO_POW_32) | 0, high });
}

function writeBinary(value: Uint8Array, subtype: number): void {
  const repeatsLength = subtype === Binary.SUBTYPE_BYTE_ARRAY;
  writeInt32(value.length + (repeatsLength ? 4 : 0));
  writeByte(subtype);
  if (repeatsLength) writeInt32(value.length);
  writeBytes(value);
}
