import { describe, expect, it } from 'vitest';
import { momentOrError } from '../../../src/core/moments/demand.ts';
import { readMoment } from '../../../src/core/moments/read.ts';
import { echo } from '../../../src/core/moments/show.ts';
import { canonicalZone, instantsOf, wallTimeAt, zonesLike } from '../../../src/core/moments/zones.ts';

const tuesday = new Date('2026-11-24T10:00:00Z');
const at = (typed: string, zone = 'Europe/Rome', now = tuesday, locale = 'en-GB') =>
  readMoment(typed, { now, zone, locale });
const iso = (typed: string, zone?: string, now?: Date, locale?: string): string => {
  const reading = at(typed, zone, now, locale);
  return reading.kind === 'read' ? reading.at.toISOString() : reading.kind;
};

describe('plain words and exact dates', () => {
  it.each([
    ['now', '2026-11-24T10:00:00.000Z'],
    ['tomorrow 9:00', '2026-11-25T08:00:00.000Z'],
    ['tomorrow at 9am', '2026-11-25T08:00:00.000Z'],
    ['fri 18:30', '2026-11-27T17:30:00.000Z'],
    ['in 20 min', '2026-11-24T10:20:00.000Z'],
    ['in 1 hour', '2026-11-24T11:00:00.000Z'],
    ['2027-01-03 09:00', '2027-01-03T08:00:00.000Z'],
    ['2027-01-03 09:00 America/New_York', '2027-01-03T14:00:00.000Z'],
    ['2027-01-03 09:00 europe/rome', '2027-01-03T08:00:00.000Z'],
    ['2027-01-03T09:00:00Z', '2027-01-03T09:00:00.000Z'],
    ['25 dec 10:00', '2026-12-25T09:00:00.000Z'],
    ['noon', '2026-11-24T11:00:00.000Z'],
    ['9:00', '2026-11-25T08:00:00.000Z'],
    ['18:30', '2026-11-24T17:30:00.000Z'],
    ['tue 10:00', '2026-12-01T09:00:00.000Z'],
    ['tue 23:00', '2026-11-24T22:00:00.000Z'],
  ])('%s', (typed, expected) => expect(iso(typed)).toBe(expected));

  it('reads numbers day first or month first as the language says', () => {
    expect(iso('3/4/2027 10:00', 'UTC', tuesday, 'en-GB')).toBe('2027-04-03T10:00:00.000Z');
    expect(iso('3/4/2027 10:00', 'UTC', tuesday, 'en-US')).toBe('2027-03-04T10:00:00.000Z');
  });

  it.each([
    ['de', 'morgen um 9:00'],
    ['fr', 'demain à 9h00'],
    ['es', 'mañana a las 9:00'],
    ['it', 'domani alle 9:00'],
    ['pt', 'amanhã às 9:00'],
    ['nl', 'morgen om 9:00'],
    ['de', 'tomorrow 9:00'],
  ])('%s: %s', (locale, typed) =>
    expect(iso(typed, 'UTC', tuesday, locale)).toBe('2026-11-25T09:00:00.000Z'),
  );

  it('says what was assumed when no time, or half a time, was given', () => {
    expect(at('friday')).toMatchObject({
      kind: 'read',
      at: new Date('2026-11-27T08:00:00Z'),
      notes: ['No time was given; 9:00 was taken.'],
    });
    expect(at('tomorrow')).toMatchObject({
      at: new Date('2026-11-25T08:00:00Z'),
      notes: ['No time was given; 9:00 was taken.'],
    });
    expect(at('tomorrow at 5')).toMatchObject({
      notes: ['5:00 in the morning was taken; for the afternoon write 17:00.'],
    });
    expect(at('tomorrow 17:00')).toMatchObject({ notes: [] });
  });
});

describe('midnight, noon and the day after tomorrow', () => {
  const note = 'Midnight is read as the start of that day; for its end name the day after.';
  it.each([
    ['en-GB', 'tomorrow midnight', '2026-11-25T00:00:00.000Z', [note]],
    ['en-GB', 'midnight friday', '2026-11-27T00:00:00.000Z', [note]],
    ['en-US', 'friday 12 am', '2026-11-27T00:00:00.000Z', [note]],
    ['en-GB', 'midnight', '2026-11-25T00:00:00.000Z', []],
    ['en-GB', 'tonight at midnight', '2026-11-25T00:00:00.000Z', []],
    ['en-GB', 'today midnight', '2026-11-25T00:00:00.000Z', []],
    ['en-US', '12am', '2026-11-25T00:00:00.000Z', []],
    ['en-US', '12 pm', '2026-11-24T12:00:00.000Z', []],
    ['en-GB', 'day after tomorrow 9:00', '2026-11-26T09:00:00.000Z', []],
    ['de', 'morgen mitternacht', '2026-11-25T00:00:00.000Z', [note]],
    ['de', 'heute um Mitternacht', '2026-11-25T00:00:00.000Z', []],
    ['de', '25. dezember 9 uhr', '2026-12-25T09:00:00.000Z', []],
    ['fr', 'demain minuit', '2026-11-25T00:00:00.000Z', [note]],
    ['fr', 'ce soir à minuit', '2026-11-25T00:00:00.000Z', []],
    ['fr', 'demain midi', '2026-11-25T12:00:00.000Z', []],
    ['fr', 'après-demain 9h', '2026-11-26T09:00:00.000Z', []],
    ['es', 'mañana a medianoche', '2026-11-25T00:00:00.000Z', [note]],
    ['es', 'pasado mañana 9:00', '2026-11-26T09:00:00.000Z', []],
    ['it', 'domani a mezzanotte', '2026-11-25T00:00:00.000Z', [note]],
    ['it', 'dopodomani a mezzogiorno', '2026-11-26T12:00:00.000Z', []],
    ['pt', 'amanhã à meia-noite', '2026-11-25T00:00:00.000Z', [note]],
    ['nl', 'overmorgen 9 uur', '2026-11-26T09:00:00.000Z', []],
    ['nl', 'vanavond om 8', '2026-11-24T20:00:00.000Z', []],
  ])('%s: %s', (locale, typed, expected, notes) => {
    expect(at(typed, 'UTC', tuesday, locale)).toMatchObject({ at: new Date(expected), notes });
  });

  it('says that "17h" is a distance where it is one', () => {
    expect(at('17h')).toMatchObject({
      at: new Date('2026-11-25T03:00:00Z'),
      notes: ['Read as 17 hours from now; for the time of day write 17:00.'],
    });
  });
});

describe('which day is meant', () => {
  it.each([
    ['Asia/Tokyo', '2026-11-24T02:00:00Z', 'tue 15:00', '2026-11-24T06:00:00.000Z'],
    ['Asia/Tokyo', '2026-11-24T02:00:00Z', '24 nov 15:00', '2026-11-24T06:00:00.000Z'],
    ['Asia/Tokyo', '2026-11-24T02:00:00Z', 'tue 10:00', '2026-12-01T01:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-24T20:00:00Z', 'tue 9:00', '2026-12-01T17:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-25T07:50:00Z', 'tue 23:55', '2026-11-25T07:55:00.000Z'],
    ['Europe/Rome', '2026-11-24T23:20:00Z', 'wed 0:30', '2026-11-24T23:30:00.000Z'],
    ['Europe/Rome', '2026-11-24T23:20:00Z', '25 nov 0:30', '2026-11-24T23:30:00.000Z'],
    ['Europe/Rome', '2026-11-24T23:20:00Z', 'tomorrow', '2026-11-26T08:00:00.000Z'],
    ['Europe/Rome', '2026-11-24T10:00:00Z', 'tue', '2026-12-01T08:00:00.000Z'],
    ['Europe/Rome', '2026-11-24T10:00:00Z', '24 nov 9:00', 'past'],
    ['Europe/Rome', '2026-11-24T10:00:00Z', 'last friday', 'past'],
    ['Europe/Rome', '2026-11-24T22:50:00Z', 'this morning', 'past'],
    ['Europe/Rome', '2026-11-24T10:00:00Z', 'next fri 9:00', '2026-12-04T08:00:00.000Z'],
  ])('in %s at %s, %s', (zone, now, typed, expected) =>
    expect(iso(typed, zone, new Date(now))).toBe(expected),
  );

  it('says that a day of this year is over', () => {
    expect(at('23 nov 9:00')).toMatchObject({
      at: new Date('2027-11-23T08:00:00Z'),
      notes: ['That day is over for this year; 2027 was taken.'],
    });
    expect(at('23.11. 9:00')).toMatchObject({ notes: ['That day is over for this year; 2027 was taken.'] });
    expect(at('5 jan 9:00')).toMatchObject({ at: new Date('2027-01-05T08:00:00Z'), notes: [] });
    expect(at('next year')).toMatchObject({ notes: ['No exact time was given; 11:00 was taken.'] });
  });

  it.each(['fri 28 nov 9:00', 'Fri 28.11. 9:00', 'Sat 27 Nov 2026 9:00'])('%s names two days', (typed) => {
    expect(at(typed).kind).toBe('other weekday');
    expect(() => momentOrError(typed, { now: tuesday, zone: 'UTC', locale: 'en-GB' }, String)).toThrow(
      expect.objectContaining({ code: 'MOMENT_WEEKDAY', message: expect.stringContaining('another one') }),
    );
  });
});

describe('what cannot be read', () => {
  it.each([
    '',
    'gibberish',
    'half past six',
    'tomorrow 9:00 maybe',
    '31 feb 10:00',
    '31.11. 9:00',
    '25.12',
    'fri 9.00-10.00',
    '2027-13-45',
    '25:00',
    'x'.repeat(10_000),
  ])('%s', (typed) => {
    expect(at(typed).kind).toBe('unreadable');
  });

  it('names what it did not understand, and how to write it', () => {
    expect(() =>
      momentOrError('tomorrow 9:00 maybe', { now: tuesday, zone: 'UTC', locale: 'en-GB' }, (each) =>
        each.toISOString(),
      ),
    ).toThrow(
      expect.objectContaining({
        code: 'MOMENT_UNREADABLE',
        message: expect.stringContaining('“maybe”'),
        hint: expect.stringContaining('fri 18:30'),
      }),
    );
  });

  it('shows what was left over as it was written, and the zone of a city', () => {
    const refusal = (typed: string) => () =>
      momentOrError(typed, { now: tuesday, zone: 'UTC', locale: 'en-GB' }, String);
    expect(refusal('31.2. 9:00')).toThrow('(not understood: “31.2”)');
    expect(refusal('fri 18:30 London')).toThrow(
      expect.objectContaining({ hint: 'For another zone write it in full: “fri 18:30 Europe/London”.' }),
    );
  });

  it('refuses the past and proposes the next such time', () => {
    expect(at('yesterday 5pm')).toMatchObject({ kind: 'past', proposal: new Date('2026-11-24T16:00:00Z') });
    expect(at('today 9:00')).toMatchObject({ kind: 'past', proposal: new Date('2026-11-25T08:00:00Z') });
    expect(at('2020-01-01 08:00')).toMatchObject({
      kind: 'past',
      proposal: new Date('2026-11-25T07:00:00Z'),
    });
  });
});

describe('when clocks change', () => {
  it('keeps the wall clock across the change, in both directions', () => {
    expect(iso('tomorrow 9am', 'Europe/Berlin', new Date('2027-03-27T12:00:00Z'))).toBe(
      '2027-03-28T07:00:00.000Z',
    );
    expect(iso('tomorrow 9am', 'Europe/Berlin', new Date('2027-10-30T12:00:00Z'))).toBe(
      '2027-10-31T08:00:00.000Z',
    );
    expect(iso('tomorrow 9am', 'America/New_York', new Date('2027-03-13T15:00:00Z'))).toBe(
      '2027-03-14T13:00:00.000Z',
    );
    expect(iso('tomorrow 9am', 'Australia/Lord_Howe', new Date('2027-04-03T00:00:00Z'))).toBe(
      '2027-04-03T22:30:00.000Z',
    );
  });

  it('tells a skipped wall time and offers both sides of the jump', () => {
    expect(at('2027-03-28 02:30', 'Europe/Berlin')).toEqual({
      kind: 'skipped',
      zone: 'Europe/Berlin',
      choices: [new Date('2027-03-28T00:30:00Z'), new Date('2027-03-28T01:30:00Z')],
    });
  });

  it('tells a doubled wall time and offers both; each can be named exactly', () => {
    const reading = at('2027-10-31 02:30', 'Europe/Berlin');
    expect(reading).toEqual({
      kind: 'doubled',
      zone: 'Europe/Berlin',
      choices: [new Date('2027-10-31T00:30:00Z'), new Date('2027-10-31T01:30:00Z')],
    });
    expect(iso('2027-10-31 02:30+02:00', 'Europe/Berlin')).toBe('2027-10-31T00:30:00.000Z');
    expect(iso('2027-10-31T01:30Z', 'Europe/Berlin')).toBe('2027-10-31T01:30:00.000Z');
  });

  it('“in 24 hours” is 24 hours, whatever the clocks do', () => {
    expect(iso('in 24 hours', 'Europe/Berlin', new Date('2027-03-27T12:00:00Z'))).toBe(
      '2027-03-28T12:00:00.000Z',
    );
  });

  it('agrees with Intl on every half hour of a year in zones with odd rules', () => {
    for (const zone of [
      'Europe/Rome',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Asia/Kathmandu',
      'Pacific/Apia',
    ]) {
      for (let ms = Date.UTC(2027, 0, 1); ms < Date.UTC(2028, 0, 1); ms += 61.5 * 3_600_000) {
        const instant = new Date(ms);
        expect(instantsOf(wallTimeAt(instant, zone), zone).map(Number)).toContain(ms);
      }
    }
  });
});

describe('zones', () => {
  it('knows usual spellings and proposes near ones', () => {
    expect(canonicalZone('europe/rome')).toBe('Europe/Rome');
    expect(zonesLike('new york', 1)).toEqual(['America/New_York']);
    expect(() => canonicalZone('Europe/Roma')).toThrow(
      expect.objectContaining({ code: 'ZONE_UNKNOWN', message: expect.stringContaining('Europe/Rome') }),
    );
    expect(() => canonicalZone('+02:00')).toThrow(expect.objectContaining({ code: 'ZONE_UNKNOWN' }));
  });
});

it('echoes in full with the distance from now', () => {
  const context = { now: tuesday, zone: 'Europe/Rome', locale: 'en-GB' };
  expect(echo(new Date('2026-11-27T17:30:00Z'), context)).toBe(
    'Fri, 27 Nov 2026, 18:30 Europe/Rome (in 3 days)',
  );
  expect(echo(new Date('2026-11-24T10:20:00Z'), context)).toBe(
    'Tue, 24 Nov 2026, 11:20 Europe/Rome (in 20 minutes)',
  );
});
