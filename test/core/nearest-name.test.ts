import { describe, expect, it } from 'vitest';
import { alignmentDistance, nearestName } from '../../src/core/nearest-name.ts';

const COMMANDS = [
  'post',
  'schedule',
  'queue',
  'show',
  'edit',
  'move',
  'cancel',
  'retry',
  'accounts',
  'settings',
  'team',
  'help',
  'start',
];

describe('alignmentDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['kitten', 'sitting', 3],
    ['when', 'wehn', 1],
    ['ab', 'ba', 1],
    // No part is edited twice: the unrestricted distance would be 2.
    ['ca', 'abc', 3],
    ['schedule', 'shcedule', 1],
  ])('%s → %s is %i', (left, right, distance) => {
    expect(alignmentDistance(left, right)).toBe(distance);
    expect(alignmentDistance(right, left)).toBe(distance);
  });
});

describe('nearestName', () => {
  it.each([
    ['shedule', 'schedule'],
    ['SCHEDULE', 'schedule'],
    ['scheudle', 'schedule'],
    ['sched', 'schedule'],
    ['pots', 'post'],
    ['quue', 'queue'],
    ['acounts', 'accounts'],
    ['hlep', 'help'],
  ])('%s was meant as %s', (found, name) => {
    expect(nearestName(found, COMMANDS)).toBe(name);
  });

  it.each(['', 'weather', 'publish', 'x', 'zzzz', 'a'.repeat(100_000)])(
    'finds nothing near %.20s',
    (found) => {
      expect(nearestName(found, COMMANDS)).toBeUndefined();
    },
  );

  it('does not choose between two names that begin alike', () => {
    expect(nearestName('exp', ['export', 'expires'])).toBeUndefined();
  });

  it('takes the earlier of two that are equally near', () => {
    expect(nearestName('cat', ['bat', 'rat'])).toBe('bat');
  });
});
