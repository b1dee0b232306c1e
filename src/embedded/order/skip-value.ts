/** Finds where one encoded value ends in a key of several: the reading twin of encode.ts, for tests on single fields of a key. */
import { Bracket } from './canonical-type.ts';

const DOUBLE_BYTES = 8;
const OBJECT_ID_BYTES = 12;
const EIGHT_BYTES = 8;
const EXPONENT_BYTES = 2;
const LENGTH_BYTES = 4;
const SIGN_BIT = 0x80;
/** Turns the bytes of a descending field into those of an ascending one. */
const INVERTED = 0xff;

let key: Uint8Array = new Uint8Array();
let mask = 0;

/**
 * The position behind the value that begins at `start`.
 * @param descending the field's bytes are inverted
 */
export function endOfValue(bytes: Uint8Array, start: number, descending: boolean): number {
  key = bytes;
  mask = descending ? INVERTED : 0;
  return skipValue(start);
}

function at(position: number): number {
  return (key[position] ?? 0) ^ mask;
}

function skipValue(start: number): number {
  return skipBody(at(start), start + 1);
}

function skipBody(bracket: number, start: number): number {
  switch (bracket) {
    case Bracket.number:
      return skipNumber(start);
    case Bracket.string:
    case Bracket.code:
      return skipText(start);
    case Bracket.date:
    case Bracket.timestamp:
      return start + EIGHT_BYTES;
    case Bracket.objectId:
      return start + OBJECT_ID_BYTES;
    case Bracket.bool:
      return start + 1;
    case Bracket.object:
      return skipDocument(start);
    case Bracket.array:
      return skipArray(start);
    case Bracket.binary:
      return start + LENGTH_BYTES + 1 + readLength(start);
    case Bracket.regex:
      return skipText(skipText(start));
    case Bracket.dbPointer:
      return skipText(start + LENGTH_BYTES) + OBJECT_ID_BYTES;
    case Bracket.codeWithScope:
      return skipDocument(skipText(start));
    default:
      // Null, undefined, MinKey and MaxKey are their bracket alone.
      return start;
  }
}

function skipNumber(start: number): number {
  let position = start + DOUBLE_BYTES;
  if (at(position++) === 0) return position;
  position += EXPONENT_BYTES;
  // The decimal digits of a negative number are inverted, their end with them.
  const end = at(start) < SIGN_BIT ? INVERTED : 0;
  while (position < key.length && at(position) !== end) position++;
  return position + 1;
}

function skipText(start: number): number {
  let position = start;
  while (position < key.length && at(position) !== 0) position++;
  return position + 1;
}

function skipDocument(start: number): number {
  let position = start;
  while (position < key.length && at(position) !== 0) {
    const bracket = at(position);
    position = skipBody(bracket, skipText(position + 1));
  }
  return position + 1;
}

function skipArray(start: number): number {
  let position = start;
  while (position < key.length && at(position) !== 0) position = skipValue(position);
  return position + 1;
}

function readLength(start: number): number {
  let length = 0;
  for (let position = start; position < start + LENGTH_BYTES; position++)
    length = length * 256 + at(position);
  return length;
}
