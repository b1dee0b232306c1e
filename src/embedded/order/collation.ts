/**
 * Collation of strength 1 and 2: comparisons that ignore case, and at strength 1 accents too.
 * Equality goes by a folded form of the string, which can be an index key. Order goes by ICU (Intl.Collator), the
 * library that MongoDB uses; ICU's sort keys are not within JavaScript's reach, so an index in a collation serves
 * equality only. Locales with rules of their own, and every other option, are refused rather than approximated.
 */

import type { Document } from '../bson/types.ts';
import { badValue, notSupported, unknownName } from '../errors.ts';

export interface Collation {
  readonly locale: string;
  readonly strength: 1 | 2;
  /** Two strings are equal in the collation if and only if their folded forms are. */
  fold(text: string): string;
  compare(left: string, right: string): number;
}

/** Locales that use the root order without tailoring in CLDR. Source: https://cldr.unicode.org/ (collation charts) */
const ROOT_ORDER_LOCALES = new Set(['en', 'en_US', 'de', 'fr', 'it', 'nl', 'pt', 'id', 'ga', 'ms']);
const DEFAULTS: Readonly<Record<string, unknown>> = {
  caseLevel: false,
  caseFirst: 'off',
  numericOrdering: false,
  alternate: 'non-ignorable',
  maxVariable: 'punct',
  normalization: false,
  backwards: false,
  version: '57.1',
};
const COMBINING_MARKS = /\p{M}+/gu;
/** Letters with strokes and ligatures, which have no canonical decomposition but differ only in an accent in the root order. */
const STROKES: Readonly<Record<string, string>> = { ø: 'o', đ: 'd', ł: 'l', ħ: 'h', æ: 'ae', œ: 'oe' };
const STROKE_LETTERS = /[øđłħæœ]/gu;

/**
 * Reads a collation document.
 * @returns undefined for the simple (binary) collation
 * @throws MongoError for anything but strength 1 or 2 of a locale in the root order
 */
export function parseCollation(specification: Document | undefined): Collation | undefined {
  if (!specification || Object.keys(specification).length === 0) return undefined;
  const { locale, strength = 3, ...others } = specification;
  if (typeof locale !== 'string') throw badValue("collation requires a string 'locale'");
  if (locale === 'simple') return undefined;
  for (const [name, value] of Object.entries(others)) {
    if (!(name in DEFAULTS)) throw unknownName(40415, `BSON field 'collation.${name}' is an unknown field`);
    if (value !== DEFAULTS[name]) throw notSupported(`The collation option '${name}: ${String(value)}'`, 2);
  }
  if (!ROOT_ORDER_LOCALES.has(locale)) throw notSupported(`The collation locale '${locale}'`, 2);
  const level = Number(strength);
  if (level !== 1 && level !== 2) throw notSupported(`Collation of strength ${level} (only 1 and 2 are)`, 2);
  return makeCollation(locale, level);
}

function makeCollation(locale: string, strength: 1 | 2): Collation {
  const collator = new Intl.Collator(locale.replace('_', '-'), {
    sensitivity: strength === 1 ? 'base' : 'accent',
  });
  return {
    locale,
    strength,
    fold: strength === 1 ? foldBase : foldCase,
    compare: (left, right) => collator.compare(left, right),
  };
}

/** Upper case first: it spells out the letters whose capital form is two letters (ß). */
function foldCase(text: string): string {
  return text.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD');
}

function foldBase(text: string): string {
  const folded = foldCase(text).replace(COMBINING_MARKS, '');
  return folded.replace(STROKE_LETTERS, (letter) => STROKES[letter] ?? letter);
}
