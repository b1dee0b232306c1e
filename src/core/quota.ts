/**
 * Allowances that a network gives for a stretch of time (so many posts a day): whether one has room for something at an
 * instant, and when it has it next. Pure.
 */
import { after, MINUTE } from './clock.ts';
import { addDays, aroundGap, instantsOf, type WallTime, wallTimeAt } from './moments/zones.ts';
import type { Content } from './publisher.ts';

export interface Quota {
  /** What is counted, in the plural: "posts", "seconds of video". */
  readonly what: string;
  /** Units in each window. */
  readonly max: number;
  readonly window: QuotaWindow;
  /** True when all accounts of the network that a team has share it: it is given to a person, or to an app. Absent: each account has its own. */
  readonly shared?: boolean;
  /** The units that a post takes, none included, and the most that one can take. Absent: each post takes one. */
  readonly units?: { readonly most: number; of(content: Content): number };
}

/** Every stretch of so many milliseconds, or the calendar days of a zone. */
export type QuotaWindow = { readonly rollingMs: number } | { readonly dayIn: string };

/** What takes units of a quota, and when. */
export interface Spending {
  readonly at: Date;
  readonly units: number;
}

/** From `from` to before `to`. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Everything that can stand in one window with this instant. */
export function spanAround(window: QuotaWindow, at: Date): Span {
  if ('rollingMs' in window)
    return { from: after(at, 1 - window.rollingMs), to: after(at, window.rollingMs) };
  const today = midnight(wallTimeAt(at, window.dayIn));
  return { from: startOf(today, window.dayIn), to: startOf(addDays(today, 1), window.dayIn) };
}

/** The units in the fullest window that holds this instant. @param spendings earliest first */
export function fullestAround(window: QuotaWindow, spendings: readonly Spending[], at: Date): number {
  const { from, to } = spanAround(window, at);
  const near = spendings.filter((each) => each.at >= from && each.at < to);
  if (!('rollingMs' in window)) return near.reduce((sum, { units }) => sum + units, 0);
  let fullest = 0;
  let inside = 0;
  let oldest = 0;
  const isPast = (each: Spending): boolean => each.at <= at;
  // A window is fullest when something stands at its end, so those ends are enough.
  const ends = [...near.filter(isPast), { at, units: 0 }, ...near.filter((each) => !isPast(each))];
  for (const end of ends) {
    inside += end.units;
    const begin = after(end.at, -window.rollingMs);
    for (let first = ends[oldest]; first && first.at <= begin; first = ends[oldest]) {
      inside -= first.units;
      oldest += 1;
    }
    if (end.at >= at) fullest = Math.max(fullest, inside);
  }
  return fullest;
}

/**
 * The first whole minute after `at` (of a calendar day: the same time on the first day) at which there is room for so many
 * units; undefined when there is none before `until`. @param spendings all until then, earliest first
 */
export function nextRoom(
  { window, max }: Pick<Quota, 'window' | 'max'>,
  spendings: readonly Spending[],
  units: number,
  at: Date,
  until: Date,
): Date | undefined {
  const hasRoom = (instant: Date): boolean =>
    instant < until && fullestAround(window, spendings, instant) + units <= max;
  if ('rollingMs' in window) {
    // Room comes back when something leaves the window.
    return spendings
      .map((each) => wholeMinute(after(each.at, window.rollingMs)))
      .filter((instant) => instant > at)
      .find(hasRoom);
  }
  const wall = wallTimeAt(at, window.dayIn);
  for (let days = 1; ; days += 1) {
    const instant = wholeMinute(startOf(addDays(wall, days), window.dayIn));
    if (instant >= until) return undefined;
    if (hasRoom(instant)) return instant;
  }
}

function wholeMinute(instant: Date): Date {
  return new Date(Math.ceil(instant.getTime() / MINUTE) * MINUTE);
}

function midnight(wall: WallTime): WallTime {
  return { ...wall, hour: 0, minute: 0, second: 0 };
}

/** The first instant at which the clocks show this, or the one after the change that jumps over it. */
function startOf(wall: WallTime, zone: string): Date {
  return (instantsOf(wall, zone)[0] ?? aroundGap(wall, zone).at(-1)) as Date;
}
