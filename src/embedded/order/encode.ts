/**
 * Bytes that sort as their values do: `Buffer.compare(encodeValue(a), encodeValue(b))` has the sign of
 * `compareValues(a, b)`. Every encoding is free of being the beginning of another, so keys of several fields are
 * simply joined, and inverted bytes give descending order.
 *
 * Layout: one byte for the bracket, then
 *   numbers     the largest double not above the value (8 bytes, sign folded), then 0, or for what a double cannot hold
 *               1 and the exact decimal; int, long, double and decimal of one value give the same bytes
 *   strings     UTF-8 with 0 and 1 escaped, then 0
 *   documents   per field: bracket, name, value; then 0         arrays: per element the value; then 0
 *   binary      length, subtype, bytes                          others: fixed width
 */
import type { Buffer } from 'node:buffer';
import { type Binary, type BSONRegExp, BSONSymbol, type Code, type Long, type ObjectId } from 'bson';
import { fieldNames } from '../bson/field-order.ts';
import type { DbPointer, Document } from '../bson/types.ts';
import { ByteWriter } from './byte-writer.ts';
import { Bracket } from './canonical-type.ts';
import type { Collation } from './collation.ts';
import { binaryParts, canonicalType, regexParts } from './compare.ts';
import { writeNumber } from './encode-number.ts';

const END = 0;
const writer = new ByteWriter();

/** Order-preserving bytes of a value; missing counts as undefined. With a collation the bytes serve equality only. */
export function encodeValue(value: unknown, collation?: Collation): Buffer {
  writer.reset();
  writeValue(writer, value, collation);
  return writer.copy();
}

/**
 * Bytes of several values joined, those of descending fields inverted. Missing counts as null, as in an index.
 * One copy for the whole key, since this runs for every index on every write.
 */
export function encodeKey(
  values: readonly unknown[],
  fields: readonly { readonly descending: boolean }[],
  collation: Collation | undefined,
): Buffer {
  writer.reset();
  for (let index = 0; index < values.length; index++) {
    const start = writer.length;
    const value = values[index];
    writeValue(writer, value === undefined ? null : value, collation);
    if (fields[index]?.descending) writer.invertFrom(start);
  }
  return writer.copy();
}

/** Inverts the bytes in place, for a descending field of an index or sort. */
export function invertBytes(bytes: Buffer): Buffer {
  for (let index = 0; index < bytes.length; index++) bytes[index] = ~(bytes[index] as number);
  return bytes;
}

function writeValue(target: ByteWriter, value: unknown, collation: Collation | undefined): void {
  const bracket = canonicalType(value);
  target.byte(bracket);
  writeBody(target, bracket, value, collation);
}

function writeBody(
  target: ByteWriter,
  bracket: number,
  value: unknown,
  collation: Collation | undefined,
): void {
  switch (bracket) {
    case Bracket.number:
      writeNumber(target, value);
      return;
    case Bracket.string: {
      const text = value instanceof BSONSymbol ? value.value : String(value);
      target.text(collation ? collation.fold(text) : text);
      return;
    }
    case Bracket.object:
      writeDocument(target, value as Document, collation);
      return;
    case Bracket.array:
      for (const element of value as unknown[]) writeValue(target, element, collation);
      target.byte(END);
      return;
    case Bracket.binary: {
      const [bytes, subtype] = binaryParts(value as Binary | Uint8Array);
      target.uint32(bytes.length);
      target.byte(subtype);
      target.bytes(bytes);
      return;
    }
    case Bracket.objectId:
      target.bytes((value as ObjectId).id);
      return;
    case Bracket.bool:
      target.byte(value ? 1 : 0);
      return;
    case Bracket.date:
      writeDate(target, value as Date);
      return;
    case Bracket.timestamp:
      target.uint32((value as Long).high >>> 0);
      target.uint32((value as Long).low >>> 0);
      return;
    default:
      writeRareBody(target, bracket, value, collation);
      return;
  }
}

function writeRareBody(
  target: ByteWriter,
  bracket: number,
  value: unknown,
  collation: Collation | undefined,
): void {
  switch (bracket) {
    case Bracket.regex:
      for (const part of regexParts(value as BSONRegExp | RegExp)) target.text(part);
      return;
    case Bracket.dbPointer:
      target.uint32((value as DbPointer).namespace.length);
      target.text((value as DbPointer).namespace);
      target.bytes((value as DbPointer).id.id);
      return;
    case Bracket.code:
      target.text((value as Code).code);
      return;
    case Bracket.codeWithScope:
      target.text((value as Code).code);
      writeDocument(target, (value as Code).scope ?? {}, collation);
      return;
  }
}

function writeDocument(target: ByteWriter, document: Document, collation: Collation | undefined): void {
  for (const name of fieldNames(document)) {
    const value = document[name];
    const bracket = canonicalType(value);
    target.byte(bracket);
    target.text(name);
    writeBody(target, bracket, value, collation);
  }
  target.byte(END);
}

const TWO_POW_32 = 4294967296;

function writeDate(target: ByteWriter, value: Date): void {
  const milliseconds = value.getTime();
  const high = Math.floor(milliseconds / TWO_POW_32);
  target.uint32((high ^ 0x80000000) >>> 0);
  target.uint32(milliseconds - high * TWO_POW_32);
}
