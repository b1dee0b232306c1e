/** `$type`, `$convert` and its short forms. */
import { Decimal128, Long, ObjectId } from 'bson';
import { type Numeric, toDecimal, toNumber } from '../arithmetic/numbers.ts';
import { BsonType, isNullish, isNumeric, TYPE_ALIASES, toDouble, typeName, typeOf } from '../bson/types.ts';
import { MongoError, notSupported } from '../errors.ts';
import { wholePart } from '../matcher/element.ts';
import { parseDate } from './parse-date.ts';
import { type Compiler, type Evaluate, fixed, namedArguments, type OperatorCompiler } from './scope.ts';
import { convertToString } from './to-string.ts';

const CONVERSION_FAILURE = 241;

function failure(message: string): MongoError {
  return new MongoError(CONVERSION_FAILURE, message);
}

function unsupported(value: unknown, target: number): MongoError {
  return failure(
    `Unsupported conversion from ${typeName(typeOf(value))} to ${typeName(target)} in $convert with no onError value`,
  );
}

/** Converts a value that is not null. @throws MongoError 241 */
export function convert(value: unknown, target: number): unknown {
  if (typeOf(value) === target && target !== BsonType.double) return value;
  switch (target) {
    case BsonType.bool:
      return isNumeric(value) ? toNumber(value) !== 0 : true;
    case BsonType.string:
      return toText(value);
    case BsonType.int:
    case BsonType.long:
      return toWhole(value, target);
    case BsonType.double:
      return toDouble(toReal(value));
    case BsonType.decimal:
      return toExact(value);
    case BsonType.date:
      return toDate(value);
    case BsonType.objectId:
      return toObjectId(value);
    default:
      throw notSupported(`$convert to ${typeName(target)}`, 2);
  }
}

function toText(value: unknown): string {
  const type = typeOf(value);
  const known =
    isNumeric(value) || type === BsonType.bool || type === BsonType.objectId || type === BsonType.date;
  if (known) return convertToString(value);
  throw unsupported(value, BsonType.string);
}

function toWhole(value: unknown, target: number): unknown {
  const bits = target === BsonType.int ? 32n : 64n;
  const limit = 2n ** (bits - 1n);
  const whole = wholeFrom(value, target);
  if (whole === undefined || whole >= limit || whole < -limit) {
    throw failure(
      `Conversion would overflow target type in $convert with no onError value: ${convertToString(value)}`,
    );
  }
  return target === BsonType.int ? Number(whole) : Long.fromBigInt(whole);
}

const WHOLE_TEXT = /^[+-]?\d+$/;

function wholeFrom(value: unknown, target: number): bigint | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (isNumeric(value)) return wholePart(value);
  if (value instanceof Date && target === BsonType.long) return BigInt(value.getTime());
  if (typeof value !== 'string') throw unsupported(value, target);
  if (!WHOLE_TEXT.test(value)) {
    throw failure(
      `Failed to parse number '${value}' in $convert with no onError value: Did not consume whole string.`,
    );
  }
  return BigInt(value.replace('+', ''));
}

const REAL_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$|^[+-]?(?:inf|infinity|nan)$/i;

function toReal(value: unknown): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.getTime();
  if (value instanceof Decimal128) {
    const number = toNumber(value);
    if (!Number.isFinite(number) && !/[IN]/.test(value.toString()))
      throw failure('Conversion would overflow target type in $convert with no onError value');
    return number;
  }
  if (isNumeric(value)) return toNumber(value);
  if (typeof value !== 'string') throw unsupported(value, BsonType.double);
  if (!REAL_TEXT.test(value))
    throw failure(`Failed to parse number '${value}' in $convert with no onError value`);
  if (/nan/i.test(value)) return Number.NaN;
  if (/inf/i.test(value)) return value.startsWith('-') ? -Infinity : Infinity;
  return Number(value);
}

function toExact(value: unknown): Decimal128 {
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0');
  if (value instanceof Date) return Decimal128.fromString(String(value.getTime()));
  if (isNumeric(value)) return toDecimal(value as Numeric);
  if (typeof value !== 'string') throw unsupported(value, BsonType.decimal);
  if (!REAL_TEXT.test(value))
    throw failure(`Failed to parse number '${value}' in $convert with no onError value`);
  return Decimal128.fromStringWithRounding(value);
}

function toDate(value: unknown): Date {
  if (value instanceof ObjectId) return value.getTimestamp();
  if (typeof value === 'string') return parseDate(value);
  const type = typeOf(value);
  if (type === BsonType.timestamp) return new Date((value as Long).high * 1000);
  // An int is refused by MongoDB: seconds and milliseconds could not be told apart.
  if (type === BsonType.long || type === BsonType.double || type === BsonType.decimal) {
    return new Date(Math.trunc(toNumber(value as Numeric)));
  }
  throw unsupported(value, BsonType.date);
}

function toObjectId(value: unknown): ObjectId {
  if (typeof value !== 'string') throw unsupported(value, BsonType.objectId);
  if (!/^[0-9a-fA-F]{24}$/.test(value)) {
    throw failure(
      `Failed to parse objectId '${value}' in $convert with no onError value: Invalid string length for parsing to OID, expected 24 but found ${value.length}`,
    );
  }
  return ObjectId.createFromHexString(value);
}

function shortForm(target: number): OperatorCompiler {
  return fixed(1, (value) => (isNullish(value) ? null : convert(value, target)));
}

function compileConvert(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = namedArguments(name, operand, ['input', 'to'], ['onError', 'onNull']);
  const input = compiler.compile(given.input);
  const to = compiler.compile(given.to);
  const onError = given.onError === undefined ? undefined : compiler.compile(given.onError);
  const onNull = given.onNull === undefined ? () => null : compiler.compile(given.onNull);
  return (scope) => {
    const value = input(scope);
    if (isNullish(value)) return onNull(scope);
    const wanted = to(scope);
    if (isNullish(wanted)) return null;
    const target = targetType(wanted);
    if (!onError) return convert(value, target);
    try {
      return convert(value, target);
    } catch (error) {
      // onError is for values that cannot be converted; refusals and faults of ours go on.
      if (error instanceof MongoError && error.code === CONVERSION_FAILURE) return onError(scope);
      throw error;
    }
  };
}

function targetType(name: unknown): number {
  if (isNumeric(name)) return toNumber(name);
  const code = typeof name === 'string' && Object.hasOwn(TYPE_ALIASES, name) ? TYPE_ALIASES[name] : undefined;
  if (code === undefined) throw new MongoError(2, `Unknown type name: ${String(name)}`);
  return code;
}

export const CONVERSION_OPERATORS: Readonly<Record<string, OperatorCompiler>> = {
  $type: fixed(1, (value) => typeName(typeOf(value))),
  $isNumber: fixed(1, isNumeric),
  $convert: compileConvert,
  $toString: shortForm(BsonType.string),
  $toInt: shortForm(BsonType.int),
  $toLong: shortForm(BsonType.long),
  $toDouble: shortForm(BsonType.double),
  $toDecimal: shortForm(BsonType.decimal),
  $toBool: shortForm(BsonType.bool),
  $toDate: shortForm(BsonType.date),
  $toObjectId: shortForm(BsonType.objectId),
};
