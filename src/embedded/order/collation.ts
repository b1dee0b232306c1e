/**
 * Collation of strength 1 and 2: comparisons that ignore case, and at strength 1 accents too.
 * Equality goes by a folded form of the string, which can be an index key. Order goes by ICU (Intl.Collator), the
 * library that MongoDB uses; ICU's sort keys are not within JavaScript's reach, so an index in a collation serves
 * equality only. Locales with rules of their own, characters for which the two could differ, and every other option are refused.
 */

import type { Document } from '../bson/types.ts';
import { badValue, notSupported, unknownName } from '../errors.ts';
import { assertDecided, foldBase, foldCase } from './collation-keys.ts';

export interface Collation {
  readonly locale: string;
  readonly strength: 1 | 2;
  /** Two strings are equal in the collation if and only if their folded forms are. @throws MongoError 2 where that is not decided */
  fold(text: string): string;
  /** The order of two strings that are not equal. @throws MongoError 2 where it is not decided */
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

/**
 * A collation with every option named, as MongoDB stores and lists it.
 * @returns undefined for the simple collation
 * @throws MongoError as `parseCollation`
 */
export function completeCollation(specification: Document): Document | undefined {
  const parsed = parseCollation(specification);
  if (!parsed) return undefined;
  const { caseLevel, caseFirst, ...others } = DEFAULTS;
  return { locale: parsed.locale, caseLevel, caseFirst, strength: parsed.strength, ...others };
}

/** Whether strings are equal in one exactly when they are in the other; undefined is the simple collation. */
export function isSameCollation(left: Collation | undefined, right: Collation | undefined): boolean {
  return left?.locale === right?.locale && left?.strength === right?.strength;
}

function makeCollation(locale: string, strength: 1 | 2): Collation {
  const collator = new Intl.Collator(locale.replace('_', '-'), {
    sensitivity: strength === 1 ? 'base' : 'accent',
  });
  return {
    locale,
    strength,
    fold: strength === 1 ? foldBase : foldCase,
    compare(left, right) {
      assertDecided(left);
      assertDecided(right);
      return collator.compare(left, right);
    },
  };
}
