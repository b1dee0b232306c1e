/**
 * BSON types as the store sees them. How each value looks in memory after `decode`:
 *
 *   int32               number (a safe integer within 32 bits, not -0)
 *   double              number when it cannot be mistaken for an int32, else `Double`
 *   int64, decimal      `Long`, `Decimal128`
 *   string, bool, null, date, array    string, boolean, null, Date, Array
 *   document            plain object (also for DBRefs)
 *   everything else     the class of the bson package; undefined (deprecated) is `BSON_UNDEFINED`
 *
 * JavaScript's `undefined` never stands for a stored value: it means "missing".
 */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';

export type Document = Record<string, unknown>;

/** BSON type numbers. Source: https://bsonspec.org/spec.html */
export const BsonType = {
  missing: 0,
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
} as const;

/** The aliases of `$type`. Source: https://www.mongodb.com/docs/manual/reference/operator/query/type/ */
export const TYPE_ALIASES: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(BsonType).filter(([name]) => name !== 'missing'),
);

const TYPE_NAMES = new Map<number, string>(Object.entries(BsonType).map(([name, code]) => [code, name]));

/** Alias of a BSON type number ("string", "objectId"), as in MongoDB's messages and `$type` expressions. */
export function typeName(code: number): string {
  return TYPE_NAMES.get(code) ?? `unknown type ${code}`;
}

/** BSON's deprecated type 6. A value of its own, since JavaScript's undefined means "missing" here. */
export class BsonUndefined {
  toString(): string {
    return 'undefined';
  }
}
export const BSON_UNDEFINED = new BsonUndefined();

/** BSON's deprecated type 12. The bson package turns it into a DBRef, which would change its bits. */
export class DbPointer {
  readonly namespace: string;
  readonly id: ObjectId;
  constructor(namespace: string, id: ObjectId) {
    this.namespace = namespace;
    this.id = id;
  }
}

const INT32_MIN = -0x80000000;
const INT32_MAX = 0x7fffffff;

/** Whether a JavaScript number is stored as int32; every other number is a double. */
export function isInt32(value: number): boolean {
  return value === (value | 0) && !Object.is(value, -0);
}

export function fitsInt32(value: number): boolean {
  return Number.isInteger(value) && value >= INT32_MIN && value <= INT32_MAX;
}

/** A JavaScript number that must be stored as a double. */
export function toDouble(value: number): number | Double {
  return isInt32(value) ? new Double(value) : value;
}

const OBJECT_PROTOTYPE = Object.prototype;

const TYPE_OF_PROTOTYPE = new Map<unknown, number>([
  [OBJECT_PROTOTYPE, BsonType.object],
  [null, BsonType.object],
  [Date.prototype, BsonType.date],
  [Double.prototype, BsonType.double],
  [Int32.prototype, BsonType.int],
  [Long.prototype, BsonType.long],
  [Decimal128.prototype, BsonType.decimal],
  [ObjectId.prototype, BsonType.objectId],
  [Timestamp.prototype, BsonType.timestamp],
  [BSONRegExp.prototype, BsonType.regex],
  [BSONSymbol.prototype, BsonType.symbol],
  [MinKey.prototype, BsonType.minKey],
  [MaxKey.prototype, BsonType.maxKey],
  [BsonUndefined.prototype, BsonType.undefined],
  [DbPointer.prototype, BsonType.dbPointer],
]);

/**
 * BSON type number of a value in memory; 0 for missing.
 * Goes by the prototype and never by `_bsontype`, which a stored document may contain as a field.
 * @throws TypeError for a value that no BSON decoder makes (a function, say): a fault in our code.
 */
export function typeOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return BsonType.string;
    case 'number':
      return isInt32(value) ? BsonType.int : BsonType.double;
    case 'boolean':
      return BsonType.bool;
    case 'undefined':
      return BsonType.missing;
    case 'bigint':
      return BsonType.long;
    case 'object':
      break;
    default:
      throw new TypeError(`a ${typeof value} is not a BSON value`);
  }
  if (value === null) return BsonType.null;
  if (Array.isArray(value)) return BsonType.array;
  const known = TYPE_OF_PROTOTYPE.get(Object.getPrototypeOf(value));
  if (known !== undefined) return known;
  if (value instanceof Binary || value instanceof Uint8Array) return BsonType.binData;
  if (value instanceof Code) return value.scope ? BsonType.javascriptWithScope : BsonType.javascript;
  if (value instanceof RegExp) return BsonType.regex;
  return BsonType.object;
}

/** A document: not an array, not a value class. */
export function isDocument(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === OBJECT_PROTOTYPE || prototype === null;
}

export function isNumeric(value: unknown): value is number | Double | Int32 | Long | Decimal128 | bigint {
  if (typeof value === 'number') return true;
  const type = typeOf(value);
  return (
    type === BsonType.double || type === BsonType.int || type === BsonType.long || type === BsonType.decimal
  );
}

export function isNullish(value: unknown): boolean {
  return value === undefined || value === null || value === BSON_UNDEFINED;
}
