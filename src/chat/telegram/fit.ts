/**
 * Makes a message fit Telegram's limit, and says what is missing. It works on the visible text before any markup is
 * written, so that no tag, entity or character can be cut in two.
 */

/** A piece of visible text and the markup around it. */
export interface Span {
  readonly text: string;
  readonly open: string;
  readonly close: string;
}

/** A line of a message; a quote may have line breaks of its own. */
export interface Paragraph {
  readonly quote?: boolean;
  readonly spans: readonly Span[];
}

/** What a person's own words keep at least, before anything else is shortened further. */
const QUOTE_MIN = 400;
/** What any other line keeps at least. */
const LINE_MIN = 400;
/** Room for the sentence that says how many lines are missing. */
const NOTE_ROOM = 60;

/** Paragraphs joined by line breaks: at most `max` UTF-16 units. Quotes give way first, then long lines, then last lines. */
export function fitParagraphs(paragraphs: readonly Paragraph[], max: number): readonly Paragraph[] {
  if (total(paragraphs) <= max) return paragraphs;
  const quotesFitted = shorten(paragraphs, max, (paragraph) => paragraph.quote === true, QUOTE_MIN);
  if (total(quotesFitted) <= max) return quotesFitted;
  const linesFitted = shorten(quotesFitted, max, () => true, LINE_MIN);
  return total(linesFitted) <= max ? linesFitted : dropLast(linesFitted, max);
}

/** `text` cut to at most `max` UTF-16 units at the border of a visible character, without a word about it. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const start =
    new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text).containing(max)?.index ?? 0;
  return text.slice(0, start);
}

/** `text` cut to at most `max` UTF-16 units at the border of a visible character, with the number of those that are missing. */
function shortenText(text: string, max: number): string {
  if (text.length <= max) return text;
  const note = (missing: number): string => `… (${missing.toLocaleString('en')} more characters)`;
  const kept = cutText(text, Math.max(0, max - note(text.length).length));
  return `${kept.trimEnd()}${note(text.length - kept.length)}`.slice(0, max);
}

const lengthOf = (paragraph: Paragraph): number =>
  paragraph.spans.reduce((sum, span) => sum + span.text.length, 0);

const total = (paragraphs: readonly Paragraph[]): number =>
  paragraphs.reduce((sum, paragraph) => sum + lengthOf(paragraph), Math.max(0, paragraphs.length - 1));

/** Takes the excess from the longest paragraphs that may be shortened, none below `least`. */
function shorten(
  paragraphs: readonly Paragraph[],
  max: number,
  may: (paragraph: Paragraph) => boolean,
  least: number,
): Paragraph[] {
  const result = [...paragraphs];
  for (let excess = total(result) - max; excess > 0; excess = total(result) - max) {
    const longest = result
      .map((paragraph, index) => ({ index, length: may(paragraph) ? lengthOf(paragraph) : 0 }))
      .reduce((a, b) => (b.length > a.length ? b : a));
    const paragraph = result[longest.index];
    if (paragraph === undefined || longest.length <= least) break;
    result[longest.index] = shortenParagraph(paragraph, Math.max(least, longest.length - excess));
  }
  return result;
}

function shortenParagraph(paragraph: Paragraph, max: number): Paragraph {
  const spans: Span[] = [];
  let room = max;
  for (const span of paragraph.spans) {
    if (room <= 0) break;
    const text = shortenText(span.text, room);
    spans.push({ ...span, text });
    // A shortened span says how much is missing; what follows it would read as if nothing were.
    if (text !== span.text) break;
    room -= text.length;
  }
  return { ...paragraph, spans };
}

function dropLast(paragraphs: readonly Paragraph[], max: number): Paragraph[] {
  const kept: Paragraph[] = [];
  let room = max - NOTE_ROOM;
  for (const paragraph of paragraphs) {
    room -= lengthOf(paragraph) + 1;
    if (room < 0) break;
    kept.push(paragraph);
  }
  const missing = paragraphs.length - kept.length;
  return [
    ...kept,
    { spans: [{ text: `… ${missing} more lines do not fit in one message.`, open: '<i>', close: '</i>' }] },
  ];
}
