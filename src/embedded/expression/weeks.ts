/** Days and weeks of a wall-clock date. */
import type { WallClock } from './time-zone.ts';

type Day = Pick<WallClock, 'year' | 'month' | 'day'>;

const MILLISECONDS_PER_DAY = 86_400_000;
const THURSDAY = 4;

/** Days since 1970-01-01. */
export function dayNumber(day: Day): number {
  const date = new Date(0);
  date.setUTCFullYear(day.year, day.month - 1, day.day);
  return Math.round(date.getTime() / MILLISECONDS_PER_DAY);
}

/** 0 for Sunday to 6 for Saturday. 1970-01-01 was a Thursday. */
export function weekday(day: Day): number {
  return (((dayNumber(day) + THURSDAY) % 7) + 7) % 7;
}

export function dayOfYear(day: Day): number {
  return dayNumber(day) - dayNumber({ year: day.year, month: 1, day: 1 }) + 1;
}

/** Weeks begin on Sundays; days before the first Sunday are in week 0. */
export function weekOfYear(day: Day): number {
  return Math.floor((dayOfYear(day) + 6 - weekday(day)) / 7);
}

/** The year to which the Thursday of the day's week belongs. */
export function isoWeekYear(day: Day): number {
  return thursdayOf(day).getUTCFullYear();
}

/** 1 to 53; week 1 holds the year's first Thursday. */
export function isoWeek(day: Day): number {
  const thursday = thursdayOf(day);
  const firstOfYear = dayNumber({ year: thursday.getUTCFullYear(), month: 1, day: 1 });
  return Math.floor((Math.round(thursday.getTime() / MILLISECONDS_PER_DAY) - firstOfYear) / 7) + 1;
}

function thursdayOf(day: Day): Date {
  return new Date((dayNumber(day) - ((weekday(day) + 6) % 7) + 3) * MILLISECONDS_PER_DAY);
}
