/**
 * `$regex`: PCRE patterns on JavaScript's engine. The pattern is rewritten token by token, because the two dialects
 * read the same text differently (`$` before a final newline, `.` and line separators, `\s`, `\h`, `\A`, POSIX
 * classes, `(?i)`); what JavaScript cannot express is refused.
 */
import { BSONRegExp, BSONSymbol } from 'bson';
import { badValue, MongoError } from '../errors.ts';
import { regexParts } from '../order/compare.ts';
import { translatePattern } from './pcre.ts';
import type { Predicate } from './walk.ts';

/** Flags of a BSON regular expression. Source: https://www.mongodb.com/docs/manual/reference/operator/query/regex/ */
const KNOWN_FLAGS = /^[imsxu]*$/;

const MAXIMUM_CACHED = 256;
const cache = new Map<string, RegExp>();

/**
 * A predicate that holds for matching strings, and for a stored regular expression with the same pattern and flags.
 * @throws MongoError 51091 for a pattern that cannot be compiled; refuses PCRE features without a counterpart
 */
export function compileRegex(pattern: string, flags: string): Predicate {
  const expression = toRegExp(pattern, flags);
  return (value) => {
    if (typeof value === 'string') return expression.test(value);
    if (value instanceof BSONSymbol) return expression.test(value.value);
    if (value instanceof BSONRegExp || value instanceof RegExp) {
      const [otherPattern, otherFlags] = regexParts(value);
      return otherPattern === pattern && otherFlags === flags;
    }
    return false;
  };
}

/** The JavaScript form of a PCRE pattern, without state (`lastIndex` is never used). */
export function toRegExp(pattern: string, flags: string): RegExp {
  const key = `${flags}/${pattern}`;
  const known = cache.get(key);
  if (known) return known;
  if (!KNOWN_FLAGS.test(flags)) throw new MongoError(51108, `invalid flag in regex options: ${flags}`);
  if (pattern.includes('\0')) throw badValue('Regular expression cannot contain an embedded null byte');
  const translated = translatePattern(pattern, flags);
  let expression: RegExp;
  try {
    expression = new RegExp(translated.source, translated.ignoreCase ? 'iu' : 'u');
  } catch (cause) {
    throw new MongoError(51091, `Regular expression is invalid: ${(cause as Error).message}`, { cause });
  }
  if (cache.size >= MAXIMUM_CACHED) cache.clear();
  cache.set(key, expression);
  return expression;
}

/** `$regex` with its `$options`, which may be given beside it or inside a regular expression, not in both. */
export function regexOperator(operand: unknown, options: unknown): Predicate {
  if (options !== undefined && typeof options !== 'string') throw badValue('$options has to be a string');
  if (operand instanceof BSONRegExp) {
    if (options !== undefined && operand.options !== '') {
      throw new MongoError(51075, 'options set in both $regex and $options');
    }
    return compileRegex(operand.pattern, options ?? operand.options);
  }
  if (typeof operand !== 'string') throw badValue('$regex has to be a string');
  return compileRegex(operand, options ?? '');
}
