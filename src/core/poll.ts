/** Polls as people write them: the answers in one line, and how long the poll is open. */
import { DAY, HOUR, MINUTE } from './clock.ts';
import { usageError } from './errors.ts';
import { describeDuration } from './quantities.ts';
import type { Words } from './words.ts';

/** How long a poll is open when nobody says so. */
export const POLL_MINUTES_DEFAULT = DAY / MINUTE;

const UNITS: Readonly<Record<string, number>> = {
  m: MINUTE,
  min: MINUTE,
  mins: MINUTE,
  minute: MINUTE,
  minutes: MINUTE,
  h: HOUR,
  hour: HOUR,
  hours: HOUR,
  d: DAY,
  day: DAY,
  days: DAY,
  w: 7 * DAY,
  week: 7 * DAY,
  weeks: 7 * DAY,
};

const LENGTH_PART = /(\d{1,5})\s*([a-z]+)/gi;
const LENGTH = new RegExp(`^(?:${LENGTH_PART.source}[\\s,]*)+$`, 'i');

/** `Red | Blue | Green` as answers; an empty one between two bars is none. */
export function readPoll(typed: string): readonly string[] {
  return typed
    .split('|')
    .map((option) => option.trim())
    .filter((option) => option !== '');
}

/** `1 day`, `6 h`, `1 day 12 hours` in minutes. Error: OPTION_INVALID. */
export function readPollLength(typed: string): number {
  const parts = LENGTH.test(typed.trim()) ? [...typed.matchAll(LENGTH_PART)] : [];
  const lengths = parts.map(
    ([, count, unit = '']) => Number(count) * (UNITS[unit.toLowerCase()] ?? Number.NaN),
  );
  const total = lengths.reduce((sum, each) => sum + each, 0);
  if (total > 0) return total / MINUTE;
  throw usageError(
    'OPTION_INVALID',
    `“${typed.slice(0, 40)}” is no length of a poll.`,
    'Write it with a unit: 30 min, 6 hours, 1 day, 1 week.',
  );
}

/** `Red · Blue · Green, open for 1 day`; undefined when there is no poll. */
export function describePoll({ poll, pollMinutes }: Partial<Words>): string | undefined {
  if (!poll || poll.length === 0) return undefined;
  return `${poll.join(' · ')}, open for ${describePollLength(pollMinutes)}`;
}

export function describePollLength(minutes = POLL_MINUTES_DEFAULT): string {
  return describeDuration(minutes * MINUTE);
}
