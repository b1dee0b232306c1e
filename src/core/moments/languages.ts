/** The languages in which dates are read. Each was tried with the examples of its test; others come when they pass. */
import { createRequire } from 'node:module';
import type { Chrono, ParsedResult } from 'chrono-node';
import * as english from 'chrono-node/en';
import { usageError } from '../errors.ts';

/**
 * A parser of another language than English is read from disk when somebody first uses it: all of them together take
 * longer to load than the rest of core. By `require`, since reading a moment is not asynchronous.
 */
const require = createRequire(import.meta.url);
const casual = (name: string) => (): Chrono => (require(`chrono-node/${name}`) as { casual: Chrono }).casual;

const PARSERS: Readonly<Record<string, { readonly label: string; readonly parser: () => Chrono }>> = {
  'en-GB': { label: 'English, day first', parser: () => english.GB },
  'en-US': { label: 'English, month first', parser: () => english.casual },
  de: { label: 'Deutsch', parser: casual('de') },
  fr: { label: 'Français', parser: casual('fr') },
  es: { label: 'Español', parser: casual('es') },
  it: { label: 'Italiano', parser: casual('it') },
  pt: { label: 'Português', parser: casual('pt') },
  nl: { label: 'Nederlands', parser: casual('nl') },
};

/** Day first: 3/4 is the third of April nearly everywhere; whoever writes it the other way chooses en-US. */
export const DEFAULT_LOCALE = 'en-GB';

export const LANGUAGES = Object.entries(PARSERS).map(([value, { label }]) => ({
  value,
  label: `${value}: ${label}`,
}));

/** English stands beside every language: "in 20 min" and ISO dates are understood everywhere. */
export function languageOf(locale: string): { parse: Chrono['parse'] } {
  const chosen = PARSERS[locale]?.parser() ?? english.GB;
  return {
    parse: (text, reference, option) => {
      const own = chosen.parse(text, reference, option);
      if (locale.startsWith('en') || own.some((result) => result.text.length === text.length)) return own;
      const inEnglish = english.GB.parse(text, reference, option);
      const length = (results: ParsedResult[]): number => results[0]?.text.length ?? 0;
      return length(inEnglish) > length(own) ? inEnglish : own;
    },
  };
}

export function canonicalLocale(typed: string): string {
  const found = Object.keys(PARSERS).find((name) => name.toLowerCase() === typed.trim().toLowerCase());
  if (found) return found;
  throw usageError(
    'LOCALE_UNKNOWN',
    `Dates cannot be read in “${typed}”.`,
    `Possible: ${Object.keys(PARSERS).join(', ')}.`,
  );
}
