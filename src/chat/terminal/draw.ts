/** Turns a Reply into styled lines, for a person at a terminal or for a program that reads plain lines. */
import type { Inline, Line, Mark, Reply, Row } from '../../core/reply.ts';
import type { NumberedButton } from './choices.ts';
import type { Span, Style, StyledLine } from './layout.ts';
import { safeLine, safeText } from './safe-text.ts';
import type { Message } from './surface.ts';
import { displayWidth } from './width.ts';

/** A line of a reply, with what tells whether it says something new when the reply is edited. */
export interface DrawnLine extends StyledLine {
  /** Equal for two lines that say the same, although a distance from now in them has moved on. */
  readonly meaning: string;
  /** Work that goes on; of interest in a whole reply, but no news by itself. */
  readonly isQuiet?: boolean;
  /** How it stands and what can be done about that: what a notice tells as well. */
  readonly isOutcome?: boolean;
  /** An account that waits, with the reason. */
  readonly isDelay?: boolean;
}

/** The signs of one kind of output. */
export interface Look {
  readonly marks: Readonly<Record<Mark, Span>>;
  readonly tones: Readonly<Record<Reply['tone'], Span>>;
  readonly bullet: string;
  readonly quote: string;
  /** Labels of rows stand in a column. */
  readonly aligned: boolean;
  /** A longer quote is shortened, so that a card keeps fitting the screen. */
  readonly quoteMax: { readonly lines: number; readonly characters: number };
}

const span = (text: string, style: Style = 'plain'): Span => ({ text, style });
const NOTHING = span('');

export const TERMINAL_LOOK: Look = {
  marks: {
    draft: span('○ ', 'dim'),
    waiting: span('◷ ', 'accent'),
    working: span('↻ ', 'warning'),
    ok: span('✓ ', 'good'),
    question: span('? ', 'warning'),
    failed: span('✗ ', 'bad'),
    off: span('– ', 'dim'),
  },
  tones: {
    info: NOTHING,
    success: span('✓ ', 'good'),
    warning: span('! ', 'warning'),
    error: span('✗ ', 'bad'),
  },
  bullet: '• ',
  quote: '│ ',
  aligned: true,
  quoteMax: { lines: 10, characters: 1000 },
};

export const PLAIN_LOOK: Look = {
  marks: {
    draft: span('[draft] '),
    waiting: span('[waiting] '),
    working: span('[working] '),
    ok: span('[ok] '),
    question: span('[question] '),
    failed: span('[failed] '),
    off: span('[off] '),
  },
  tones: { info: NOTHING, success: NOTHING, warning: span('Warning: '), error: span('Error: ') },
  bullet: '- ',
  quote: '> ',
  aligned: false,
  quoteMax: { lines: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY },
};

/** Longest label that makes the other rows' details move to the right. */
const LABEL_COLUMN_MAX = 32;

function inlineSpans(inline: Inline, base: Style): Span[] {
  if (typeof inline === 'string') return [span(safeText(inline), base)];
  if (inline.kind === 'strong') return [span(safeText(inline.text), 'strong')];
  if (inline.kind === 'code') return [span(safeText(inline.text), 'code')];
  if (inline.kind === 'time') return [span(safeText(inline.text), base)];
  // The address itself: terminals make it clickable, and it is what a script wants.
  if (inline.text === inline.url || inline.text === '') return [span(safeLine(inline.url), 'code')];
  return [span(`${safeText(inline.text)} `, base), span(safeLine(inline.url), 'code')];
}

const lineSpans = (line: Line, base: Style = 'plain'): Span[] =>
  line.flatMap((inline) => inlineSpans(inline, base));

/** A time means its instant; how far away it is changes by itself. */
const lineMeaning = (line: Line): string =>
  line
    .map((inline) => {
      if (typeof inline === 'string') return inline;
      if (inline.kind === 'time') return inline.at.toISOString();
      return inline.kind === 'link' ? `${inline.text} ${inline.url}` : inline.text;
    })
    .join('');

const spansWidth = (spans: readonly Span[]): number =>
  spans.reduce((sum, part) => sum + displayWidth(part.text.replaceAll('\n', ' ')), 0);

const hangingOf = (lead: Span): Span => span(' '.repeat(displayWidth(lead.text)));

function drawRow(row: Row, look: Look, labelWidth: number): DrawnLine {
  const lead = look.marks[row.mark];
  const label = lineSpans(row.label);
  const gap = span(' '.repeat(look.aligned ? Math.max(0, labelWidth - spansWidth(label)) + 2 : 2));
  const detail = row.detail ? [gap, ...lineSpans(row.detail, look.aligned ? 'dim' : 'plain')] : [];
  const meaning = `${row.mark} ${lineMeaning(row.label)} ${row.detail ? lineMeaning(row.detail) : ''}`;
  return {
    lead,
    hanging: hangingOf(lead),
    spans: [...label, ...detail],
    meaning,
    isQuiet: row.mark === 'working',
    isOutcome: row.mark !== 'waiting',
    isDelay: row.mark === 'waiting' && row.detail !== undefined,
  };
}

function drawRows(rows: readonly Row[], look: Look): DrawnLine[] {
  const widths = rows.filter((row) => row.detail).map((row) => spansWidth(lineSpans(row.label)));
  const column = Math.min(LABEL_COLUMN_MAX, Math.max(0, ...widths));
  return rows.map((row) => drawRow(row, look, column));
}

function drawQuote(text: string, look: Look): DrawnLine[] {
  const lines = safeText(text).split('\n');
  const lead = span(look.quote, 'dim');
  const drawn: DrawnLine[] = [];
  let left = look.quoteMax.characters;
  for (const line of lines) {
    if (drawn.length >= look.quoteMax.lines || left <= 0) break;
    const shown = Array.from(line.slice(0, left * 2))
      .slice(0, left)
      .join('');
    left -= shown.length + 1;
    drawn.push({ lead, hanging: lead, spans: [span(shown)], meaning: line });
  }
  const shownCharacters = drawn.reduce((sum, line) => sum + (line.spans[0]?.text.length ?? 0) + 1, -1);
  const hidden = lines.join('\n').length - shownCharacters;
  if (hidden > 0) {
    const words = `… ${hidden.toLocaleString('en')} more characters`;
    drawn.push({ lead, hanging: lead, spans: [span(words, 'dim')], meaning: text });
  }
  return drawn;
}

/** A number and its label stay together when the row wraps. */
const inOnePiece = (label: string): string => safeLine(label).replaceAll(' ', '\u00A0');

function drawButtons(buttons: readonly NumberedButton[], look: Look): DrawnLine[] {
  if (buttons.length === 0) return [];
  const spans = buttons.flatMap((button, index) => [
    span(`${index === 0 ? '' : '  '}${button.number}`, 'accent'),
    span(
      look.aligned ? inOnePiece(` ${button.label}`) : ` ${safeLine(button.label)}`,
      button.style === 'danger' ? 'bad' : 'plain',
    ),
  ]);
  const meaning = `buttons ${buttons.map((button) => `${button.number} ${button.label}`).join(' ')}`;
  return [{ lead: NOTHING, hanging: NOTHING, spans, meaning, isOutcome: true }];
}

/** The lines of `reply`; `buttons` are its buttons with the numbers that press them. */
export function drawReply(reply: Reply, buttons: readonly NumberedButton[], look: Look): DrawnLine[] {
  const lines: DrawnLine[] = [];
  const add = (lead: Span, line: Line): void => {
    lines.push({ lead, hanging: hangingOf(lead), spans: lineSpans(line), meaning: lineMeaning(line) });
  };
  const tone = look.tones[reply.tone];
  // Without a title the tone's sign stands before the first words.
  let sign = tone;
  if (reply.title) {
    const hanging = look.aligned ? hangingOf(tone) : NOTHING;
    const title = { lead: tone, hanging, spans: lineSpans(reply.title, 'strong') };
    lines.push({ ...title, meaning: lineMeaning(reply.title), isOutcome: true });
    sign = NOTHING;
  }
  for (const block of reply.blocks) {
    if (block.kind === 'text') {
      add(sign, block.line);
      sign = NOTHING;
    } else if (block.kind === 'quote') lines.push(...drawQuote(block.text, look));
    else if (block.kind === 'list') for (const item of block.items) add(span(look.bullet, 'dim'), item);
    else lines.push(...drawRows(block.rows, look));
  }
  lines.push(...drawButtons(buttons, look));
  return lines;
}

/**
 * What of an edited message is news: outcomes and changes, not how far work has got, nor what a notice tells.
 * @param before missing when it was shown by an earlier run: of that nobody knows what it said
 */
export function newsOf(before: Message | undefined, after: Message, look: Look): DrawnLine[] {
  const { noticeTells = false } = after.reply;
  const lines = drawReply(after.reply, after.buttons, look);
  if (!before) return noticeTells ? lines.filter(({ isDelay }) => isDelay) : lines;
  const known = new Map<string, number>();
  for (const { meaning } of drawReply(before.reply, before.buttons, look))
    known.set(meaning, (known.get(meaning) ?? 0) + 1);
  return lines.filter(({ meaning, isQuiet, isOutcome }) => {
    if (isQuiet || (noticeTells && isOutcome)) return false;
    const count = known.get(meaning) ?? 0;
    if (count > 0) known.set(meaning, count - 1);
    return count === 0;
  });
}
