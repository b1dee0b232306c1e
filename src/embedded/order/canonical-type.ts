/** The brackets in which BSON values sort; values of one bracket compare by value, others by bracket. */
import { BsonType } from '../bson/types.ts';

/** Brackets in MongoDB's order. Missing and undefined come before null. */
export const Bracket = {
  minKey: 1,
  undefined: 2,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  dbPointer: 55,
  code: 60,
  codeWithScope: 65,
  maxKey: 127,
} as const;

const BRACKET_OF_TYPE = new Map<number, number>([
  [BsonType.missing, Bracket.undefined],
  [BsonType.minKey, Bracket.minKey],
  [BsonType.undefined, Bracket.undefined],
  [BsonType.null, Bracket.null],
  [BsonType.double, Bracket.number],
  [BsonType.int, Bracket.number],
  [BsonType.long, Bracket.number],
  [BsonType.decimal, Bracket.number],
  [BsonType.string, Bracket.string],
  [BsonType.symbol, Bracket.string],
  [BsonType.object, Bracket.object],
  [BsonType.array, Bracket.array],
  [BsonType.binData, Bracket.binary],
  [BsonType.objectId, Bracket.objectId],
  [BsonType.bool, Bracket.bool],
  [BsonType.date, Bracket.date],
  [BsonType.timestamp, Bracket.timestamp],
  [BsonType.regex, Bracket.regex],
  [BsonType.dbPointer, Bracket.dbPointer],
  [BsonType.javascript, Bracket.code],
  [BsonType.javascriptWithScope, Bracket.codeWithScope],
  [BsonType.maxKey, Bracket.maxKey],
]);

/** Bracket of a BSON type number. */
export function bracketOfType(type: number): number {
  const bracket = BRACKET_OF_TYPE.get(type);
  if (bracket === undefined) throw new TypeError(`BSON type ${type} has no place in the order`);
  return bracket;
}
