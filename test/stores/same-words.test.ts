import { describe, expect, it } from 'vitest';
import { wordsKey } from '../../src/stores/same-words.ts';

describe('the same words', () => {
  it.each([
    ['Fresh  bread\n', 'fresh bread'],
    ['Caf\u00e9', 'CAFE\u0301'],
    ['Stra\u00dfe', 'STRASSE'],
    ['\u039f\u0394\u039f\u03a3', '\u03bf\u03b4\u03bf\u03c2'],
    ['\u00a0two\u3000wide\u2003spaces', 'two wide spaces'],
  ])('are said by %j and %j', (one, two) => {
    expect(wordsKey(one)).toBe(wordsKey(two));
  });

  it.each([
    ['cafe', 'caf\u00e9'],
    ['freshbread', 'fresh bread'],
    ['10%', '10'],
  ])('are not said by %j and %j', (one, two) => {
    expect(wordsKey(one)).not.toBe(wordsKey(two));
  });

  it('are not there when there are no words', () => {
    expect(wordsKey(' \n\t')).toBeUndefined();
  });
});
