/**
 * Reads moments as people write them: "tomorrow 9:00", "fri 18:30", "in 20 min", "2027-01-03 09:00 Europe/Rome".
 * chrono-node finds the wall-clock parts only; the zone is applied once, here, because an offset handed to chrono is an
 * hour wrong across a change of clocks.
 */
import { after, MINUTE } from '../clock.ts';
import { usageError } from '../errors.ts';
import { languageOf } from './languages.ts';
import {
  addDays,
  aroundGap,
  canonicalZone,
  instantsOf,
  offsetAt,
  type WallTime,
  wallTimeAt,
} from './zones.ts';

/** No moment that a person writes is longer. */
const MOMENT_TEXT_MAX = 120;
/** Taken when a day is named without a time. */
export const DEFAULT_HOUR = 9;

export interface MomentContext {
  readonly now: Date;
  readonly zone: string;
  readonly locale: string;
}

export type MomentReading =
  | {
      readonly kind: 'read';
      readonly at: Date;
      readonly zone: string /** What was assumed, in words, to be shown with the echo. */;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly rest?: string }
  | { readonly kind: 'past'; readonly at: Date; readonly zone: string; readonly proposal: Date }
  /** Clocks jump over that wall time: what the clock before and the clock after the change would mean by it. */
  | { readonly kind: 'skipped'; readonly zone: string; readonly choices: readonly Date[] }
  /** That wall time happens twice. */
  | { readonly kind: 'doubled'; readonly zone: string; readonly choices: readonly Date[] };

export const MOMENT_EXAMPLES = ['tomorrow 9:00', 'fri 18:30', 'in 20 min', '2027-01-03 09:00 Europe/Rome'];

/** Errors: ZONE_UNKNOWN for a zone that does not exist. */
export function readMoment(typed: string, context: MomentContext): MomentReading {
  const { text, zone } = splitZone(typed.trim().replace(/\s+/g, ' '), context.zone);
  if (text === '' || text.length > MOMENT_TEXT_MAX) return { kind: 'unreadable' };
  if (/^(now|at once)$/i.test(text)) return { kind: 'read', at: context.now, zone, notes: [] };
  const { start, rest } = parseWithBareHour(text, zone, context);
  if (!start || rest !== '') return { kind: 'unreadable', ...(rest === '' ? {} : { rest }) };
  // An explicit offset or a relative time ("in 20 min") is an instant already; everything else is wall time.
  if (start.isCertain('timezoneOffset')) return future(start.date(), zone, context, []);
  const dayNamed = start.isCertain('day') || start.isCertain('weekday');
  const { wall, notes } = wallOf(start, text);
  return resolve(wall, dayNamed, zone, context, notes);
}

type Components = NonNullable<ReturnType<ReturnType<typeof languageOf>['parse']>[number]>['start'];

/** "tomorrow 9": a number that is left over behind a day is the hour; the note that comes with it says so. */
function parseWithBareHour(text: string, zone: string, context: MomentContext): ReturnType<typeof parse> {
  const read = parse(text, zone, context);
  const hour = / (\d{1,2})$/.exec(text)?.[1];
  return hour !== undefined && read.start && read.rest === hour ? parse(`${text}:00`, zone, context) : read;
}

function parse(
  text: string,
  zone: string,
  context: MomentContext,
): { start: Components | undefined; rest: string } {
  const reference = { instant: context.now, timezone: offsetAt(context.now, zone) };
  const results = languageOf(context.locale).parse(text, reference, { forwardDate: true });
  const [result] = results;
  if (!result || result.end) return { start: undefined, rest: text };
  const around = `${text.slice(0, result.index)} ${text.slice(result.index + result.text.length)}`;
  // Small words around the time say nothing more.
  const rest = around.replace(/\b(at|on|the|um|am|à|le|el|a las|il|alle|às|om|op)\b|[,.]/gi, '').trim();
  return { start: result.start, rest };
}

/** A zone at the end of the text ("… Europe/Rome", "… UTC") counts more than the workspace's. */
function splitZone(text: string, zone: string): { text: string; zone: string } {
  const match = /^(.*?)\s*\b([A-Za-z_]+\/[A-Za-z_+\-/0-9]+|UTC)$/.exec(text);
  if (!match) return { text, zone };
  return { text: (match[1] ?? '').trim(), zone: canonicalZone(match[2] ?? '') };
}

const PART_OF_DAY = /casualReference\/(tonight|morning|afternoon|evening|night|noon|midnight)/;
const BARE_DAY = /casualReference\/(today|tomorrow|yesterday)/;

function wallOf(start: Components, text: string): { wall: WallTime; notes: string[] } {
  const part = (name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'): number =>
    start.get(name) ?? 0;
  const wall = {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
  if (!start.isCertain('hour')) {
    // A word for a part of the day, or a distance in days, brings an hour of its own; a bare day brings only chrono's filler.
    const tags = [...start.tags()];
    const ownHour =
      tags.some((tag) => PART_OF_DAY.test(tag)) ||
      (tags.includes('result/relativeDate') && !tags.some((tag) => BARE_DAY.test(tag)));
    if (ownHour) return { wall, notes: [`No exact time was given; ${clock(wall)} was taken.`] };
    const morning = { ...wall, hour: DEFAULT_HOUR, minute: 0, second: 0 };
    return { wall: morning, notes: [`No time was given; ${clock(morning)} was taken.`] };
  }
  const bareHour = !/\d\s*([:.h]\s*\d|am\b|pm\b|a\.m|p\.m)/i.test(text) && wall.hour >= 1 && wall.hour <= 11;
  if (bareHour)
    return {
      wall,
      notes: [`${clock(wall)} in the morning was taken; for the afternoon write ${wall.hour + 12}:00.`],
    };
  return { wall, notes: [] };
}

const clock = (wall: WallTime): string => `${wall.hour}:${String(wall.minute).padStart(2, '0')}`;

function resolve(
  wall: WallTime,
  dayNamed: boolean,
  zone: string,
  context: MomentContext,
  notes: readonly string[],
): MomentReading {
  const instants = instantsOf(wall, zone);
  const [at] = instants;
  if (at && !dayNamed && at <= context.now) {
    // A time of day alone means its next occurrence, by the wall clock.
    const tomorrow = addDays(wall, 1);
    if (instantsOf(tomorrow, zone)[0]) return resolve(tomorrow, true, zone, context, notes);
  }
  if (!at) return { kind: 'skipped', zone, choices: aroundGap(wall, zone) };
  const ahead = instants.filter((instant) => instant > context.now);
  if (ahead.length > 1) return { kind: 'doubled', zone, choices: ahead };
  return future(ahead[0] ?? at, zone, context, notes);
}

function future(at: Date, zone: string, context: MomentContext, notes: readonly string[]): MomentReading {
  // The current minute is now, not the past.
  if (at.getTime() > context.now.getTime() - MINUTE)
    return { kind: 'read', at: at < context.now ? context.now : at, zone, notes };
  return { kind: 'past', at, zone, proposal: nextAtThatTime(at, zone, context.now) };
}

/** The next time that the wall clock shows the same hour and minute. */
function nextAtThatTime(at: Date, zone: string, now: Date): Date {
  const { hour, minute } = wallTimeAt(at, zone);
  const today = { ...wallTimeAt(now, zone), hour, minute, second: 0 };
  for (const days of [0, 1, 2]) {
    const next = instantsOf(addDays(today, days), zone).find((instant) => instant > now);
    if (next) return next;
  }
  return after(now, 60 * MINUTE);
}

/** A reading that can be used, or an error that says what is wrong and proposes what is possible. */
export function momentOrError(
  typed: string,
  context: MomentContext,
  tell: (at: Date, zone: string) => string,
): { at: Date; zone: string; notes: readonly string[] } {
  const reading = readMoment(typed, context);
  if (reading.kind === 'read') return reading;
  if (reading.kind === 'past') {
    throw usageError(
      'MOMENT_PAST',
      `“${typed}” is ${tell(reading.at, reading.zone)}: that has passed.`,
      `The next such time is ${tell(reading.proposal, reading.zone)}.`,
    );
  }
  if (reading.kind === 'skipped') {
    throw usageError(
      'MOMENT_SKIPPED',
      `“${typed}” does not exist in ${reading.zone}: clocks are put forward over it.`,
      `Choose ${reading.choices.map((each) => tell(each, reading.zone)).join(' or ')}.`,
    );
  }
  if (reading.kind === 'doubled') {
    const choices = reading.choices.map(
      (each) => `${each.toISOString().slice(0, 16)}Z (${tell(each, reading.zone)})`,
    );
    throw usageError(
      'MOMENT_DOUBLED',
      `“${typed}” happens twice in ${reading.zone}: clocks are put back over it.`,
      `Say which, with its offset: ${choices.join(' or ')}.`,
    );
  }
  const rest =
    reading.rest && reading.rest !== typed ? ` (not understood: “${reading.rest.slice(0, 40)}”)` : '';
  throw usageError(
    'MOMENT_UNREADABLE',
    `“${typed.slice(0, 80)}” is no time that I understand${rest}.`,
    `Write it like ${MOMENT_EXAMPLES.map((each) => `“${each}”`).join(', ')}.`,
  );
}
