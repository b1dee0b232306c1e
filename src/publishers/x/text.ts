/**
 * Text as X counts and reads it. X counts by weight (https://docs.x.com/fundamentals/counting-characters): Latin and most
 * punctuation 1, CJK and emoji 2, every link 23, after Unicode normalisation (NFC).
 */
import { createRequire } from 'node:module';
import type { Stretch } from '../../core/split-text.ts';

type TwitterText = typeof import('@ambassify/twitter-text');

const require = createRequire(import.meta.url);
let loaded: TwitterText | undefined;
let emojiSequence: RegExp | undefined;
const KNOWN_EMOJI = '\u{1F600}';

/** Loaded at the first text that is counted: it costs 60 ms, which a start should not pay. Counting is synchronous, so `import` will not do. */
function twitterText(): TwitterText {
  loaded ??= require('@ambassify/twitter-text') as TwitterText;
  return loaded;
}

/**
 * Every emoji of several code points holds one of these: joiner, variation selector, keycap, flag letter, skin tone or tag. The
 * search for emoji costs some hundred times as much as this one, and most words have none.
 */
const SEQUENCE_SIGN = /[\u200d\ufe0f\u20e3\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u;

/** The compiler knows no `v` below ES2024; every Node that we run on does. */
const FLAGS = 'gv';
/**
 * Emoji of several code points that Unicode recommends. The library's own list is of 2019 and takes newer ones apart
 * (a phoenix counts 5 instead of 2), so each of them is replaced by one that it knows before it counts.
 */
function knownEmoji(text: string): string {
  return text.replace(/\S+/gu, (word) => {
    if (!SEQUENCE_SIGN.test(word)) return word;
    // Made once and only when needed: it costs 20 ms.
    emojiSequence ??= new RegExp('\\p{RGI_Emoji}', FLAGS);
    return word.replace(emojiSequence, (emoji) => (emoji.length > 2 ? KNOWN_EMOJI : emoji));
  });
}

/** The weighted length of a text, as X counts it against 280. */
export function weightedLength(text: string): number {
  return twitterText().parseTweet(knownEmoji(text.normalize('NFC'))).weightedLength;
}

/** The cashtags of a text, such as `TSLA` for `$TSLA`. */
export function cashtags(text: string): readonly string[] {
  return twitterText().extractCashtags(text);
}

/** Where links, mentions, hashtags and cashtags stand: no cut may fall into one. */
export function entities(text: string): readonly Stretch[] {
  return twitterText()
    .extractEntitiesWithIndices(text)
    .map(({ indices: [start, end] }) => ({ start, end }));
}

/** True when the text holds characters that X refuses (byte order marks and non-characters). */
export function hasRefusedCharacters(text: string): boolean {
  return twitterText().hasInvalidCharacters(text);
}

/** True when the text holds something that X takes for a link. */
export function hasLinks(text: string): boolean {
  return twitterText().extractUrlsWithIndices(text).length > 0;
}

/** Replaces each thing that X takes for a link. */
export function replaceLinks(text: string, replacement: (link: string) => string): string {
  let result = '';
  let end = 0;
  for (const { url, indices } of twitterText().extractUrlsWithIndices(text)) {
    result += text.slice(end, indices[0]) + replacement(url);
    end = indices[1];
  }
  return result + text.slice(end);
}
