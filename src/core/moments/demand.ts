/** A moment that a command needs: what was written as an instant, or an error that says what is wrong and proposes what is possible. */
import { usageError } from '../errors.ts';
import { type MomentContext, readMoment } from './read.ts';
import { zonesLike } from './zones.ts';

export const MOMENT_EXAMPLES = ['tomorrow 9:00', 'fri 18:30', 'in 20 min', '2027-01-03 09:00 Europe/Rome'];

/** Errors: MOMENT_UNREADABLE, MOMENT_PAST, MOMENT_WEEKDAY, MOMENT_SKIPPED, MOMENT_DOUBLED, ZONE_UNKNOWN. */
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
  if (reading.kind === 'other weekday') {
    throw usageError(
      'MOMENT_WEEKDAY',
      `The weekday in “${typed}” is another one than that of the day: it is ${tell(reading.at, reading.zone)}.`,
      'Leave the weekday out if that is meant, or give the other day.',
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
      (each, index) =>
        `${each.toISOString().slice(0, 16)}Z for the ${index === 0 ? 'first' : 'second'} (${tell(each, reading.zone)})`,
    );
    throw usageError(
      'MOMENT_DOUBLED',
      `“${typed}” happens twice in ${reading.zone}: clocks are put back over it.`,
      `Say which: ${choices.join(' or ')}.`,
    );
  }
  const rest =
    reading.rest && reading.rest !== typed ? ` (not understood: “${reading.rest.slice(0, 40)}”)` : '';
  throw usageError(
    'MOMENT_UNREADABLE',
    `“${typed.slice(0, 80)}” is no time that I understand${rest}.`,
    zoneHint(typed, reading.rest) ??
      `Write it like ${MOMENT_EXAMPLES.map((each) => `“${each}”`).join(', ')}.`,
  );
}

/** "fri 18:30 London": the city alone is no zone, since several zones may have a city of that name. */
function zoneHint(typed: string, rest: string | undefined): string | undefined {
  if (!rest || !/\p{L}{3}$/u.test(rest) || !typed.endsWith(rest)) return undefined;
  const [zone] = zonesLike(rest, 1);
  const isCity = zone?.toLowerCase().endsWith(`/${rest.toLowerCase().replaceAll(' ', '_')}`);
  return isCity ? `For another zone write it in full: “${typed.slice(0, -rest.length)}${zone}”.` : undefined;
}
