/** When two texts count as the same words, for the warning about posting something twice. */
import { createHash } from 'node:crypto';

/**
 * Texts are the same when they differ in nothing but composed or decomposed letters (NFC), white space and case. Upper case
 * first and lower case after folds what lower case alone would keep apart (ß and SS, ς and σ), in no language's own rules.
 */
function normalise(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim().toUpperCase().toLowerCase().normalize('NFC');
}

/** A short key of a text's words; undefined when there are none (two posts of pictures do not say the same). */
export function wordsKey(text: string): string | undefined {
  const normalised = normalise(text);
  return normalised === '' ? undefined : createHash('sha256').update(normalised).digest('base64url');
}
