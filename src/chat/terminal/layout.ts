/** Spans of styled text, wrapped into rows that fit the terminal. */
import { cutToWidth, displayWidth } from './width.ts';

export type Style = 'plain' | 'strong' | 'code' | 'dim' | 'good' | 'bad' | 'warning' | 'accent';

/** Text in one style; harmless already (safe-text.ts). May hold `\n`. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** A line to show: `lead` stands before its first row, `hanging` before the rows that it wraps into. */
export interface StyledLine {
  readonly lead: Span;
  readonly hanging: Span;
  readonly spans: readonly Span[];
}

export type Paint = (span: Span) => string;

/** Select Graphic Rendition parameters (ECMA-48, 8.3.117); the sixteen basic colours follow the person's own theme. */
const SGR: Readonly<Record<Exclude<Style, 'plain'>, string>> = {
  strong: '1',
  code: '36',
  dim: '2',
  good: '32',
  bad: '31',
  warning: '33',
  accent: '1;36',
};

export const paintPlain: Paint = (span) => span.text;

export const paintColour: Paint = ({ style, text }) =>
  style === 'plain' || text === '' ? text : `\x1b[${SGR[style]}m${text}\x1b[0m`;

/** So that a very narrow window still gets some text on each row. */
const TEXT_WIDTH_MIN = 8;
/** A no-break space is part of its word. */
const PIECES = /\n| +|[^ \n]+/g;

class Rows {
  readonly done: Span[][] = [];
  #row: Span[] = [];
  #taken = 0;
  #gap: Span = { text: '', style: 'plain' };
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  space(gap: Span): void {
    this.#gap = gap;
  }

  word(word: Span): void {
    const gapWidth = displayWidth(this.#gap.text);
    const width = displayWidth(word.text);
    if (this.#taken + gapWidth + width <= this.#width) {
      this.#put(this.#gap, gapWidth);
      this.#put(word, width);
    } else {
      // The gap at a break becomes the break itself; indentation at the start of a line is kept above.
      if (this.#taken > 0) this.breakRow();
      for (const [index, text] of cutToWidth(word.text, this.#width).entries()) {
        if (index > 0) this.breakRow();
        this.#put({ text, style: word.style }, displayWidth(text));
      }
    }
    this.#gap = { text: '', style: 'plain' };
  }

  breakRow(): void {
    this.done.push(this.#row);
    this.#row = [];
    this.#taken = 0;
    this.#gap = { text: '', style: 'plain' };
  }

  #put(span: Span, width: number): void {
    if (span.text === '') return;
    this.#row.push(span);
    this.#taken += width;
  }
}

/** The rows of one line in a terminal of `columns`; a row never reaches the last column, where terminals differ. */
export function wrapLine(line: StyledLine, columns: number, paint: Paint): string[] {
  const leadWidth = Math.max(displayWidth(line.lead.text), displayWidth(line.hanging.text));
  const rows = new Rows(Math.max(TEXT_WIDTH_MIN, columns - 1 - leadWidth));
  for (const { text, style } of line.spans) {
    for (const piece of text.match(PIECES) ?? []) {
      if (piece === '\n') rows.breakRow();
      else if (piece.startsWith(' ')) rows.space({ text: piece, style });
      else rows.word({ text: piece, style });
    }
  }
  rows.breakRow();
  return rows.done.map((row, index) => {
    const lead = index === 0 ? line.lead : line.hanging;
    return (paint(lead) + row.map(paint).join('')).replace(/ +$/, '');
  });
}

/** The same without wrapping, for output that is read by programs. */
export function plainRows(line: StyledLine): string[] {
  const text = line.spans.map((span) => span.text).join('');
  return text
    .split('\n')
    .map((row, index) => ((index === 0 ? line.lead : line.hanging).text + row).trimEnd());
}
