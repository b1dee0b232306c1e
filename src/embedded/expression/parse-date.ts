/** ISO 8601 text to dates, as far as `$toDate` and `$dateFromString` without a format read it. Other forms are refused. */
import { MongoError } from '../errors.ts';
import { offsetMinutes } from './offset.ts';
import { fromWallClock } from './time-zone.ts';

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * @param timeZone applies where the text names no offset; undefined for UTC
 * @throws MongoError 241 for text that is no ISO date or names no real moment
 */
export function parseDate(text: string, timeZone?: string): Date {
  const match = ISO.exec(text.trim());
  if (!match)
    throw new MongoError(
      241,
      `Error parsing date string '${text}'; only ISO 8601 forms are read by the embedded database`,
    );
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  if (zone !== undefined && timeZone !== undefined)
    throw new MongoError(
      241,
      `Error parsing date string '${text}'; it names an offset, so 'timezone' must not be given`,
    );
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    milliseconds,
  );
  const check = new Date(local);
  if (check.getUTCMonth() + 1 !== Number(month) || check.getUTCDate() !== Number(day) || Number(hour) > 23) {
    throw new MongoError(241, `Error parsing date string '${text}'; no such day or time`);
  }
  if (zone === undefined && timeZone !== undefined) {
    const parts = [year, month, day, hour, minute, second].map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const clock = {
      year: parts[0],
      month: parts[1],
      day: parts[2],
      hour: parts[3],
      minute: parts[4],
      second: parts[5],
    };
    return new Date(fromWallClock({ ...clock, millisecond: milliseconds }, timeZone));
  }
  return new Date(local - offsetMinutes(zone ?? 'Z') * 60_000);
}
