/** How many columns a text takes in a terminal: one sign as people count it is 0, 1 or 2 wide. */

const ASCII = /^[\x20-\x7E]*$/;
/**
 * Runs of plain letters, and short runs of others with the letter before them, which a mark may belong to. Short,
 * because the segmenter of Node 20 takes time by the square of the length: 100,000 characters at once cost 28 s.
 */
const RUNS = /[\x20-\x7E]+(?![^\x20-\x7E])|[\x20-\x7E]?[^\x20-\x7E]{1,200}[\p{M}\p{Cf}]*/gu;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11FF]/u;
const EMOJI = /^\p{Emoji_Presentation}/u;
const SOFT_HYPHEN = 0xad;
/** U+FE0F asks for the coloured, wide form of a sign that has both. */
const EMOJI_FORM = '\uFE0F';
/**
 * East Asian Wide and Fullwidth, without emoji (https://www.unicode.org/reports/tr11/, EastAsianWidth.txt 16.0), in
 * whole blocks. Ambiguous signs count as narrow, as terminals do outside East Asian locales.
 */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The signs of a text as people count them: a family emoji or a letter with its accents is one. */
export function graphemes(text: string): string[] {
  if (ASCII.test(text)) return text.split('');
  const found: string[] = [];
  for (const run of text.match(RUNS) ?? []) {
    if (ASCII.test(run)) for (const character of run) found.push(character);
    else for (const { segment } of segmenter.segment(run)) found.push(segment);
  }
  return found;
}

function codePointWidth(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x300) return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.some(([first, last]) => codePoint >= first && codePoint <= last) ? 2 : 1;
}

function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && grapheme < '\u0300') return grapheme.charCodeAt(0) === SOFT_HYPHEN ? 0 : 1;
  if (EMOJI.test(grapheme) || grapheme.includes(EMOJI_FORM)) return 2;
  if (grapheme.length === 1) return codePointWidth(grapheme);
  // Some signs that belong to the one before them take room of their own (Thai sara am, Indic vowels).
  return Array.from(grapheme).reduce((width, character) => width + codePointWidth(character), 0);
}

/** Columns that `text` takes on one line; it must hold no control characters. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  return graphemes(text).reduce((width, grapheme) => width + graphemeWidth(grapheme), 0);
}

/** `text` cut into pieces of at most `width` columns, as a terminal breaks a line that is too long. */
export function cutToWidth(text: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let taken = 0;
  for (const grapheme of graphemes(text)) {
    const columns = graphemeWidth(grapheme);
    if (taken + columns > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      taken = 0;
    }
    piece += grapheme;
    taken += columns;
  }
  pieces.push(piece);
  return pieces;
}
