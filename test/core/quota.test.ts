import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/core/clock.ts';
import { fullestAround, nextRoom, type Spending, spanAround } from '../../src/core/quota.ts';

const NOW = new Date('2026-11-24T09:00:00Z');
const at = (milliseconds: number): Date => new Date(NOW.getTime() + milliseconds);
const spend = (...hours: number[]): readonly Spending[] =>
  hours.map((hour) => ({ at: at(hour * HOUR), units: 1 }));
const rolling = { rollingMs: DAY };
const newYork = { dayIn: 'America/New_York' };
const HORIZON = at(30 * DAY);

describe('a rolling window', () => {
  it('reaches as far as two instants can stand in one', () => {
    const { from, to } = spanAround(rolling, NOW);
    expect([from, to]).toEqual([at(1 - DAY), at(DAY)]);
  });

  it.each<[string, readonly Spending[], number]>([
    ['nothing', [], 0],
    ['what lies within a day before', spend(-23, -12), 2],
    ['what lies a whole day before is out of it', spend(-24, -23), 1],
    ['what comes within a day after', spend(1, 23), 2],
    ['before and after are never both counted when no window holds both', spend(-20, -19, 10, 11), 2],
    ['the fullest of several', spend(-20, -19, -10, 2, 3, 10), 5],
    ['several at one instant', spend(0, 0, 0), 3],
  ])('counts %s', (_name, spendings, count) => {
    expect(fullestAround(rolling, spendings, NOW)).toBe(count);
  });

  it('agrees with a count of every window, whatever is queued', () => {
    let seed = 7;
    const next = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let round = 0; round < 200; round += 1) {
      const spendings = Array.from({ length: 12 }, () => ({
        at: at(Math.round((next() - 0.5) * 60) * HOUR),
        units: Math.ceil(next() * 3),
      })).sort((a, b) => a.at.getTime() - b.at.getTime());
      const ends = Array.from({ length: 24 }, (_, hour) => hour * HOUR);
      const counts = ends.map((end) =>
        spendings
          .filter((each) => each.at > at(end - DAY) && each.at <= at(end))
          .reduce((sum, { units }) => sum + units, 0),
      );
      expect(fullestAround(rolling, spendings, NOW)).toBe(Math.max(...counts));
    }
  });

  it('has room again when the oldest leaves, at a whole minute', () => {
    const queue = [{ at: at(-HOUR + 500), units: 1 }, ...spend(2, 3)];
    expect(nextRoom({ window: rolling, max: 3 }, queue, 1, NOW, HORIZON)).toEqual(at(23 * HOUR + MINUTE));
    expect(nextRoom({ window: rolling, max: 3 }, queue, 2, NOW, HORIZON)).toEqual(at(26 * HOUR));
  });

  it('has none while the queue stays full, or when the post alone takes more than there is', () => {
    const full = spend(...Array.from({ length: 31 }, (_, day) => day * 24));
    expect(nextRoom({ window: rolling, max: 1 }, full, 1, NOW, HORIZON)).toBeUndefined();
    expect(nextRoom({ window: rolling, max: 1 }, spend(0), 2, NOW, HORIZON)).toBeUndefined();
  });
});

describe('the calendar days of a zone', () => {
  it.each([
    ['2026-11-24T09:00:00Z', '2026-11-24T05:00:00Z', '2026-11-25T05:00:00Z'],
    ['2026-11-24T04:59:59Z', '2026-11-23T05:00:00Z', '2026-11-24T05:00:00Z'],
    // Clocks go back: 25 hours.
    ['2026-11-01T12:00:00Z', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
    ['2026-03-08T12:00:00Z', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z'],
  ])('of %s begin at %s and end at %s', (instant, from, to) => {
    const span = spanAround(newYork, new Date(instant));
    expect([span.from, span.to]).toEqual([new Date(from), new Date(to)]);
  });

  it('begin later where midnight is skipped', () => {
    // Clocks in Beirut went from 0:00 to 1:00 on 29 March 2026.
    const span = spanAround({ dayIn: 'Asia/Beirut' }, new Date('2026-03-29T12:00:00Z'));
    expect(span.from).toEqual(new Date('2026-03-28T22:00:00Z'));
  });

  it('count what lies in them and nothing else', () => {
    expect(fullestAround(newYork, spend(-5, -4, 0, 19, 20), NOW)).toBe(3);
  });

  it('have room on the first day that is not full, at the same time of day', () => {
    const queue = spend(-4, 0, 24, 25, 49);
    expect(nextRoom({ window: newYork, max: 2 }, queue, 1, NOW, HORIZON)).toEqual(at(2 * DAY));
    expect(nextRoom({ window: newYork, max: 2 }, queue, 2, NOW, HORIZON)).toEqual(at(3 * DAY));
    expect(nextRoom({ window: newYork, max: 2 }, queue, 3, NOW, HORIZON)).toBeUndefined();
  });
});
