/** String expressions. CP counts code points, Bytes counts UTF-8. Only ASCII letters change case, as in MongoDB. */
import { Buffer } from 'node:buffer';
import { BSONRegExp, BSONSymbol } from 'bson';
import { type Numeric, toNumber } from '../arithmetic/numbers.ts';
import { type Document, isNullish, isNumeric, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { toRegExp } from '../matcher/regex.ts';
import { compareUtf8 } from '../order/compare.ts';
import { between, fixed, namedArguments, type OperatorCompiler, variadic } from './scope.ts';
import { coerceToString } from './to-string.ts';

function requireString(name: string, value: unknown, code = 14): string {
  if (typeof value === 'string') return value;
  if (value instanceof BSONSymbol) return value.value;
  throw new MongoError(code, `${name} requires a string argument, found: ${typeName(typeOf(value))}`);
}

function concat(values: readonly unknown[]): unknown {
  if (values.some(isNullish)) return null;
  return values
    .map((value) => {
      if (typeof value === 'string') return value;
      throw new MongoError(16702, `$concat only supports strings, not ${typeName(typeOf(value))}`);
    })
    .join('');
}

function asciiCase(convert: (text: string) => string, letters: RegExp): OperatorCompiler {
  return fixed(1, (value) => coerceToString(value).replace(letters, convert));
}

/** @param codes for what is no number, and for one that is not whole */
function whole(name: string, value: unknown, codes: { other: number; fraction: number }): number {
  const number = isNumeric(value) ? toNumber(value as Numeric) : undefined;
  if (number !== undefined && Number.isInteger(number)) return number;
  throw new MongoError(
    number === undefined ? codes.other : codes.fraction,
    `${name}: argument must be a whole number, found ${typeName(typeOf(value))}`,
  );
}

function substringCodePoints(text: unknown, start: unknown, count: unknown): string {
  const from = whole('$substrCP', start, { other: 34450, fraction: 34451 });
  const length = whole('$substrCP', count, { other: 34452, fraction: 34453 });
  if (from < 0) throw new MongoError(34455, '$substrCP: the starting index must be a non-negative integer');
  if (length < 0) throw new MongoError(34454, '$substrCP: length must be a non-negative integer');
  return [...coerceToString(text)].slice(from, from + length).join('');
}

function substringBytes(text: unknown, start: unknown, count: unknown): string {
  const bytes = Buffer.from(coerceToString(text), 'utf8');
  const from = whole('$substrBytes', start, { other: 16034, fraction: 16034 });
  const length = whole('$substrBytes', count, { other: 16035, fraction: 16035 });
  if (from < 0) throw new MongoError(50752, '$substrBytes: starting index must be non-negative');
  const end = length < 0 ? bytes.length : Math.min(from + length, bytes.length);
  if (isContinuation(bytes[from]))
    throw new MongoError(28656, '$substrBytes: Invalid range, starting index is a UTF-8 continuation byte.');
  if (isContinuation(bytes[end]))
    throw new MongoError(
      28657,
      '$substrBytes: Invalid range, ending index is in the middle of a UTF-8 character.',
    );
  return bytes.toString('utf8', Math.min(from, bytes.length), end);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function split(text: unknown, separator: unknown): unknown {
  if (isNullish(text) || isNullish(separator)) return null;
  const delimiter = requireString('$split', separator, 40086);
  if (delimiter === '') throw new MongoError(40087, '$split requires a non-empty separator');
  return requireString('$split', text, 40085).split(delimiter);
}

/** Source of the default characters: https://www.mongodb.com/docs/manual/reference/operator/aggregation/trim/ */
const WHITESPACE = new Set(
  '\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
);

function trim(atStart: boolean, atEnd: boolean): OperatorCompiler {
  return (operand, compiler, name) => {
    const given = namedArguments(name, operand, ['input'], ['chars']);
    const input = compiler.compile(given.input);
    const chars = given.chars === undefined ? undefined : compiler.compile(given.chars);
    return (scope) => {
      const text = input(scope);
      const wanted = chars?.(scope);
      if (isNullish(text) || (chars && isNullish(wanted))) return null;
      const set = chars ? new Set(requireString(name, wanted, 50700)) : WHITESPACE;
      const points = [...requireString(name, text, 50699)];
      let start = 0;
      let end = points.length;
      while (atStart && start < end && set.has(points[start] as string)) start++;
      while (atEnd && end > start && set.has(points[end - 1] as string)) end--;
      return points.slice(start, end).join('');
    };
  };
}

const INDEX_CODES = { other: 40096, fraction: 40096 };

function indexOf(
  name: string,
  [noText, noToken]: readonly [number, number],
  toUnits: (text: string) => Buffer | readonly string[],
  find: (units: string, token: string) => number,
): OperatorCompiler {
  return between(2, 4, (text, token, start, end) => {
    if (isNullish(text)) return null;
    const source = requireString(name, text, noText);
    const wanted = requireString(name, token, noToken);
    const units = toUnits(source);
    const from = start === undefined ? 0 : whole(name, start, INDEX_CODES);
    const to = end === undefined ? units.length : Math.min(whole(name, end, INDEX_CODES), units.length);
    if (from < 0 || to < 0)
      throw new MongoError(40097, `${name} requires a nonnegative starting and ending index`);
    if (from > to) return -1;
    const part = units.slice(from, to);
    const index = find(
      typeof part === 'string' ? part : Buffer.isBuffer(part) ? part.toString('latin1') : part.join(''),
      wanted,
    );
    return index < 0 ? -1 : index + from;
  });
}

function findBytes(latin1: string, token: string): number {
  return latin1.indexOf(Buffer.from(token, 'utf8').toString('latin1'));
}

function findCodePoints(text: string, token: string): number {
  const index = text.indexOf(token);
  return index < 0 ? -1 : [...text.slice(0, index)].length;
}

const REPLACE_CODES = { input: 51746, find: 51745, replacement: 51744 };

function replacer(all: boolean): OperatorCompiler {
  return (operand, compiler, name) => {
    const given = namedArguments(name, operand, ['input', 'find', 'replacement']);
    const parts = Object.keys(REPLACE_CODES).map((key) => compiler.compile(given[key]));
    const codes = Object.values(REPLACE_CODES);
    return (scope) => {
      const values = parts.map((part) => part(scope));
      if (values.some(isNullish)) return null;
      const [input, find, replacement] = values.map((value, index) =>
        requireString(name, value, codes[index]),
      ) as [string, string, string];
      return all ? input.replaceAll(find, () => replacement) : input.replace(find, () => replacement);
    };
  };
}

function regexOperator(
  use: (text: string, expression: RegExp) => unknown,
  whenNull: unknown,
): OperatorCompiler {
  return (operand, compiler, name) => {
    const given = namedArguments(name, operand, ['input', 'regex'], ['options']);
    const input = compiler.compile(given.input);
    const regex = compiler.compile(given.regex);
    const options = given.options === undefined ? undefined : compiler.compile(given.options);
    return (scope) => {
      const text = input(scope);
      const pattern = regex(scope);
      const flags = options?.(scope);
      if (isNullish(text) || isNullish(pattern)) return whenNull;
      const expression =
        pattern instanceof BSONRegExp ? pattern : new BSONRegExp(requireString(name, pattern, 51105));
      return use(
        requireString(name, text, 51104),
        toRegExp(expression.pattern, regexFlags(name, expression, flags)),
      );
    };
  };
}

/** Beside the pattern or in it, not in both. */
function regexFlags(name: string, expression: BSONRegExp, given: unknown): string {
  if (isNullish(given)) return expression.options;
  const flags = requireString(name, given, 51106);
  if (expression.options !== '')
    throw new MongoError(
      51107,
      `${name}: found regex option(s) specified in both 'regex' and 'option' fields`,
    );
  return flags;
}

function describeMatch(match: RegExpExecArray | RegExpMatchArray): Document {
  const index = match.index ?? 0;
  return {
    match: match[0],
    idx: [...(match.input ?? '').slice(0, index)].length,
    captures: match.slice(1).map((capture) => capture ?? null),
  };
}

export const STRING_OPERATORS: Readonly<Record<string, OperatorCompiler>> = {
  $concat: variadic(concat),
  $toLower: asciiCase((text) => text.toLowerCase(), /[A-Z]+/g),
  $toUpper: asciiCase((text) => text.toUpperCase(), /[a-z]+/g),
  $strcasecmp: fixed(2, (left, right) =>
    Math.sign(
      compareUtf8(
        coerceToString(left).replace(/[a-z]+/g, upper),
        coerceToString(right).replace(/[a-z]+/g, upper),
      ),
    ),
  ),
  $substr: fixed(3, substringBytes),
  $substrBytes: fixed(3, substringBytes),
  $substrCP: fixed(3, substringCodePoints),
  $strLenCP: fixed(1, (value) => [...requireString('$strLenCP', value, 34471)].length),
  $strLenBytes: fixed(1, (value) => Buffer.byteLength(requireString('$strLenBytes', value, 34473), 'utf8')),
  $split: fixed(2, split),
  $trim: trim(true, true),
  $ltrim: trim(true, false),
  $rtrim: trim(false, true),
  $indexOfCP: indexOf('$indexOfCP', [40093, 40094], (text) => [...text], findCodePoints),
  $indexOfBytes: indexOf('$indexOfBytes', [40091, 40092], (text) => Buffer.from(text, 'utf8'), findBytes),
  $replaceOne: replacer(false),
  $replaceAll: replacer(true),
  $regexMatch: regexOperator((text, expression) => expression.test(text), false),
  $regexFind: regexOperator((text, expression) => {
    const match = expression.exec(text);
    return match ? describeMatch(match) : null;
  }, null),
  $regexFindAll: regexOperator(
    (text, expression) =>
      [...text.matchAll(new RegExp(expression, `${expression.flags}g`))].map(describeMatch),
    [],
  ),
};

function upper(text: string): string {
  return text.toUpperCase();
}
