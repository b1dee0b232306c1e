// Equality in a collation against ICU itself: every character that is decided, and strings of those that are apt to meet in
// one place. Whatever is not decided is refused.
import { describe, expect, it } from 'vitest';
import { type Collation, encodeValue, equalValues, parseCollation } from '../../src/embedded/order.ts';
import { seededRandom } from './seeded-random.ts';

const LEVELS = [
  { strength: 1, sensitivity: 'base' },
  { strength: 2, sensitivity: 'accent' },
] as const;

const collationOf = (strength: number) => parseCollation({ locale: 'en', strength }) as Collation;

/** Those of the texts that are decided. */
function decidedOf(texts: readonly string[]): readonly string[] {
  const { fold } = collationOf(2);
  const { stackTraceLimit } = Error;
  // A hundred thousand refusals: nobody reads where each came from, and to write that down takes seconds.
  Error.stackTraceLimit = 0;
  try {
    return texts.filter((text) => {
      try {
        fold(text);
        return true;
      } catch {
        return false;
      }
    });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Every character below the surrogates and behind them. */
const CHARACTERS = Array.from({ length: 0x30000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
const DECIDED = decidedOf(CHARACTERS);

/** Texts that ICU and the folding judge differently, when all are compared with all. */
function disagreements(
  texts: readonly string[],
  { strength, sensitivity }: (typeof LEVELS)[number],
): string[] {
  const icu = new Intl.Collator('en', { sensitivity });
  const { fold } = collationOf(strength);
  const classOfFold = new Map<string, number>();
  const found: string[] = [];
  let icuClass = 0;
  let foldOfClass: string | undefined;
  let before: string | undefined;
  for (const text of [...texts].sort(icu.compare)) {
    if (before !== undefined && icu.compare(before, text) !== 0) {
      icuClass += 1;
      foldOfClass = undefined;
    }
    before = text;
    const folded = fold(text);
    foldOfClass ??= folded;
    const known = classOfFold.get(folded) ?? icuClass;
    classOfFold.set(folded, known);
    if (folded !== foldOfClass || known !== icuClass) found.push(text);
  }
  return found;
}

/** Strings of decided characters, composed and taken apart; most of those that are apt to meet in one place. */
const STRINGS = decidedStrings();

function decidedStrings(): readonly string[] {
  // Of Han and Hangul a few are like all.
  const alphabet = DECIDED.filter((each) => !/[\p{Script=Han}\p{Script=Hangul}]/u.test(each));
  const confusable = decidedOf([
    ...'aAäÄàæÆeéèœoOøöóßsSẞtTdDđðlLłĿiIïjǰuUưüýyиИйЙеёЁгґѓσΣςάΑαכךםמ漢字한국글 -\'‘’"“„«.…№1²½',
  ]);
  const random = seededRandom(7);
  const any = (from: readonly string[]) => from[Math.floor(random() * from.length)] as string;
  const texts = Array.from({ length: 30_000 }, () => {
    const from = random() < 0.7 ? confusable : alphabet;
    const text = Array.from({ length: 1 + Math.floor(random() * 3) }, () => any(from)).join('');
    return random() < 0.3 ? text.normalize('NFD') : text;
  });
  return decidedOf(texts);
}

describe.each(LEVELS)('at strength $strength', (level) => {
  it('every character that is decided is equal to those that ICU holds for equal', () => {
    expect(DECIDED.length).toBeGreaterThan(30_000);
    expect(disagreements(DECIDED, level)).toEqual([]);
  });

  it('so are strings of them, composed and taken apart', () => {
    expect(STRINGS.length).toBeGreaterThan(25_000);
    expect(disagreements(STRINGS, level)).toEqual([]);
  });
});

describe('what is not decided', () => {
  it.each([
    ['a control character', 'a\u0001'],
    ['a soft hyphen', 'a\u00ad'],
    ['a dotless i', 'ı'],
    ['a middle dot', 'l·l'],
    ['an accent that no letter is composed with', 'q\u0301'],
    ['accents in an order of their own', 'a\u0301\u0323'],
    ['Arabic', 'سلام'],
    ['Devanagari', 'नमस्ते'],
    ['Kana', 'カナ'],
    ['an emoji', '🔔'],
    ['half of a surrogate pair', '\ud83d'],
  ])('is refused in words: %s', (_what, text) => {
    for (const { strength } of LEVELS) {
      const collation = collationOf(strength);
      const refusal =
        /the character U\+[0-9A-F]{4,6} in a collation is not supported by the embedded database/;
      expect(() => encodeValue(text, collation)).toThrow(refusal);
      expect(() => equalValues(text, 'a', collation)).toThrow(refusal);
      expect(() => collation.compare('a', text)).toThrow(refusal);
    }
  });
});
