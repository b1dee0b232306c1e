import { describe, expect, it } from 'vitest';
import { describeMoment, readCover } from '../../src/core/cover.ts';

describe('a moment of a video', () => {
  it.each([
    ['0:03', 3],
    ['00:03', 3],
    [' 1:02 ', 62],
    ['1:02:03', 3723],
    ['3', 3],
    ['90 s', 90],
    ['0:00', 0],
  ])('%s', (typed, second) => {
    expect(readCover(typed)).toBe(second);
  });

  it.each(['', 'first', '0:60', '1:75:00', '-1', '0:03.5', '3 min', '1:2:3:4'])('not “%s”', (typed) => {
    expect(() => readCover(typed)).toThrow('is no moment of a video');
  });

  it.each([
    [3, '0:03'],
    [62, '1:02'],
    [3723, '1:02:03'],
  ])('is told as people write it: %i', (second, words) => {
    expect(describeMoment(second)).toBe(words);
  });
});
