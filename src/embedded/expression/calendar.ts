/** Calendar arithmetic of `$dateAdd`, `$dateDiff` and `$dateTrunc`. */
import { MongoError, notSupported } from '../errors.ts';
import { fromWallClock, toWallClock, type WallClock, zoneOffset } from './time-zone.ts';
import { dayNumber, weekday } from './weeks.ts';

export type Unit =
  | 'year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond';

/** Units of fixed length, in milliseconds. */
const FIXED: Readonly<Partial<Record<Unit, number>>> = {
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};
const MONTHS_OF: Readonly<Partial<Record<Unit, number>>> = { year: 12, quarter: 3, month: 1 };
const DAYS_OF: Readonly<Partial<Record<Unit, number>>> = { week: 7, day: 1 };
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** 2000-01-01, from which `$dateTrunc` counts its bins. */
const REFERENCE_YEAR = 2000;

/** @throws MongoError for a word that is no unit */
export function parseUnit(name: string, value: unknown): Unit {
  if (typeof value === 'string' && (value in FIXED || value in MONTHS_OF || value in DAYS_OF))
    return value as Unit;
  throw new MongoError(
    9,
    `${name} parameter 'unit' value cannot be recognized as a time unit: ${String(value)}`,
  );
}

/** Months keep the day or take the month's last; days keep the wall-clock time; hours and less are exact. */
export function addUnits(instant: number, unit: Unit, amount: number, zone: string): number {
  const fixed = FIXED[unit];
  if (fixed !== undefined) return instant + amount * fixed;
  const clock = toWallClock(instant, zone);
  const days = DAYS_OF[unit];
  if (days !== undefined) return fromWallClock({ ...clock, day: clock.day + days * amount }, zone);
  const months = clock.year * 12 + (clock.month - 1) + (MONTHS_OF[unit] ?? 0) * amount;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return fromWallClock({ ...clock, year, month, day: Math.min(clock.day, lastDay) }, zone);
}

/** Unit boundaries between two instants. */
export function differenceInUnits(
  start: number,
  end: number,
  unit: Unit,
  zone: string,
  startOfWeek: unknown,
): number {
  const fixed = FIXED[unit];
  if (fixed !== undefined)
    return Math.floor(local(end, zone) / fixed) - Math.floor(local(start, zone) / fixed);
  const from = toWallClock(start, zone);
  const to = toWallClock(end, zone);
  if (unit === 'day') return dayNumber(to) - dayNumber(from);
  if (unit === 'week') return weekNumber(to, startOfWeek) - weekNumber(from, startOfWeek);
  const months = MONTHS_OF[unit] ?? 1;
  return Math.floor(monthNumber(to) / months) - Math.floor(monthNumber(from) / months);
}

/** The beginning of the bin of `size` units that contains the instant; bins are counted from 2000-01-01. */
export function truncateTo(
  instant: number,
  unit: Unit,
  size: number,
  zone: string,
  startOfWeek: unknown,
): number {
  if (!Number.isInteger(size) || size < 1)
    throw new MongoError(5439017, '$dateTrunc requires binSize to be a positive whole number');
  const clock = toWallClock(instant, zone);
  const midnight = { hour: 0, minute: 0, second: 0, millisecond: 0 };
  const fixed = FIXED[unit];
  if (fixed !== undefined) {
    const reference = Date.UTC(REFERENCE_YEAR, 0, 1);
    // Bins of several hours in a zone with daylight saving would need MongoDB's own rule for the odd hour.
    if (zone !== 'UTC' && size > 1) throw notSupported('$dateTrunc with binSize in a time zone', 2);
    const offset = zoneOffset(instant, zone) * 60_000;
    return reference + Math.floor((instant + offset - reference) / (fixed * size)) * fixed * size - offset;
  }
  const referenceDay = dayNumber({ year: REFERENCE_YEAR, month: 1, day: 1 });
  if (unit === 'day' || unit === 'week') {
    const first = unit === 'week' ? firstWeekdayFrom(referenceDay, startOfWeek) : referenceDay;
    const length = (DAYS_OF[unit] ?? 1) * size;
    const bin = Math.floor((dayNumber(clock) - first) / length) * length + first;
    return fromWallClock({ year: 1970, month: 1, day: 1 + bin, ...midnight }, zone);
  }
  const length = (MONTHS_OF[unit] ?? 1) * size;
  const months =
    Math.floor((monthNumber(clock) - REFERENCE_YEAR * 12) / length) * length + REFERENCE_YEAR * 12;
  return fromWallClock(
    { year: Math.floor(months / 12), month: (((months % 12) + 12) % 12) + 1, day: 1, ...midnight },
    zone,
  );
}

function local(instant: number, zone: string): number {
  return instant + zoneOffset(instant, zone) * 60_000;
}

function monthNumber(clock: WallClock): number {
  return clock.year * 12 + clock.month - 1;
}

function weekNumber(clock: WallClock, startOfWeek: unknown): number {
  return Math.floor((dayNumber(clock) + 4 - firstDayOfWeek(startOfWeek)) / 7);
}

function firstWeekdayFrom(day: number, startOfWeek: unknown): number {
  const shift = (firstDayOfWeek(startOfWeek) - weekday({ year: 1970, month: 1, day: 1 + day }) + 7) % 7;
  return day + shift;
}

/** 0 for Sunday. */
function firstDayOfWeek(value: unknown): number {
  if (value === undefined || value === null) return 0;
  const name = String(value).toLowerCase();
  const index = WEEKDAYS.findIndex((day) => day === name || day.slice(0, 3) === name);
  if (index < 0)
    throw new MongoError(5439015, `startOfWeek cannot be recognized as a day of the week: ${String(value)}`);
  return index;
}
