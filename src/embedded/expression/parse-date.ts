/** ISO 8601 text to dates, as far as `$toDate` and `$dateFromString` without a format read it. Other forms are refused. */
import { MongoError } from '../errors.ts';

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** @throws MongoError 241 for text that is no ISO date or names no real moment */
export function parseDate(text: string): Date {
  const match = ISO.exec(text.trim());
  if (!match)
    throw new MongoError(
      241,
      `Error parsing date string '${text}'; only ISO 8601 forms are read by the embedded database`,
    );
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
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
  return new Date(local - offsetMinutes(zone) * 60_000);
}

/** Minutes east of UTC of "Z", "+02", "+0230" or "+02:30". */
export function offsetMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0');
  return zone.startsWith('-') ? -minutes : minutes;
}
