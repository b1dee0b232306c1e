import { describe, expect, it } from 'vitest';
import { readMoment } from '../../../src/core/moments/read.ts';

const now = new Date('2026-11-24T10:00:00Z');
const read = (typed: string, locale: string): string => {
  const reading = readMoment(typed, { now, zone: 'Europe/Rome', locale });
  return reading.kind === 'read' ? reading.at.toISOString() : reading.kind;
};

/** Both orders of numbers, and a language with and one without spellings of its own. */
const LOCALES = ['en-GB', 'en-US', 'de', 'pt'];

describe('in every language', () => {
  it.each([
    ['25.12. 9:00', '2026-12-25T08:00:00.000Z'],
    ['25.12.2026 9:00', '2026-12-25T08:00:00.000Z'],
    ['25.12.26 9:00', '2026-12-25T08:00:00.000Z'],
    ['25. 12. 2026 9:00', '2026-12-25T08:00:00.000Z'],
    ['9.1. 18:30', '2027-01-09T17:30:00.000Z'],
    ['9.1.2027 18.30', '2027-01-09T17:30:00.000Z'],
    ['9.12 18:30', '2026-12-09T17:30:00.000Z'],
    ['18:30 9.1.', '2027-01-09T17:30:00.000Z'],
    ['29.2. 9:00', '2028-02-29T08:00:00.000Z'],
    ['24.11. 18:00', '2026-11-24T17:00:00.000Z'],
    ['2026.12.25 9:00', '2026-12-25T08:00:00.000Z'],
    ['18.30', '2026-11-24T17:30:00.000Z'],
    ['18h30', '2026-11-24T17:30:00.000Z'],
    ['dec 27', '2026-12-27T08:00:00.000Z'],
    ['December 30', '2026-12-30T08:00:00.000Z'],
    ['Dec 27 18:00', '2026-12-27T17:00:00.000Z'],
    ['Dec 31, 2026 9:00', '2026-12-31T08:00:00.000Z'],
    ['1 dec 5:00', '2026-12-01T04:00:00.000Z'],
    ['dec 2027', '2027-12-01T08:00:00.000Z'],
  ])('%s', (typed, expected) => {
    expect(LOCALES.map((locale) => read(typed, locale))).toEqual(LOCALES.map(() => expected));
  });
});

it.each([
  ['pt', 'amanhã às 18h', '2026-11-25T17:00:00.000Z'],
  ['pt', 'sexta 18h30', '2026-11-27T17:30:00.000Z'],
  ['pt', 'em 20 minutos', '2026-11-24T10:20:00.000Z'],
  ['pt', 'em 2h', '2026-11-24T12:00:00.000Z'],
  ['es', 'viernes a las 18h', '2026-11-27T17:00:00.000Z'],
  ['es', 'en 2h', '2026-11-24T12:00:00.000Z'],
  ['es', 'diciembre 27', 'unreadable'],
  ['it', 'venerdì ore 18', '2026-11-27T17:00:00.000Z'],
  ['it', 'tra 2h', '2026-11-24T12:00:00.000Z'],
  ['it', '1 h 30 min', '2026-11-24T11:30:00.000Z'],
  ['it', 'mar 18:00', '2026-11-24T17:00:00.000Z'],
  ['de', 'am 25.12. um 18.30 Uhr', '2026-12-25T17:30:00.000Z'],
  ['de', 'Fr 27.11. 18:30', '2026-11-27T17:30:00.000Z'],
  ['fr', 'le 25.12. à 9h30', '2026-12-25T08:30:00.000Z'],
  ['en-GB', 'in 2h', '2026-11-24T12:00:00.000Z'],
  ['en-GB', 'in 3 months', '2027-02-24T10:00:00.000Z'],
  ['en-GB', '20 min', '2026-11-24T10:20:00.000Z'],
  ['en-GB', '18h', '2026-11-25T04:00:00.000Z'],
  ['en-GB', 'mar 30', '2027-03-30T07:00:00.000Z'],
])('%s: %s', (locale, typed, expected) => expect(read(typed, locale)).toBe(expected));

/** Parts of a day: Friday is the 27th, tomorrow the 25th. */
it.each([
  ['en-GB', 'friday evening', '2026-11-27T19:00:00.000Z'],
  ['en-GB', 'friday night at 11', '2026-11-27T22:00:00.000Z'],
  ['en-GB', 'friday night 1:00', 'unreadable'],
  ['de', 'Freitagabend', '2026-11-27T17:00:00.000Z'],
  ['de', 'am Freitagabend um 8', '2026-11-27T19:00:00.000Z'],
  ['de', 'Freitagmorgen', '2026-11-27T08:00:00.000Z'],
  ['de', 'Freitag früh', '2026-11-27T08:00:00.000Z'],
  ['fr', 'vendredi soir', '2026-11-27T17:00:00.000Z'],
  ['fr', 'vendredi après-midi', '2026-11-27T13:00:00.000Z'],
  ['fr', 'vendredi soir à 8 heures', '2026-11-27T19:00:00.000Z'],
  ['es', 'viernes por la noche', '2026-11-27T21:00:00.000Z'],
  ['es', 'viernes por la noche a las 9', '2026-11-27T20:00:00.000Z'],
  ['es', 'viernes a las 9 de la noche', '2026-11-27T20:00:00.000Z'],
  ['es', 'viernes a las 12 de la noche', 'unreadable'],
  ['es', 'mañana por la mañana', '2026-11-25T08:00:00.000Z'],
  ['it', 'venerdì sera', '2026-11-27T19:00:00.000Z'],
  ['it', 'venerdì alle 9 di sera', '2026-11-27T20:00:00.000Z'],
  ['pt', 'sexta à noite', '2026-11-27T21:00:00.000Z'],
  ['pt', 'sexta de manhã', '2026-11-27T08:00:00.000Z'],
  ['pt', 'sexta às 8 da noite', '2026-11-27T19:00:00.000Z'],
  ['nl', 'vrijdagavond', '2026-11-27T19:00:00.000Z'],
  ['nl', 'vrijdagavond om 8', '2026-11-27T19:00:00.000Z'],
  ['nl', 'morgenmiddag', '2026-11-25T14:00:00.000Z'],
])('%s: %s', (locale, typed, expected) => expect(read(typed, locale)).toBe(expected));

it('which hour an evening was taken to be is told', () => {
  expect(readMoment('vrijdagavond', { now, zone: 'Europe/Rome', locale: 'nl' })).toMatchObject({
    notes: ['No exact time was given; 20:00 was taken.'],
  });
});
