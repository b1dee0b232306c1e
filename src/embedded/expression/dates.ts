/** Date expressions: parts, text, arithmetic with calendar units. */
import { Long, ObjectId, Timestamp } from 'bson';
import { type Numeric, toNumber } from '../arithmetic/numbers.ts';
import { type Document, isDocument, isNullish, isNumeric, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { addUnits, differenceInUnits, parseUnit, truncateTo } from './calendar.ts';
import { formatDate } from './date-format.ts';
import { parseWithFormat } from './date-parse.ts';
import { parseDate } from './parse-date.ts';
import { type Compiler, type Evaluate, namedArguments, type OperatorCompiler, type Scope } from './scope.ts';
import { fromWallClock, toWallClock, type WallClock } from './time-zone.ts';
import { dayOfYear, isoWeek, isoWeekYear, weekday, weekOfYear } from './weeks.ts';

/** Milliseconds of a date-like value. @throws MongoError 16006 */
function instantOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (value instanceof ObjectId) return value.getTimestamp().getTime();
  if (value instanceof Timestamp) return value.t * 1000;
  throw new MongoError(16006, `can't convert from BSON type ${typeName(typeOf(value))} to Date`);
}

function optional(compiler: Compiler, expression: unknown): Evaluate | undefined {
  return expression === undefined ? undefined : compiler.compile(expression);
}

/** The zone of a scope; null when it evaluates to null. */
function zoneOf(zone: Evaluate | undefined, scope: Scope): string | null {
  if (!zone) return 'UTC';
  const value = zone(scope);
  if (isNullish(value)) return null;
  if (typeof value !== 'string')
    throw new MongoError(40517, `timezone must evaluate to a string, found ${typeName(typeOf(value))}`);
  return value;
}

/** `$year: '$at'` or `$year: {date: '$at', timezone: 'Europe/Rome'}`. */
function part(read: (clock: WallClock) => unknown): OperatorCompiler {
  return (operand, compiler, name) => {
    const [single] = Array.isArray(operand) && operand.length === 1 ? operand : [operand];
    const isNamed = isDocument(single) && !Object.keys(single)[0]?.startsWith('$');
    const given: Document = isNamed ? namedArguments(name, single, ['date'], ['timezone']) : { date: single };
    const date = compiler.compile(given.date);
    const zone = optional(compiler, given.timezone);
    return (scope) => {
      const value = date(scope);
      const zoneName = zoneOf(zone, scope);
      return isNullish(value) || zoneName === null ? null : read(toWallClock(instantOf(value), zoneName));
    };
  };
}

function compileDateToString(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = namedArguments(name, operand, ['date'], ['format', 'timezone', 'onNull']);
  const date = compiler.compile(given.date);
  const format = optional(compiler, given.format);
  const zone = optional(compiler, given.timezone);
  const onNull = optional(compiler, given.onNull);
  return (scope) => {
    const value = date(scope);
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    const zoneName = zoneOf(zone, scope);
    const pattern = format?.(scope);
    if (zoneName === null || (format && isNullish(pattern))) return null;
    return formatDate(instantOf(value), zoneName, typeof pattern === 'string' ? pattern : undefined);
  };
}

function compileDateFromString(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = namedArguments(name, operand, ['dateString'], ['format', 'timezone', 'onError', 'onNull']);
  const format = optional(compiler, given.format);
  const zone = optional(compiler, given.timezone);
  const text = compiler.compile(given.dateString);
  const onError = optional(compiler, given.onError);
  const onNull = optional(compiler, given.onNull);
  return (scope) => {
    const value = text(scope);
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    const zoneName = zoneOf(zone, scope);
    const pattern = format?.(scope);
    if (zoneName === null || (format && isNullish(pattern))) return null;
    try {
      if (typeof value !== 'string')
        throw new MongoError(
          241,
          `$dateFromString requires that 'dateString' be a string, found: ${typeName(typeOf(value))}`,
        );
      if (typeof pattern === 'string')
        return new Date(parseWithFormat(value, pattern, zone ? zoneName : undefined));
      return parseDate(value, zone ? zoneName : undefined);
    } catch (error) {
      if (onError && error instanceof MongoError && error.code === 241) return onError(scope);
      throw error;
    }
  };
}

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;

function compileDateFromParts(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = namedArguments(name, operand, ['year'], [...PARTS.slice(1), 'timezone']);
  const parts = PARTS.map((key) => optional(compiler, given[key]));
  const zone = optional(compiler, given.timezone);
  return (scope) => {
    const values = parts.map((evaluate, index) => (evaluate ? evaluate(scope) : index < 3 ? 1 : 0));
    const zoneName = zoneOf(zone, scope);
    if (zoneName === null || values.some(isNullish)) return null;
    const numbers = values.map((value) => (isNumeric(value) ? toNumber(value as Numeric) : Number.NaN));
    if (!numbers.every(Number.isInteger))
      throw new MongoError(40515, '$dateFromParts requires whole numbers');
    checkParts(numbers);
    const [year, month, day, hour, minute, second, millisecond] = numbers as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return new Date(fromWallClock({ year, month, day, hour, minute, second, millisecond }, zoneName));
  };
}

/** Further parts carry into the ones before them, as far as 16 bits go. */
function checkParts([year = 1, ...others]: readonly number[]): void {
  if (year < 1 || year > 9999)
    throw new MongoError(40523, `'year' must evaluate to an integer in the range 1 to 9999, found ${year}`);
  for (const [index, part] of others.slice(0, 4).entries()) {
    if (part < -32_768 || part > 32_767)
      throw new MongoError(
        31034,
        `'${PARTS[index + 1]}' must evaluate to a value in the range [-32768, 32767]; value ${part} is not in range`,
      );
  }
}

function compileDateToParts(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = namedArguments(name, operand, ['date'], ['timezone']);
  const date = compiler.compile(given.date);
  const zone = optional(compiler, given.timezone);
  return (scope) => {
    const value = date(scope);
    const zoneName = zoneOf(zone, scope);
    return isNullish(value) || zoneName === null ? null : { ...toWallClock(instantOf(value), zoneName) };
  };
}

/** `$dateAdd` and `$dateSubtract`. */
function shift(sign: 1 | -1): OperatorCompiler {
  return (operand, compiler, name) => {
    const given = namedArguments(name, operand, ['startDate', 'unit', 'amount'], ['timezone']);
    const [start, unit, amount] = ['startDate', 'unit', 'amount'].map((key) =>
      compiler.compile(given[key]),
    ) as [Evaluate, Evaluate, Evaluate];
    const zone = optional(compiler, given.timezone);
    return (scope) => {
      const values = [start(scope), unit(scope), amount(scope)];
      const zoneName = zoneOf(zone, scope);
      if (values.some(isNullish) || zoneName === null) return null;
      const count = isNumeric(values[2]) ? toNumber(values[2] as Numeric) : Number.NaN;
      if (!Number.isInteger(count))
        throw new MongoError(5166405, `${name} expects integer amount of time units`);
      return new Date(addUnits(instantOf(values[0]), parseUnit(name, values[1]), count * sign, zoneName));
    };
  };
}

function compileDateDiff(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = namedArguments(name, operand, ['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek']);
  const [start, end, unit] = ['startDate', 'endDate', 'unit'].map((key) => compiler.compile(given[key])) as [
    Evaluate,
    Evaluate,
    Evaluate,
  ];
  const zone = optional(compiler, given.timezone);
  const firstDay = optional(compiler, given.startOfWeek);
  return (scope) => {
    const values = [start(scope), end(scope), unit(scope)];
    const zoneName = zoneOf(zone, scope);
    if (values.some(isNullish) || zoneName === null) return null;
    const count = differenceInUnits(
      instantOf(values[0]),
      instantOf(values[1]),
      parseUnit(name, values[2]),
      zoneName,
      firstDay?.(scope),
    );
    return Long.fromNumber(count);
  };
}

function compileDateTrunc(operand: unknown, compiler: Compiler, name: string): Evaluate {
  const given = namedArguments(name, operand, ['date', 'unit'], ['binSize', 'timezone', 'startOfWeek']);
  const date = compiler.compile(given.date);
  const unit = compiler.compile(given.unit);
  const size = optional(compiler, given.binSize);
  const zone = optional(compiler, given.timezone);
  const firstDay = optional(compiler, given.startOfWeek);
  return (scope) => {
    const value = date(scope);
    const unitName = unit(scope);
    const zoneName = zoneOf(zone, scope);
    const binSize = size ? size(scope) : 1;
    if (isNullish(value) || isNullish(unitName) || isNullish(binSize) || zoneName === null) return null;
    return new Date(
      truncateTo(
        instantOf(value),
        parseUnit(name, unitName),
        toNumber(binSize as Numeric),
        zoneName,
        firstDay?.(scope),
      ),
    );
  };
}

export const DATE_OPERATORS: Readonly<Record<string, OperatorCompiler>> = {
  $year: part((clock) => clock.year),
  $month: part((clock) => clock.month),
  $dayOfMonth: part((clock) => clock.day),
  $hour: part((clock) => clock.hour),
  $minute: part((clock) => clock.minute),
  $second: part((clock) => clock.second),
  $millisecond: part((clock) => clock.millisecond),
  $dayOfYear: part(dayOfYear),
  $dayOfWeek: part((clock) => weekday(clock) + 1),
  $isoDayOfWeek: part((clock) => weekday(clock) || 7),
  $week: part(weekOfYear),
  $isoWeek: part(isoWeek),
  $isoWeekYear: part((clock) => Long.fromNumber(isoWeekYear(clock))),
  $dateToString: compileDateToString,
  $dateFromString: compileDateFromString,
  $dateFromParts: compileDateFromParts,
  $dateToParts: compileDateToParts,
  $dateAdd: shift(1),
  $dateSubtract: shift(-1),
  $dateDiff: compileDateDiff,
  $dateTrunc: compileDateTrunc,
};
