/** `$dateToString` formats. Source: https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateToString/ */
import { MongoError } from '../errors.ts';
import { toWallClock, type WallClock, zoneOffset } from './time-zone.ts';
import { dayOfYear, isoWeek, isoWeekYear, weekday, weekOfYear } from './weeks.ts';

const DEFAULT_UTC = '%Y-%m-%dT%H:%M:%S.%LZ';
const DEFAULT_ZONED = '%Y-%m-%dT%H:%M:%S.%L%z';
export const MONTHS: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const SPECIFIERS: Readonly<Record<string, (clock: WallClock, offset: number) => string>> = {
  Y: (clock) => pad(clock.year, 4),
  m: (clock) => pad(clock.month, 2),
  d: (clock) => pad(clock.day, 2),
  H: (clock) => pad(clock.hour, 2),
  M: (clock) => pad(clock.minute, 2),
  S: (clock) => pad(clock.second, 2),
  L: (clock) => pad(clock.millisecond, 3),
  j: (clock) => pad(dayOfYear(clock), 3),
  w: (clock) => String(weekday(clock) + 1),
  u: (clock) => String(weekday(clock) || 7),
  U: (clock) => pad(weekOfYear(clock), 2),
  V: (clock) => pad(isoWeek(clock), 2),
  G: (clock) => pad(isoWeekYear(clock), 4),
  b: (clock) => (MONTHS[clock.month - 1] ?? '').slice(0, 3),
  B: (clock) => MONTHS[clock.month - 1] ?? '',
  z: (_, offset) =>
    `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60), 2)}${pad(Math.abs(offset) % 60, 2)}`,
  Z: (_, offset) => String(offset),
  '%': () => '%',
};

/** @throws MongoError 18536 for an unknown specifier */
export function formatDate(instant: number, zone: string, format?: string): string {
  const offset = zoneOffset(instant, zone);
  const clock = toWallClock(instant, zone);
  const pattern = format ?? (zone === 'UTC' ? DEFAULT_UTC : DEFAULT_ZONED);
  return pattern.replace(/%(.?)/gs, (_, name: string) => {
    const write = Object.hasOwn(SPECIFIERS, name) ? SPECIFIERS[name] : undefined;
    if (!write) throw new MongoError(18536, `Invalid format character '%${name}' in format string`);
    return write(clock, offset);
  });
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
