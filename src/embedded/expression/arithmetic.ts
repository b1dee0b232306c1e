/** Arithmetic expressions. Null or missing gives null; whole numbers that exceed 64 bits become doubles. */
import { Decimal128, Long } from 'bson';
import { divideDecimals, negateDecimal, remainderOfDecimals, roundDecimal } from '../arithmetic/decimal.ts';
import {
  add,
  combine,
  multiply,
  type Numeric,
  toBigInt,
  toDecimal,
  toNumber,
  widerType,
} from '../arithmetic/numbers.ts';
import { sumOf } from '../arithmetic/summation.ts';
import { BsonType, fitsInt32, isNullish, isNumeric, toDouble, typeName, typeOf } from '../bson/types.ts';
import { MongoError, notSupported, typeMismatch } from '../errors.ts';
import { between, fixed, type OperatorCompiler, variadic } from './scope.ts';

/** The numbers of a list, or undefined when one is null or missing. */
function numbers(
  name: string,
  values: readonly unknown[],
  what = 'numeric types',
  codes: readonly number[] = [],
): Numeric[] | undefined {
  if (values.some(isNullish)) return undefined;
  return values.map((value, index) => {
    if (isNumeric(value)) return value;
    const message = `${name} only supports ${what}, not ${typeName(typeOf(value))}`;
    const code = codes[index];
    throw code === undefined ? typeMismatch(message) : new MongoError(code, message);
  });
}

/** The number of an expression of one argument, or undefined when it is null or missing. */
function single(name: string, value: unknown, code = 28765): Numeric | undefined {
  if (isNullish(value)) return undefined;
  if (isNumeric(value)) return value;
  throw new MongoError(code, `${name} only supports numeric types, not ${typeName(typeOf(value))}`);
}

function addAll(values: readonly unknown[]): unknown {
  if (values.some(isNullish)) return null;
  const dates = values.filter((value) => value instanceof Date);
  const others =
    numbers(
      '$add',
      values.filter((value) => !(value instanceof Date)),
      'numeric or date types',
    ) ?? [];
  if (dates.length > 1) throw new MongoError(16612, 'only one date allowed in an $add expression');
  const sum = sumOf(others);
  return dates[0] ? new Date(dates[0].getTime() + Math.round(toNumber(sum))) : sum;
}

function subtract(left: unknown, right: unknown): unknown {
  if (isNullish(left) || isNullish(right)) return null;
  if (left instanceof Date) {
    if (right instanceof Date) return Long.fromNumber(left.getTime() - right.getTime());
    if (isNumeric(right)) return new Date(left.getTime() - Math.round(toNumber(right)));
  }
  if (!isNumeric(left) || !isNumeric(right)) {
    throw typeMismatch(`can't $subtract ${typeName(typeOf(right))} from ${typeName(typeOf(left))}`);
  }
  const difference = combine(left, right, {
    whole: (a, b) => a - b,
    double: (a, b) => a - b,
    decimal: (a, b) => add(a, negateDecimal(b)) as Decimal128,
  });
  return difference ?? toDouble(toNumber(left) - toNumber(right));
}

function multiplyAll(values: readonly unknown[]): unknown {
  const factors = numbers('$multiply', values);
  if (!factors) return null;
  return factors.reduce(
    (product, value) => multiply(product, value) ?? toDouble(toNumber(product) * toNumber(value)),
    1,
  );
}

function divide(left: unknown, right: unknown): unknown {
  const pair = numbers('$divide', [left, right]);
  if (!pair) return null;
  const [dividend, divisor] = pair as [Numeric, Numeric];
  if (toNumber(divisor) === 0) throw new MongoError(2, "can't $divide by zero");
  if (dividend instanceof Decimal128 || divisor instanceof Decimal128) {
    return divideDecimals(toDecimal(dividend), toDecimal(divisor));
  }
  return toDouble(toNumber(dividend) / toNumber(divisor));
}

function remainder(left: unknown, right: unknown): unknown {
  const pair = numbers('$mod', [left, right], 'numeric types', [16611, 16611]);
  if (!pair) return null;
  const [dividend, divisor] = pair as [Numeric, Numeric];
  if (toNumber(divisor) === 0) throw new MongoError(16610, "can't $mod by zero");
  return combine(dividend, divisor, {
    whole: (a, b) => a % b,
    double: (a, b) => a % b,
    decimal: remainderOfDecimals,
  });
}

function absolute(value: unknown): unknown {
  const number = single('$abs', value);
  if (number === undefined) return null;
  if (number instanceof Decimal128) return number.toString().startsWith('-') ? negateDecimal(number) : number;
  if (typeOf(number) === BsonType.double) return toDouble(Math.abs(toNumber(number)));
  const whole = toBigInt(number);
  return wholeOf(whole < 0n ? -whole : whole, typeOf(number));
}

function wholeOf(value: bigint, type: number): Numeric {
  if (value > 2n ** 63n - 1n) throw new MongoError(28680, "can't take $abs of long long min");
  return type === BsonType.int && fitsInt32(Number(value)) ? Number(value) : Long.fromBigInt(value);
}

/** `$ceil` and `$floor`: whole numbers stay, doubles stay doubles. */
function towards(name: string, round: (value: number) => number): OperatorCompiler {
  return fixed(1, (value) => {
    const number = single(name, value);
    if (number === undefined) return null;
    if (number instanceof Decimal128) return roundDecimalTowards(number, round);
    return typeOf(number) === BsonType.double ? toDouble(round(toNumber(number))) : number;
  });
}

function roundDecimalTowards(value: Decimal128, round: (value: number) => number): Decimal128 {
  const whole = roundDecimal(value, 0, 'truncate');
  const cut = subtract(value, whole) as Decimal128;
  const fraction = Number(cut.toString());
  // Only the direction matters: -1, 0 or 1 more than the truncated value.
  return fraction === 0 ? whole : (add(whole, round(Math.sign(fraction) / 2)) as Decimal128);
}

const MINIMUM_PLACE = -20;
const MAXIMUM_PLACE = 100;

/** `$round` (half to even) and `$trunc`, both to a number of decimal places. */
function toPlace(name: '$round' | '$trunc', mode: 'halfEven' | 'truncate'): OperatorCompiler {
  return between(1, 2, (value, place = 0) => {
    if (isNullish(value) || isNullish(place)) return null;
    const number = single(name, value, 51081) as Numeric;
    const places = isNumeric(place) ? toNumber(place) : Number.NaN;
    if (!Number.isInteger(places))
      throw new MongoError(51082, `precision argument to  ${name} must be a integral value`);
    if (places < MINIMUM_PLACE || places > MAXIMUM_PLACE) {
      throw new MongoError(
        51083,
        `cannot apply ${name} with precision value ${places} value must be in [-20, 100]`,
      );
    }
    const type = typeOf(number);
    if (type === BsonType.decimal) return roundDecimal(number as Decimal128, places, mode);
    if (type === BsonType.double) return roundDouble(toNumber(number), places, mode);
    if (places >= 0) return number;
    const rounded = roundDecimal(toDecimal(number), places, mode);
    return wholeOf(BigInt(Number(rounded.toString())), type);
  });
}

/** Through the double's exact decimal value, so that ties are real ties. */
function roundDouble(value: number, places: number, mode: 'halfEven' | 'truncate'): unknown {
  if (!Number.isFinite(value)) return value;
  const rounded = roundDecimal(Decimal128.fromStringWithRounding(value.toPrecision(34)), places, mode);
  return toDouble(Number(rounded.toString()));
}

/** Functions on doubles. Decimals would need their own series; they are refused. */
function real(
  name: string,
  apply: (value: number) => number,
  domain?: { holds(value: number): boolean; words: string; code: number },
): OperatorCompiler {
  return fixed(1, (value) => {
    const number = single(name, value);
    if (number === undefined) return null;
    if (number instanceof Decimal128) throw notSupported(`${name} of a Decimal128`, 2);
    const double = toNumber(number);
    if (domain && !Number.isNaN(double) && !domain.holds(double))
      throw new MongoError(domain.code, `${name}'s argument must be ${domain.words}, but is ${double}`);
    return toDouble(apply(double));
  });
}

function power(base: unknown, exponent: unknown): unknown {
  const pair = numbers('$pow', [base, exponent], 'numeric types', [28762, 28763]);
  if (!pair) return null;
  const [left, right] = pair as [Numeric, Numeric];
  if (left instanceof Decimal128 || right instanceof Decimal128)
    throw notSupported('$pow of a Decimal128', 2);
  if (toNumber(left) === 0 && toNumber(right) < 0) {
    throw new MongoError(28764, '$pow cannot take a base of 0 and a negative exponent');
  }
  const type = widerType(typeOf(left), typeOf(right));
  const result = toNumber(left) ** toNumber(right);
  if (type === BsonType.double || !Number.isInteger(result) || toNumber(right) < 0) return toDouble(result);
  const whole = toBigInt(left) ** toBigInt(right);
  return whole > 2n ** 63n - 1n || whole < -(2n ** 63n) ? toDouble(result) : wholeOf(whole, type);
}

function logarithm(value: unknown, base: unknown): unknown {
  const pair = numbers('$log', [value, base], 'numeric types', [28756, 28757]);
  if (!pair) return null;
  const [argument, root] = pair.map(toNumber) as [number, number];
  if (argument <= 0)
    throw new MongoError(28758, `$log's argument must be a positive number, but is ${argument}`);
  if (root <= 0 || root === 1)
    throw new MongoError(28759, `$log's base must be a positive number not equal to 1, but is ${root}`);
  return toDouble(Math.log(argument) / Math.log(root));
}

const POSITIVE = { holds: (value: number) => value > 0, words: 'a positive number' };

export const ARITHMETIC_OPERATORS: Readonly<Record<string, OperatorCompiler>> = {
  $add: variadic(addAll),
  $subtract: fixed(2, subtract),
  $multiply: variadic(multiplyAll),
  $divide: fixed(2, divide),
  $mod: fixed(2, remainder),
  $abs: fixed(1, absolute),
  $ceil: towards('$ceil', Math.ceil),
  $floor: towards('$floor', Math.floor),
  $round: toPlace('$round', 'halfEven'),
  $trunc: toPlace('$trunc', 'truncate'),
  $sqrt: real('$sqrt', Math.sqrt, {
    holds: (value) => value >= 0,
    words: 'greater than or equal to 0',
    code: 28714,
  }),
  $exp: real('$exp', Math.exp),
  $ln: real('$ln', Math.log, { ...POSITIVE, code: 28766 }),
  $log10: real('$log10', Math.log10, { ...POSITIVE, code: 28761 }),
  $log: fixed(2, logarithm),
  $pow: fixed(2, power),
  $rand: (_, compiler) => () => compiler.random(),
};
