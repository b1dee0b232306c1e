/** `$dateFromString` with a format. Source: https://www.mongodb.com/docs/v7.0/reference/operator/aggregation/dateFromString/ */
import { MongoError } from '../errors.ts';
import { MONTHS } from './date-format.ts';
import { offsetMinutes } from './offset.ts';
import { fromWallClock } from './time-zone.ts';
import { dayNumber, weekday } from './weeks.ts';

const FAILURE = 241;
const MILLISECONDS_PER_MINUTE = 60_000;
const MILLISECONDS_PER_DAY = 86_400_000;
const DAYS_OF_WEEK = 7;

/** What was read, by the letter of its specifier. */
type Found = Partial<Record<string, string>>;

/** Patterns of the specifiers. */
const SPECIFIERS: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  m: '\\d{1,2}',
  d: '\\d{1,2}',
  H: '\\d{1,2}',
  M: '\\d{1,2}',
  S: '\\d{1,2}',
  L: '\\d{1,3}',
  j: '\\d{1,3}',
  G: '\\d{4}',
  V: '\\d{1,2}',
  u: '[1-7]',
  b: '[A-Za-z]{3}',
  B: '[A-Za-z]+',
  z: 'Z|[+-]\\d{2}:?\\d{2}',
  Z: '[+-]\\d{1,4}',
};

const compiled = new Map<string, { pattern: RegExp; letters: readonly string[] }>();
/** Formats are constants of pipelines; more than this many are made up by somebody. */
const MOST_FORMATS = 500;

/**
 * The instant that a text names.
 * @param zone applies where the text names none; undefined for UTC
 * @throws MongoError 241 for a text that does not fit the format or names no real moment, 18536 for an unknown specifier
 */
export function parseWithFormat(text: string, format: string, zone: string | undefined): number {
  const { pattern, letters } = compile(format);
  const match = pattern.exec(text);
  if (!match) throw failure(text, `it does not fit the format '${format}'`);
  const found: Found = Object.fromEntries(letters.map((letter, index) => [letter, match[index + 1]]));
  const day = dayOf(found, text);
  const number = (letter: string): number => Number(found[letter] ?? 0);
  const clock = {
    ...day,
    hour: number('H'),
    minute: number('M'),
    second: number('S'),
    millisecond: Number((found.L ?? '0').padEnd(3, '0')),
  };
  if (clock.hour > 23 || clock.minute > 59 || clock.second > 59) throw failure(text, 'no such time');
  const offset = offsetOf(found);
  if (offset === undefined) return fromWallClock(clock, zone ?? 'UTC');
  if (zone !== undefined) throw failure(text, "it names an offset, so 'timezone' must not be given");
  return fromWallClock(clock, 'UTC') - offset * MILLISECONDS_PER_MINUTE;
}

function compile(format: string): { pattern: RegExp; letters: readonly string[] } {
  const known = compiled.get(format);
  if (known) return known;
  const letters: string[] = [];
  const source = format.replace(/%(.?)|[^%]+/gs, (part, letter: string | undefined) => {
    if (letter === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (letter === '%') return '%';
    const specifier = Object.hasOwn(SPECIFIERS, letter) ? SPECIFIERS[letter] : undefined;
    if (!specifier) throw new MongoError(18536, `Invalid format character '%${letter}' in format string`);
    letters.push(letter);
    return `(${specifier})`;
  });
  const result = { pattern: new RegExp(`^${source}$`), letters };
  if (compiled.size >= MOST_FORMATS) compiled.clear();
  compiled.set(format, result);
  return result;
}

interface Day {
  year: number;
  month: number;
  day: number;
}

function dayOf(found: Found, text: string): Day {
  if (found.G !== undefined) return isoDay(Number(found.G), Number(found.V ?? 1), Number(found.u ?? 1));
  if (found.Y === undefined) throw failure(text, 'the format must have a year');
  const year = Number(found.Y);
  if (found.j !== undefined) return { year, month: 1, day: Number(found.j) };
  const month = monthOf(found, text);
  const day = Number(found.d ?? 1);
  const check = new Date(dayNumber({ year, month, day }) * MILLISECONDS_PER_DAY);
  if (check.getUTCMonth() + 1 !== month || check.getUTCDate() !== day) throw failure(text, 'no such day');
  return { year, month, day };
}

function monthOf(found: Found, text: string): number {
  const name = (found.b ?? found.B)?.toLowerCase();
  if (name === undefined) return Number(found.m ?? 1);
  const index = MONTHS.findIndex((month) => (found.b ? month.slice(0, 3) : month).toLowerCase() === name);
  if (index < 0) throw failure(text, `no such month: ${name}`);
  return index + 1;
}

/** Week 1 holds the fourth of January. */
function isoDay(year: number, week: number, dayOfWeek: number): Day {
  const fourth = { year, month: 1, day: 4 };
  const monday = dayNumber(fourth) - ((weekday(fourth) + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK);
  const date = new Date((monday + (week - 1) * DAYS_OF_WEEK + dayOfWeek - 1) * MILLISECONDS_PER_DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Minutes east of UTC; undefined when the text names none. */
function offsetOf(found: Found): number | undefined {
  if (found.Z !== undefined) return Number(found.Z);
  return found.z === undefined ? undefined : offsetMinutes(found.z);
}

function failure(text: string, why: string): MongoError {
  return new MongoError(FAILURE, `Error parsing date string '${text}'; ${why}`);
}
