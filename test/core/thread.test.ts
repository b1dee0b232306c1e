import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/core/capabilities.ts';
import { splitText } from '../../src/core/split-text.ts';
import { afterParts, threadParts, withoutBreaks } from '../../src/core/thread.ts';
import { x } from '../../src/publishers/x/rules.ts';

/** Words in angle brackets stand for what a network keeps whole. */
const rule = (limit: number) => ({
  limit,
  count: (text: string) => [...text].length,
  whole: (text: string) =>
    [...text.matchAll(/<[^>]*>/g)].map(({ index, 0: { length } }) => ({ start: index, end: index + length })),
});
const network = (limit: number, maxParts = 25) =>
  ({ text: rule(limit), thread: { maxParts, whole: rule(limit).whole } }) as unknown as Capabilities;

describe('a text is split', () => {
  it.each([
    ['not at all when it fits', 20, 'Short enough.', ['Short enough.']],
    [
      'at the ends of paragraphs first',
      20,
      'One two. Three.\n\nFour five six.',
      ['One two. Three.', 'Four five six.'],
    ],
    ['then of sentences', 20, 'One two three. Four five six.', ['One two three.', 'Four five six.']],
    ['then of lines', 20, 'one two three\nfour five six', ['one two three', 'four five six']],
    ['then of words', 10, 'one two three four', ['one two', 'three four']],
    ['inside a word only when it is longer than a part', 5, 'abcdefghijkl', ['abcde', 'fghij', 'kl']],
    [
      'not at a pause that would leave a part nearly empty',
      20,
      'Hi\n\nthere all you people',
      ['Hi\n\nthere all you', 'people'],
    ],
    [
      'before a word that fits by itself, however short that leaves a part',
      10,
      'a bcdefghijk l',
      ['a', 'bcdefghijk', 'l'],
    ],
    ['not inside what must stay whole', 10, 'abcdef<ghijk>', ['abcdef', '<ghijk>']],
    [
      'not inside what must stay whole, though it is longer than a part',
      5,
      'a <b c d e f> g',
      ['a', '<b c d e f>', 'g'],
    ],
    ['where scripts without spaces end a sentence', 8, '鐘が鳴る。塔の上で。', ['鐘が鳴る。', '塔の上で。']],
    ['between the words of scripts without spaces', 5, 'すもももももももものうち', undefined],
    [
      'not inside a character of several code points',
      9,
      '👩🏽‍🤝‍👨🏿👩🏽‍🤝‍👨🏿👩🏽‍🤝‍👨🏿',
      ['👩🏽‍🤝‍👨🏿', '👩🏽‍🤝‍👨🏿', '👩🏽‍🤝‍👨🏿'],
    ],
    ['not inside a character that is longer than a part', 3, '👩🏽‍🤝‍👨🏿a', ['👩🏽‍🤝‍👨🏿', 'a']],
  ])('%s', (_, limit, text, parts) => {
    const found = splitText(text, rule(limit));
    if (parts) expect(found).toEqual(parts);
    expect(found.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    if (!parts) for (const part of found) expect([...part].length).toBeLessThanOrEqual(limit);
  });

  it('a question mark inside an address or a word ends no sentence', () => {
    expect(splitText('Look up a?b now please', rule(14))).toEqual(['Look up a?b', 'now please']);
  });

  it('into a bounded number of parts, in good time, also when nothing in it is a pause', () => {
    for (const text of ['word '.repeat(40_000), 'a'.repeat(200_000), '鐘'.repeat(200_000)]) {
      const began = performance.now();
      expect(threadParts(x.capabilities, text)).toHaveLength(26);
      expect(performance.now() - began).toBeLessThan(3_000);
    }
  });
});

describe('as X counts and reads it', () => {
  const text = Array.from(
    { length: 40 },
    (_, n) =>
      `Sentence ${n} says something, does it not? See https://example.com/${'p'.repeat(40)}?q=${n} and @acme #bell${n} 👩🏽‍🤝‍👨🏿.`,
  ).join(' ');

  it('every part fits and none of its links, mentions or hashtags is cut', () => {
    const parts = threadParts(x.capabilities, text);
    expect(parts.length).toBeGreaterThan(10);
    for (const part of parts) expect(x.capabilities.text.count(part)).toBeLessThanOrEqual(280);
    expect(parts.join(' ')).toBe(text);
    for (let n = 0; n < 40; n += 1)
      expect(parts.filter((part) => part.includes(`?q=${n} and @acme #bell${n} 👩🏽‍🤝‍👨🏿.`))).toHaveLength(
        1,
      );
  });

  it('a hashtag and a link in text without spaces stay whole', () => {
    const run = `${'鐘'.repeat(133)}https://example.com/bells`;
    expect(threadParts(x.capabilities, run)).toEqual(['鐘'.repeat(133), 'https://example.com/bells']);
  });

  it('what stands already is left out, whatever number of parts that is', () => {
    const withBreaks = `One.\n---\n${text}\n\n-----\nThe end.`;
    const parts = threadParts(x.capabilities, withBreaks);
    for (let out = 0; out <= parts.length; out += 1) {
      const rest = afterParts(withBreaks, parts.slice(0, out));
      expect(threadParts(x.capabilities, rest ?? 'changed')).toEqual(parts.slice(out));
    }
  });
});

describe('a person’s own breaks', () => {
  it('a line of three or more dashes begins a part, and is no part of the words', () => {
    expect(threadParts(network(100), 'One\n---\nTwo\n\n -----  \n\nThree')).toEqual(['One', 'Two', 'Three']);
    expect(threadParts(network(100), '---\nOne\n---\n---\n')).toEqual(['One']);
  });

  it('dashes beside words, or fewer of them, are words', () => {
    expect(threadParts(network(100), 'One ---\n--\n--- two')).toEqual(['One ---\n--\n--- two']);
  });

  it('are blank lines where there are no threads', () => {
    expect(withoutBreaks('One\n---\nTwo')).toBe('One\n\nTwo');
  });

  it('one part more than possible shows that there are too many', () => {
    expect(threadParts(network(100, 2), '1\n---\n2\n---\n3\n---\n4')).toEqual(['1', '2', '3']);
  });
});

describe('a text that was changed since some of it went out', () => {
  it('goes on behind what is out when it still begins with it', () => {
    expect(afterParts('One. Two changed.', ['One.'])).toBe('Two changed.');
    expect(afterParts('One.', ['One.'])).toBe('');
  });

  it('is told when it does not', () => {
    expect(afterParts('Ones. Two.', ['One.', 'Two.'])).toBeUndefined();
    expect(afterParts('Other. Two.', ['One.'])).toBeUndefined();
  });
});
