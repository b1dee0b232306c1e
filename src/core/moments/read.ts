/**
 * Reads moments as people write them: "tomorrow 9:00", "fri 18:30", "in 20 min", "2027-01-03 09:00 Europe/Rome".
 * chrono-node finds the wall-clock parts only; the zone is applied once, here, because an offset handed to chrono is an
 * hour wrong across a change of clocks.
 */
import { after, MINUTE } from '../clock.ts';
import { aheadOf, weekdayOf } from './ahead.ts';
import { languageOf } from './languages.ts';
import { namesMidnightOfADay, respell } from './spelling.ts';
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
/** A day without a year that is so far ahead was a short while ago. */
const FAR_MONTHS = 9;
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
  /** A weekday stands beside a day that is another one: which of the two is meant? */
  | { readonly kind: 'other weekday'; readonly at: Date; readonly zone: string }
  /** Clocks jump over that wall time: what the clock before and the clock after the change would mean by it. */
  | { readonly kind: 'skipped'; readonly zone: string; readonly choices: readonly Date[] }
  /** That wall time happens twice. */
  | { readonly kind: 'doubled'; readonly zone: string; readonly choices: readonly Date[] };

/** Errors: ZONE_UNKNOWN for a zone that does not exist. */
export function readMoment(typed: string, context: MomentContext): MomentReading {
  const { text, zone } = splitZone(typed.trim().replace(/\s+/g, ' '), context.zone);
  if (text === '' || text.length > MOMENT_TEXT_MAX) return { kind: 'unreadable' };
  if (/^(now|at once)$/i.test(text)) return { kind: 'read', at: context.now, zone, notes: [] };
  const today = wallTimeAt(context.now, zone);
  const respelled = respell(text, context.locale, today);
  const { start, rest } = parseWithBareHour(respelled, zone, context);
  if (!start || rest !== '' || isHalfADate(start, text))
    return { kind: 'unreadable', ...(rest === '' ? {} : { rest }) };
  // An explicit offset or a relative time ("in 20 min") is an instant already; everything else is wall time.
  if (start.isCertain('timezoneOffset'))
    return future(start.date(), zone, context, BARE_HOURS.test(text) ? [distanceNote(text)] : []);
  const { wall: nearest, notes } = wallOf(start, text);
  if (NIGHT.test(text) && nearest.hour >= NOON && nearest.hour < EVENING) return { kind: 'unreadable' };
  const written = {
    weekday: start.isCertain('weekday'),
    day: start.isCertain('day'),
    month: start.isCertain('month'),
    year: start.isCertain('year'),
  };
  const wall = LOOKING_BACK.test(text)
    ? nearest
    : aheadOf(nearest, written, { today, since: after(context.now, -MINUTE), zone });
  if (written.weekday && written.day && start.get('weekday') !== weekdayOf(wall))
    return { kind: 'other weekday', at: instantsOf(wall, zone)[0] ?? context.now, zone };
  const dayNamed = written.day || written.weekday || /^this /i.test(respelled);
  return resolve(wall, dayNamed, zone, context, [
    ...notes,
    ...(isDistance(start) ? [] : yearNote(wall, today, text)),
  ]);
}

/** A slip of the day ("23 nov" on the 24th) must not be taken for a plan for next year in silence. */
function yearNote(wall: WallTime, today: WallTime, text: string): readonly string[] {
  const isFar = 12 * (wall.year - today.year) + wall.month - today.month >= FAR_MONTHS;
  return isFar && !/\d{4}/.test(text) ? [`That day is over for this year; ${wall.year} was taken.`] : [];
}

/** "17h": in half of the languages a time of day. */
const BARE_HOURS = /^\d{1,2} ?h$/i;
const distanceNote = (text: string): string =>
  `Read as ${Number.parseInt(text, 10)} hours from now; for the time of day write ${Number.parseInt(text, 10)}:00.`;

type Components = NonNullable<ReturnType<ReturnType<typeof languageOf>['parse']>[number]>['start'];

/** "in 3 months", "next year". */
const isDistance = (start: Components): boolean => start.tags().has('result/relativeDate');

/** "diciembre 27", taken for a month of 2027: nobody plans a post by a month and a year of two digits. */
function isHalfADate(start: Components, text: string): boolean {
  return start.isCertain('year') && !start.isCertain('day') && !isDistance(start) && !/\d{4}/.test(text);
}

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
  const language = languageOf(context.locale);
  // A day that is named is moved forward here (ahead.ts). "20 min" without "in" is read only where chrono may move it.
  const nearest = language.parse(text, reference, { forwardDate: false });
  const [result] = nearest.length > 0 ? nearest : language.parse(text, reference, { forwardDate: true });
  if (!result || result.end) return { start: undefined, rest: text };
  const around = `${text.slice(0, result.index)} ${text.slice(result.index + result.text.length)}`;
  // Small words around the time say nothing more.
  const rest = around
    .replace(/\b(at|on|the|um|am|à|le|el|a las|il|alle|às|a|om|op)\b|[,.](?!\S)|(?<!\S)[,.]/gi, '')
    .trim();
  return { start: result.start, rest };
}

/** A zone at the end of the text ("… Europe/Rome", "… UTC") counts more than the workspace's. */
function splitZone(text: string, zone: string): { text: string; zone: string } {
  const match = /^(.*?)\s*\b([A-Za-z_]+\/[A-Za-z_+\-/0-9]+|UTC)$/.exec(text);
  if (!match) return { text, zone };
  return { text: (match[1] ?? '').trim(), zone: canonicalZone(match[2] ?? '') };
}

/** "friday night 1:00": the parser makes the afternoon of it, and which of the two nights around Friday is meant is not clear. */
const NIGHT = /(?<!\p{L})(?:nights?|nachts?|nuit|noche|notte|noite)(?!\p{L})/iu;
const NOON = 12;
const EVENING = 18;

/** "last friday" is over; every other weekday is ahead. */
const LOOKING_BACK =
  /(?<!\p{L})(last|letzten?|letzter|dernier|dernière|pasad[oa]|scors[oa]|passad[oa]|vorige|afgelopen)(?!\p{L})/iu;
/** An hour of which it is clear whether it is in the morning: with minutes, or with a word that belongs to the 24-hour clock. */
const FULL_HOUR = /\d\s*([:.h]\s*\d|am\b|pm\b|a\.m|p\.m|h\b|uhr\b|uur\b|heures?\b)/i;
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
  const bareHour = !FULL_HOUR.test(text) && wall.hour >= 1 && wall.hour <= 11;
  if (bareHour)
    return {
      wall,
      notes: [`${clock(wall)} in the morning was taken; for the afternoon write ${wall.hour + 12}:00.`],
    };
  return { wall, notes: namesMidnightOfADay(text) ? [MIDNIGHT_NOTE] : [] };
}

const MIDNIGHT_NOTE = 'Midnight is read as the start of that day; for its end name the day after.';

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
