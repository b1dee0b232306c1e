/** IANA time zones: which there are, and the instants that a wall time stands for in one. */
import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';
import { DAY, MINUTE } from '../clock.ts';
import { usageError } from '../errors.ts';
import { memo } from '../memo.ts';
import { alignmentDistance } from '../nearest-name.ts';

dayjs.extend(utc);

/** A time as it stands on a clock on the wall, without a zone. Months count from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

let zoneNames: readonly string[] | undefined;

export function knownZones(): readonly string[] {
  zoneNames ??= ['UTC', ...Intl.supportedValuesOf('timeZone')];
  return zoneNames;
}

/** The zone in its usual spelling (`europe/rome` → `Europe/Rome`). Error: ZONE_UNKNOWN with the nearest names. */
export function canonicalZone(typed: string): string {
  const wanted = typed.trim();
  // An offset such as +02:00 is no zone: it does not know when clocks change.
  if (/^[A-Za-z]/.test(wanted)) {
    const listed = knownZones().find((name) => name.toLowerCase() === wanted.toLowerCase());
    if (listed) return listed;
    try {
      return new Intl.DateTimeFormat('en', { timeZone: wanted }).resolvedOptions().timeZone;
    } catch {
      // Not a zone under any name: told below.
    }
  }
  const near = zonesLike(wanted, 3);
  throw usageError(
    'ZONE_UNKNOWN',
    `There is no time zone “${wanted}”.${near.length > 0 ? ` Did you mean ${near.join(', ')}?` : ''}`,
    'Write a zone as region and city, such as Europe/Rome or America/New_York.',
  );
}

/** Zones whose name has the typed letters, cities first; then the nearest spellings. */
export function zonesLike(typed: string, limit: number): readonly string[] {
  const wanted = typed.trim().toLowerCase().replace(/\s+/g, '_');
  const city = (name: string): string => name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const starting = knownZones().filter((name) => city(name).startsWith(wanted));
  const holding = knownZones().filter(
    (name) => name.toLowerCase().includes(wanted) && !starting.includes(name),
  );
  const found = [...starting, ...holding].slice(0, limit);
  if (found.length > 0) return found;
  const typedCity = city(wanted);
  const spelled = knownZones().map((name) => ({ name, edits: alignmentDistance(typedCity, city(name)) }));
  const near = spelled.filter(({ edits }) => edits <= Math.max(2, typedCity.length / 3));
  return near
    .sort((a, b) => a.edits - b.edits)
    .slice(0, limit)
    .map(({ name }) => name);
}

const offsetFormat = memo(
  (timeZone: string) =>
    new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', year: 'numeric' }),
);

/**
 * Minutes that the zone's clocks are ahead of UTC at an instant. From a format that is made once for a zone: the zone
 * plugin of dayjs makes one at each call, which took longer than anything else in reading a moment.
 */
export function offsetAt(instant: Date, zone: string): number {
  const [, sign, hours, minutes = 0] =
    /GMT([+-])(\d{2}):(\d{2})/.exec(offsetFormat(zone).format(instant)) ?? [];
  // Without figures it is GMT itself.
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

export function wallTimeAt(instant: Date, zone: string): WallTime {
  const local = dayjs(instant).utcOffset(offsetAt(instant, zone));
  return {
    year: local.year(),
    month: local.month() + 1,
    day: local.date(),
    hour: local.hour(),
    minute: local.minute(),
    second: local.second(),
  };
}

/**
 * The instants at which the zone's clocks show this wall time, earliest first: one normally, none when clocks are put
 * forward over it, two when they are put back over it.
 */
export function instantsOf(wall: WallTime, zone: string): readonly Date[] {
  return candidates(wall, zone).filter((instant) => sameWall(wallTimeAt(instant, zone), wall));
}

/** For a wall time that is skipped: what it would be by the clock before the change and by the one after it. */
export function aroundGap(wall: WallTime, zone: string): readonly Date[] {
  return candidates(wall, zone);
}

/** The wall time read with each offset that the zone has within a day of it. */
function candidates(wall: WallTime, zone: string): readonly Date[] {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
  const offsets = new Set([offsetAt(new Date(asUtc - DAY), zone), offsetAt(new Date(asUtc + DAY), zone)]);
  return [...offsets]
    .map((offset) => new Date(asUtc - offset * MINUTE))
    .sort((a, b) => a.getTime() - b.getTime());
}

function sameWall(a: WallTime, b: WallTime): boolean {
  return (
    a.year === b.year &&
    a.month === b.month &&
    a.day === b.day &&
    a.hour === b.hour &&
    a.minute === b.minute &&
    a.second === b.second
  );
}

/** The same wall time `days` days later; wall clocks, not 24-hour steps, so a change of clocks in between moves nothing. */
export function addDays(wall: WallTime, days: number): WallTime {
  const moved = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return { ...wall, year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}
