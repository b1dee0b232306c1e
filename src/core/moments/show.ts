/** How moments are told: in full, in the workspace's zone, with the distance from now. */
import { DAY, HOUR, MINUTE, SECOND } from '../clock.ts';
import { memo } from '../memo.ts';

/** Making a format takes a hundred times as long as using it; there are as many as zones and languages in use. */
const fullFormat = memo(
  (locale: string, timeZone: string) =>
    new Intl.DateTimeFormat(locale, {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      // Twenty-four hours everywhere: 9:00 and 21:00 can never be mistaken for each other.
      hourCycle: 'h23',
      timeZone,
    }),
);
const relativeFormat = memo((locale: string) => new Intl.RelativeTimeFormat(locale, { numeric: 'always' }));

/** "Fri, 27 Nov 2026, 18:30 Europe/Rome". */
export function fullMoment(at: Date, zone: string, locale: string): string {
  return `${fullFormat(locale, zone).format(at)} ${zone}`;
}

const UNITS: readonly {
  readonly unit: Intl.RelativeTimeFormatUnit;
  readonly ms: number;
  readonly upTo: number;
}[] = [
  { unit: 'second', ms: SECOND, upTo: 90 * SECOND },
  { unit: 'minute', ms: MINUTE, upTo: 120 * MINUTE },
  { unit: 'hour', ms: HOUR, upTo: 48 * HOUR },
  { unit: 'day', ms: DAY, upTo: 60 * DAY },
  { unit: 'month', ms: 30.44 * DAY, upTo: 24 * 30.44 * DAY },
  { unit: 'year', ms: 365.25 * DAY, upTo: Number.POSITIVE_INFINITY },
];

/** "in 3 days", "20 minutes ago". */
export function distance(at: Date, now: Date, locale: string): string {
  const ms = at.getTime() - now.getTime();
  const step = UNITS.find(({ upTo }) => Math.abs(ms) < upTo) ?? { unit: 'year' as const, ms: 365.25 * DAY };
  return relativeFormat(locale).format(Math.round(ms / step.ms), step.unit);
}

/** Both: what every accepted moment is echoed with. */
export function echo(at: Date, context: { now: Date; zone: string; locale: string }): string {
  return `${fullMoment(at, context.zone, context.locale)} (${distance(at, context.now, context.locale)})`;
}
