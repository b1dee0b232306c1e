/** Wall-clock parts of an instant in a zone and back, on the system's zone database (Intl). */
import { MongoError } from '../errors.ts';
import { offsetMinutes } from './offset.ts';

/** All one-based as written, `month` 1 to 12. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const MILLISECONDS_PER_MINUTE = 60_000;
const OFFSET = /^[+-]\d{2}(?::?\d{2})?$/;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes east of UTC at an instant. @throws MongoError 40485 for an unknown zone */
export function zoneOffset(instant: number, zone: string): number {
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0;
  if (OFFSET.test(zone)) return offsetMinutes(zone);
  const parts: Record<string, number> = {};
  for (const { type, value } of formatFor(zone).formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return Math.round((local - Math.floor(instant / 1000) * 1000) / MILLISECONDS_PER_MINUTE);
}

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
    return format;
  } catch (cause) {
    throw new MongoError(40485, `unrecognized time zone identifier: "${zone}"`, { cause });
  }
}

export function toWallClock(instant: number, zone: string): WallClock {
  const local = new Date(instant + zoneOffset(instant, zone) * MILLISECONDS_PER_MINUTE);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  };
}

/** Parts may be out of range and carry over. A time that a zone skips moves forward by the gap. */
export function fromWallClock(clock: WallClock, zone: string): number {
  const local = new Date(0);
  local.setUTCFullYear(clock.year, clock.month - 1, clock.day);
  local.setUTCHours(clock.hour, clock.minute, clock.second, clock.millisecond);
  const guess = local.getTime() - zoneOffset(local.getTime(), zone) * MILLISECONDS_PER_MINUTE;
  return local.getTime() - zoneOffset(guess, zone) * MILLISECONDS_PER_MINUTE;
}
