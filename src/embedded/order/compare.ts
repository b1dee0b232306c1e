/** Comparison of two BSON values in MongoDB's order, without making bytes of them. */
import { Buffer } from 'node:buffer';
import { Binary, BSONRegExp, BSONSymbol, type Code, type Long, ObjectId } from 'bson';
import { fieldNames } from '../bson/field-order.ts';
import { type DbPointer, type Document, typeOf } from '../bson/types.ts';
import { Bracket, bracketOfType } from './canonical-type.ts';
import type { Collation } from './collation.ts';
import { compareNumbers } from './exact-number.ts';

/** The bracket (canonical type) in which a value sorts. */
export function canonicalType(value: unknown): number {
  return bracketOfType(typeOf(value));
}

/** Negative, 0 or positive. Missing values (undefined) come with BSON's undefined, before null. */
export function compareValues(left: unknown, right: unknown, collation?: Collation): number {
  if (typeof left === 'number' && typeof right === 'number') return compareNumbers(left, right);
  const bracket = canonicalType(left);
  const difference = bracket - canonicalType(right);
  if (difference !== 0) return difference;
  return compareWithinBracket(bracket, left, right, collation);
}

/** Whether two values are equal in MongoDB's sense: 1 equals 1.0 and Long 1, field order matters. */
export function equalValues(left: unknown, right: unknown, collation?: Collation): boolean {
  if (left === right) return true;
  if (typeof left === 'string' && typeof right === 'string') {
    return collation !== undefined && collation.fold(left) === collation.fold(right);
  }
  if (left instanceof ObjectId && right instanceof ObjectId) return left.equals(right);
  return compareValues(left, right, collation) === 0;
}

function compareWithinBracket(bracket: number, left: unknown, right: unknown, collation?: Collation): number {
  switch (bracket) {
    case Bracket.number:
      return compareNumbers(left, right);
    case Bracket.string:
      return compareStrings(textOf(left), textOf(right), collation);
    case Bracket.bool:
      return Number(left) - Number(right);
    case Bracket.date:
      return (left as Date).getTime() - (right as Date).getTime();
    case Bracket.objectId:
      return Buffer.compare((left as ObjectId).id, (right as ObjectId).id);
    case Bracket.object:
      return compareDocuments(left as Document, right as Document, collation);
    case Bracket.array:
      return compareArrays(left as unknown[], right as unknown[], collation);
    case Bracket.binary:
      return compareBinaries(left as Binary | Uint8Array, right as Binary | Uint8Array);
    case Bracket.timestamp:
      return compareUnsigned(left as Long, right as Long);
    case Bracket.regex:
      return compareRegexes(left as BSONRegExp | RegExp, right as BSONRegExp | RegExp);
    case Bracket.dbPointer:
      return compareDbPointers(left as DbPointer, right as DbPointer);
    case Bracket.code:
      return compareUtf8((left as Code).code, (right as Code).code);
    case Bracket.codeWithScope:
      return (
        compareUtf8((left as Code).code, (right as Code).code) ||
        compareDocuments((left as Code).scope ?? {}, (right as Code).scope ?? {}, collation)
      );
    default:
      return 0;
  }
}

function textOf(value: unknown): string {
  return value instanceof BSONSymbol ? value.value : String(value);
}

export function compareStrings(left: string, right: string, collation?: Collation): number {
  if (!collation) return compareUtf8(left, right);
  return collation.fold(left) === collation.fold(right)
    ? 0
    : collation.compare(left, right) || compareUtf8(left, right);
}

/**
 * Order of the UTF-8 bytes. JavaScript compares UTF-16 units, which differs only where a surrogate pair (above every
 * other character in UTF-8) meets one of the characters U+E000 to U+FFFF.
 */
export function compareUtf8(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const leftUnit = left.charCodeAt(index);
    const rightUnit = right.charCodeAt(index);
    if (leftUnit === rightUnit) continue;
    const leftIsSurrogate = leftUnit >= 0xd800 && leftUnit <= 0xdfff;
    const rightIsSurrogate = rightUnit >= 0xd800 && rightUnit <= 0xdfff;
    if (leftIsSurrogate !== rightIsSurrogate) return leftIsSurrogate ? 1 : -1;
    return leftUnit - rightUnit;
  }
  return left.length - right.length;
}

/** Field by field: type, then name, then value. A document that is the beginning of another comes first. */
function compareDocuments(left: Document, right: Document, collation?: Collation): number {
  const leftNames = fieldNames(left);
  const rightNames = fieldNames(right);
  const length = Math.min(leftNames.length, rightNames.length);
  for (let index = 0; index < length; index++) {
    const leftName = leftNames[index] as string;
    const rightName = rightNames[index] as string;
    const leftValue = left[leftName];
    const rightValue = right[rightName];
    const difference =
      canonicalType(leftValue) - canonicalType(rightValue) ||
      compareUtf8(leftName, rightName) ||
      compareValues(leftValue, rightValue, collation);
    if (difference !== 0) return difference;
  }
  return leftNames.length - rightNames.length;
}

function compareArrays(left: readonly unknown[], right: readonly unknown[], collation?: Collation): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = compareValues(left[index], right[index], collation);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Length, then subtype, then bytes. */
function compareBinaries(left: Binary | Uint8Array, right: Binary | Uint8Array): number {
  const [leftBytes, leftSubtype] = binaryParts(left);
  const [rightBytes, rightSubtype] = binaryParts(right);
  return (
    leftBytes.length - rightBytes.length ||
    leftSubtype - rightSubtype ||
    Buffer.compare(leftBytes, rightBytes)
  );
}

/** Bytes and subtype of binary data. */
export function binaryParts(value: Binary | Uint8Array): [Uint8Array, number] {
  return value instanceof Binary ? [value.buffer.subarray(0, value.position), value.sub_type] : [value, 0];
}

function compareUnsigned(left: Long, right: Long): number {
  return (left.high >>> 0) - (right.high >>> 0) || (left.low >>> 0) - (right.low >>> 0);
}

/** Pattern and flags of a regular expression, as BSON stores it. */
export function regexParts(value: BSONRegExp | RegExp): [string, string] {
  return value instanceof BSONRegExp
    ? [value.pattern, value.options]
    : [value.source, value.flags.replace(/[^ims]/g, '')];
}

function compareRegexes(left: BSONRegExp | RegExp, right: BSONRegExp | RegExp): number {
  const [leftPattern, leftFlags] = regexParts(left);
  const [rightPattern, rightFlags] = regexParts(right);
  return compareUtf8(leftPattern, rightPattern) || compareUtf8(leftFlags, rightFlags);
}

function compareDbPointers(left: DbPointer, right: DbPointer): number {
  return (
    left.namespace.length - right.namespace.length ||
    compareUtf8(left.namespace, right.namespace) ||
    Buffer.compare(left.id.id, right.id.id)
  );
}
