/**
 * The form of a string in which two strings are equal exactly if ICU holds them for equal, at strength 1 (letters) or 2 (letters
 * and accents). It is kept in index keys, so it may not depend on the ICU of the Node at hand: it is made of Unicode's stable
 * foldings and the tables below, for the characters for which test/embedded/collation.test.ts shows that it agrees with ICU.
 * A string with any other character is refused: a wrong "equal" would lose a document, or let a second one into a unique index.
 * Source of what is equal: https://www.unicode.org/Public/UCA/latest/allkeys.txt and CLDR's root collation
 */
import { notSupported } from '../errors.ts';

/**
 * What can be decided, in the composed form of a text: so accents only where Unicode has the letter with them. Left out among these
 * blocks: controls and soft hyphens, which ICU passes over; the middle dot, which is a letter with an l before it; ı, ſ, ŉ, ŀ and
 * spacing accents, whose foldings say something else than ICU.
 */
const DECIDED = new RegExp(
  `^[${[
    '\\t\\n\\r -~', // ASCII
    '\\u00a0-\\u00a7\\u00a9-\\u00ac\\u00ae\\u00b0-\\u00b3\\u00b5\\u00b6\\u00b9-\\u0130\\u0132-\\u013e\\u0141-\\u0148\\u014a-\\u017e', // Latin
    '\\u01a0\\u01a1\\u01af\\u01b0\\u0218-\\u021b\\u1e00-\\u1e99\\u1e9e\\u1ea0-\\u1ef9', // Romanian, Vietnamese, letters with dots and lines
    '\\u0386\\u0388-\\u038a\\u038c\\u038e-\\u03a1\\u03a3-\\u03ce', // Greek
    '\\u0400-\\u045f\\u0490\\u0491', // Cyrillic
    '\\u0531-\\u0556\\u0561-\\u0587\\u05d0-\\u05ea\\u10d0-\\u10f0', // Armenian, Hebrew, Georgian
    '\\u2010-\\u2015\\u2018-\\u2022\\u2026\\u2030\\u2039\\u203a\\u20a0-\\u20b9\\u2116\\u2122', // punctuation, currencies, № and ™
    '\\u3001\\u3002\\u3008-\\u3011\\uff01-\\uff5e', // CJK punctuation, wide forms of ASCII
    '\\u4e00-\\u9fcc\\uac00-\\ud7a3', // Han, Hangul
  ].join('')}]*$`,
  'u',
);

/** Letters whose other forms differ in no accent: final letters. */
const FORMS: Readonly<Record<string, string>> = { ς: 'σ', ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ' };

/** Letters that have no decomposition and yet differ from another one, or two, in an accent only; and quotation marks. */
const ACCENTED: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', ħ: 'h', ґ: 'г' },
  ...{ '‘': "'", '’': "'", '‚': "'", '‛': "'", '“': '"', '”': '"', '„': '"', '‟': '"' },
};

const FORM_LETTERS = anyOf(FORMS);
const ACCENTED_LETTERS = anyOf(ACCENTED);
const MARKS = /\p{M}+/gu;
/** й, taken apart: the one letter here whose mark makes another letter of it. */
const SHORT_I = /\u0438\u0306/g;

/** Equal if and only if ICU says so at strength 2. @throws MongoError 2 for a character that is not decided */
export function foldCase(text: string): string {
  assertDecided(text);
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(FORM_LETTERS, (letter) => FORMS[letter] ?? letter);
}

/** The same at strength 1. */
export function foldBase(text: string): string {
  return foldCase(text)
    .replace(SHORT_I, 'й')
    .replace(MARKS, '')
    .replace(ACCENTED_LETTERS, (letter) => ACCENTED[letter] ?? letter);
}

/** @throws MongoError 2 for a text whose equality or order is not decided here */
export function assertDecided(text: string): void {
  const composed = text.normalize('NFC');
  // ICU as MongoDB uses it takes marks as they come, so their order must be one of the two canonical ones.
  if (DECIDED.test(composed) && (text === composed || text === text.normalize('NFD'))) return;
  const character = [...composed].find((each) => !DECIDED.test(each)) ?? text;
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  throw notSupported(`Comparing a string with the character U+${code} in a collation`, 2);
}

function anyOf(table: Readonly<Record<string, string>>): RegExp {
  return new RegExp(`[${Object.keys(table).join('')}]`, 'gu');
}
