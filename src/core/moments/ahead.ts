/**
 * The next day that a weekday, or a day without a year, means. Not left to chrono-node: it compares the clock on the wall with
 * an instant, so in Tokyo it takes "tue 15:00" on a Tuesday morning for the Tuesday after.
 */
import { addDays, instantsOf, type WallTime } from './zones.ts';

/** What of a day was written; the rest is nearest to today, before or after it. */
export interface Written {
  readonly weekday: boolean;
  readonly day: boolean;
  readonly month: boolean;
  readonly year: boolean;
}

/** The moment at or behind `since` that is meant. A day of this year that is over means next year's, but today is no other day. */
export function aheadOf(
  wall: WallTime,
  written: Written,
  { today, since, zone }: { readonly today: WallTime; readonly since: Date; readonly zone: string },
): WallTime {
  if (written.weekday && !written.day && !written.month) {
    const instants = instantsOf(wall, zone);
    const isOver = instants.length > 0 && instants.every((instant) => instant < since);
    return isOver ? addDays(wall, WEEK_DAYS) : wall;
  }
  if (!written.month || written.year) return wall;
  return { ...wall, year: yearAhead(wall, today) ?? wall.year };
}

const WEEK_DAYS = 7;

/** 0 is Sunday. */
export function weekdayOf({ year, month, day }: Pick<WallTime, 'year' | 'month' | 'day'>): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

/** As parts of a date are compared and written: 2026-12-25. */
export function isoDay({ year, month, day }: Pick<WallTime, 'year' | 'month' | 'day'>): string {
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

const twoDigits = (part: number): string => String(part).padStart(2, '0');

/** False for 31 November. */
export function existsDay({ year, month, day }: Pick<WallTime, 'year' | 'month' | 'day'>): boolean {
  const found = addDays({ year, month, day, hour: 0, minute: 0, second: 0 }, 0);
  return found.month === month && found.day === day;
}

/** Between one 29 February and the next there are at most eight years. */
const YEARS_AHEAD = 8;

/** The year in which there is such a day next, today included; undefined for a day that never exists. */
export function yearAhead(
  { month, day }: Pick<WallTime, 'month' | 'day'>,
  today: WallTime,
): number | undefined {
  const years = Array.from({ length: YEARS_AHEAD + 1 }, (_, ahead) => today.year + ahead);
  return years.find((year) => {
    const found = { year, month, day };
    return existsDay(found) && isoDay(found) >= isoDay(today);
  });
}
