/**
 * Splits a long text into parts where a reader would pause: at the ends of paragraphs, then of sentences, then of words; inside a
 * word only when it is longer than a part. Pure; what is counted, and what must stay whole, the network says.
 */

/** A stretch of a text in UTF-16 units; `end` is behind it. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface SplitRule {
  /** At most so many units in a part. */
  readonly limit: number;
  count(text: string): number;
  /** What no cut may fall into: links, mentions, hashtags. */
  whole(text: string): readonly Stretch[];
}

/** A coarser pause is taken only when it fills at least this share of a part; before that a finer one reads better. */
const FILLED_MIN = 1 / 4;

const PARAGRAPH_END = /\n[^\S\n]*\n/g;
const WORD_END = /\s+/g;
/** Behind what a sentence can end: white space, or the full stops of scripts that have no spaces. */
const SENTENCE_GAP = /[\s。！？｡．]$/u;

/** So much of a text is always looked at. */
const VIEW_MIN = 200;

/** Longer ones are no links that anybody shares. */
const LINK_MAX = 4096;

/** Made once: each costs some milliseconds. The language hardly matters for where sentences and words end. */
let segmenters: Readonly<Record<'sentence' | 'word' | 'grapheme', Intl.Segmenter>> | undefined;

function segmenter(granularity: 'sentence' | 'word' | 'grapheme'): Intl.Segmenter {
  segmenters ??= {
    sentence: new Intl.Segmenter('en', { granularity: 'sentence' }),
    word: new Intl.Segmenter('en', { granularity: 'word' }),
    grapheme: new Intl.Segmenter('en', { granularity: 'grapheme' }),
  };
  return segmenters[granularity];
}

/** The parts in order, without white space around them; splitting ends with part number `most`. */
export function splitText(text: string, rule: SplitRule, most = Number.POSITIVE_INFINITY): readonly string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest !== '' && parts.length < most) {
    const cut = cutOf(rest, rule);
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return parts;
}

/** Where the first part of a text ends. */
function cutOf(text: string, rule: SplitRule): number {
  const view = viewOf(text, rule);
  if (view === text && rule.count(text) <= rule.limit) return text.length;
  const whole = rule.whole(view);
  const allowed = (cuts: Iterable<number>): readonly number[] =>
    [...cuts].filter((cut) => cut > 0 && !whole.some(({ start, end }) => cut > start && cut < end));
  const weigh = (cut: number): number => rule.count(view.slice(0, cut).trimEnd());
  const isFilled = (cut: number | undefined): cut is number =>
    cut !== undefined && weigh(cut) >= rule.limit * FILLED_MIN;

  for (const pauses of [matches(view, PARAGRAPH_END), sentences(view)]) {
    const cut = lastWithin(allowed(pauses), weigh, rule.limit);
    if (isFilled(cut)) return cut;
  }
  const word = lastWithin(allowed(matches(view, WORD_END)), weigh, rule.limit);
  // A word that fits into a part of its own is never cut, however short that leaves this one.
  if (isFilled(word) || (word !== undefined && nextWordFits(view, word, rule))) return word;
  for (const granularity of ['word', 'grapheme'] as const) {
    const cut = lastWithin(allowed(starts(view, granularity)), weigh, rule.limit);
    if (cut !== undefined) return cut;
  }
  // One character, or one link, that is longer than a part: nothing shorter can be made of it.
  return word ?? allowed(starts(view, 'grapheme'))[0] ?? view.length;
}

/** The beginning of a text that is certainly longer than a part, so that a long one is not counted as a whole each time. */
function viewOf(text: string, { count, limit }: SplitRule): string {
  for (let length = Math.max(2 * limit, VIEW_MIN); length < text.length; length *= 2) {
    // Up to a gap, so that a link at the end is not mistaken for something else.
    const gap = text.slice(length, length + LINK_MAX).search(/\s/);
    const view = text.slice(0, length + Math.max(gap, 0));
    if (count(view) > limit) return view;
  }
  return text;
}

function matches(text: string, pattern: RegExp): readonly number[] {
  return [...text.matchAll(pattern)].map(({ index }) => index);
}

function starts(text: string, granularity: 'sentence' | 'word' | 'grapheme'): readonly number[] {
  return [...segmenter(granularity).segment(text)].map(({ index }) => index);
}

/** Unicode ends a sentence at each question mark, also inside `a?b`; there nobody pauses. */
function sentences(text: string): readonly number[] {
  return starts(text, 'sentence').filter((start) => SENTENCE_GAP.test(text.slice(0, start)));
}

/** The last of ascending cuts that keeps the part within the limit. */
function lastWithin(
  cuts: readonly number[],
  weigh: (cut: number) => number,
  limit: number,
): number | undefined {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (weigh(cuts[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return cuts[low - 1];
}

function nextWordFits(view: string, cut: number, { count, limit }: SplitRule): boolean {
  const [next = ''] = view.slice(cut).trimStart().split(/\s/, 1);
  return count(next) <= limit;
}
