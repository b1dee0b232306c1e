/** The languages in which dates are read. Each was tried with the examples of its test; others come when they pass. */
import * as chrono from 'chrono-node';
import { usageError } from '../errors.ts';

const PARSERS: Readonly<Record<string, { readonly label: string; readonly parser: chrono.Chrono }>> = {
  'en-GB': { label: 'English, day first', parser: chrono.en.GB },
  'en-US': { label: 'English, month first', parser: chrono.en.casual },
  de: { label: 'Deutsch', parser: chrono.de.casual },
  fr: { label: 'Français', parser: chrono.fr.casual },
  es: { label: 'Español', parser: chrono.es.casual },
  it: { label: 'Italiano', parser: chrono.it.casual },
  pt: { label: 'Português', parser: chrono.pt.casual },
  nl: { label: 'Nederlands', parser: chrono.nl.casual },
};

/** Day first: 3/4 is the third of April nearly everywhere; whoever writes it the other way chooses en-US. */
export const DEFAULT_LOCALE = 'en-GB';

export const LANGUAGES = Object.entries(PARSERS).map(([value, { label }]) => ({
  value,
  label: `${value}: ${label}`,
}));

/** English stands beside every language: "in 20 min" and ISO dates are understood everywhere. */
export function languageOf(locale: string): { parse: chrono.Chrono['parse'] } {
  const chosen = PARSERS[locale]?.parser ?? chrono.en.GB;
  return {
    parse: (text, reference, option) => {
      const own = chosen.parse(text, reference, option);
      if (locale.startsWith('en') || own.some((result) => result.text.length === text.length)) return own;
      const english = chrono.en.GB.parse(text, reference, option);
      const length = (results: chrono.ParsedResult[]): number => results[0]?.text.length ?? 0;
      return length(english) > length(own) ? english : own;
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
