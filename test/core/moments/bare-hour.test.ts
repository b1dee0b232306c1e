import { expect, it } from 'vitest';
import { readMoment } from '../../../src/core/moments/read.ts';

const read = (text: string, locale = 'en-GB') =>
  readMoment(text, { now: new Date('2026-11-24T09:00:00Z'), zone: 'Europe/Rome', locale });

it.each([
  [
    'tomorrow 9',
    '2026-11-25T08:00:00.000Z',
    ['9:00 in the morning was taken; for the afternoon write 21:00.'],
  ],
  ['mon 9', '2026-11-30T08:00:00.000Z', ['9:00 in the morning was taken; for the afternoon write 21:00.']],
  ['fri 18', '2026-11-27T17:00:00.000Z', []],
  ['25 dec 9', '2026-12-25T08:00:00.000Z', ['9:00 in the morning was taken; for the afternoon write 21:00.']],
])('%s is read, and the hour that was meant is told', (text, at, notes) => {
  expect(read(text)).toMatchObject({ kind: 'read', at: new Date(at), notes });
});

it('reads it in other languages too', () => {
  expect(read('morgen 9', 'de')).toMatchObject({ kind: 'read', at: new Date('2026-11-25T08:00:00Z') });
});

it.each(['9', 'tomorrow 25', 'tomorrow 9 9', 'in 20 min 9', 'tomorrow 9:00 7'])(
  '%s is not guessed',
  (text) => {
    expect(read(text).kind).toBe('unreadable');
  },
);
