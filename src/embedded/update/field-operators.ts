/** Operators on single fields: `$set`, `$setOnInsert`, `$unset`, `$inc`, `$mul`, `$min`, `$max`, `$currentDate`, `$bit`. */
import { Decimal128, Long, Timestamp } from 'bson';
import { add, multiply, type Numeric, toBigInt, toDecimal, widerType } from '../arithmetic/numbers.ts';
import { describeValue } from '../bson/describe.ts';
import { BsonType, type Document, isDocument, isNumeric, toDouble, typeName, typeOf } from '../bson/types.ts';
import { badValue, failedToParse, typeMismatch, unknownName } from '../errors.ts';
import type { Collation } from '../order/collation.ts';
import { compareValues } from '../order/compare.ts';
import { identical } from './identical.ts';
import { type ApplyContext, type Leaf, REMOVED, UNCHANGED } from './outcome.ts';

function change(before: unknown, after: unknown): unknown {
  return identical(before, after) ? UNCHANGED : after;
}

export function setOperator(operand: unknown): Leaf {
  return { operator: '$set', whenMissing: 'create', apply: (value) => change(value, operand) };
}

/** Left out of the tree when nothing is inserted: see updater.ts. */
export function setOnInsertOperator(operand: unknown): Leaf {
  return {
    operator: '$setOnInsert',
    whenMissing: 'create',
    apply: (value) => change(value, operand),
  };
}

export function unsetOperator(): Leaf {
  return {
    operator: '$unset',
    whenMissing: 'ignore',
    apply: (value) => (value === undefined ? UNCHANGED : REMOVED),
  };
}

/** `$inc` and `$mul`. */
export function arithmeticOperator(operator: '$inc' | '$mul', operand: unknown, path: string): Leaf {
  if (!isNumeric(operand)) {
    const verb = operator === '$inc' ? 'increment' : 'multiply';
    throw typeMismatch(`Cannot ${verb} with non-numeric argument: {${path}: ${describeValue(operand)}}`);
  }
  return {
    operator,
    whenMissing: 'create',
    apply(value, context) {
      if (value === undefined) return operator === '$inc' ? operand : zeroLike(operand);
      if (!isNumeric(value)) throw nonNumeric(operator, value, path, context);
      const result = operator === '$inc' ? add(value, operand) : multiply(value, operand);
      if (result === undefined) {
        throw badValue(
          `Failed to apply ${operator} operations to current value (${describeValue(value)}) for document ${describeId(context)}`,
        );
      }
      return change(value, result);
    },
  };
}

function nonNumeric(operator: string, value: unknown, path: string, context: ApplyContext): Error {
  return typeMismatch(
    `Cannot apply ${operator} to a value of non-numeric type. ${describeId(context)} has the field '${lastName(path)}' of non-numeric type ${typeName(typeOf(value))}`,
  );
}

function zeroLike(operand: Numeric): Numeric {
  switch (typeOf(operand)) {
    case BsonType.double:
      return toDouble(0);
    case BsonType.long:
      return Long.ZERO;
    case BsonType.decimal:
      return toDecimal(0);
    default:
      return 0;
  }
}

/** `$min` and `$max`, in the order of all BSON values. */
export function extremeOperator(
  operator: '$min' | '$max',
  operand: unknown,
  collation: Collation | undefined,
): Leaf {
  const sign = operator === '$min' ? 1 : -1;
  return {
    operator,
    whenMissing: 'create',
    apply(value) {
      if (value === undefined) return operand;
      return compareValues(value, operand, collation) * sign > 0 ? operand : UNCHANGED;
    },
  };
}

export function currentDateOperator(operand: unknown, path: string): Leaf {
  const type = currentDateType(operand, path);
  return {
    operator: '$currentDate',
    whenMissing: 'create',
    apply(_, context) {
      const now = context.now();
      return type === 'date' ? new Date(now) : timestampOf(now);
    },
  };
}

function currentDateType(operand: unknown, path: string): 'date' | 'timestamp' {
  if (typeof operand === 'boolean') return 'date';
  if (!isDocument(operand)) {
    throw badValue(
      `${typeName(typeOf(operand))} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  }
  for (const name of Object.keys(operand)) {
    if (name !== '$type') throw unknownName(2, `Unrecognized $currentDate option: ${name}`);
  }
  const { $type: type } = operand;
  if (type === 'date' || type === 'timestamp') return type;
  throw badValue(
    `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {${path} : {$type: 'date'}}}`,
  );
}

const MILLISECONDS_PER_SECOND = 1000;

/** Seconds, and a counter within the second: the milliseconds keep successive timestamps in order. */
function timestampOf(now: Date): Timestamp {
  const milliseconds = now.getTime();
  const seconds = Math.floor(milliseconds / MILLISECONDS_PER_SECOND);
  return new Timestamp({ t: seconds, i: milliseconds - seconds * MILLISECONDS_PER_SECOND + 1 });
}

const BIT_OPERATIONS: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  and: (left, right) => left & right,
  or: (left, right) => left | right,
  xor: (left, right) => left ^ right,
};

export function bitOperator(operand: unknown, path: string): Leaf {
  if (!isDocument(operand)) {
    throw badValue(
      `The $bit modifier is not compatible with a ${typeName(typeOf(operand))}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  const steps = Object.entries(operand).map(([name, argument]) => bitStep(name, argument));
  if (steps.length === 0)
    throw failedToParse(
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    );
  return {
    operator: '$bit',
    whenMissing: 'create',
    apply(value, context) {
      const start = value === undefined ? 0 : value;
      if (!isWhole(start)) {
        throw badValue(
          `Cannot apply $bit to a value of non-integral type.${describeId(context)} has the field ${lastName(path)} of non-integer type ${typeName(typeOf(value))}`,
        );
      }
      return change(
        value,
        steps.reduce((current, step) => step(current), start),
      );
    },
  };
}

function bitStep(name: string, argument: unknown): (value: Numeric) => Numeric {
  const operation = Object.hasOwn(BIT_OPERATIONS, name) ? BIT_OPERATIONS[name] : undefined;
  if (!operation) {
    throw badValue(
      `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${describeValue(argument)}}`,
    );
  }
  if (!isWhole(argument)) {
    throw badValue(
      `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(typeOf(argument))}' is not supported here: {${name}: ${describeValue(argument)}}`,
    );
  }
  return (value) => {
    const result = operation(toBigInt(value), toBigInt(argument));
    return widerType(typeOf(value), typeOf(argument)) === BsonType.int
      ? Number(result)
      : Long.fromBigInt(result);
  };
}

function isWhole(value: unknown): value is Numeric {
  if (value instanceof Decimal128) return false;
  const type = typeOf(value);
  return type === BsonType.int || type === BsonType.long;
}

export function describeId(context: ApplyContext): string {
  return describeValue({ _id: context.original._id } satisfies Document);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
