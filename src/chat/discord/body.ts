/**
 * The text of a reply in Discord markdown, within the limit of a message. What must give way gives way in this order:
 * quotes of a post's words, then the ends of lists and rows, and each place says what is left out.
 */
import type { Block, Mark, Reply, Row } from '../../core/reply.ts';
import { escapeText, renderLine } from './markdown.ts';
import { beginning, count, cut } from './shorten.ts';

const SIGN: Readonly<Record<Mark, string>> = {
  draft: '📝',
  waiting: '🕒',
  working: '⏳',
  ok: '✅',
  question: '❓',
  failed: '❌',
  off: '⚪',
};

/** Of a quote, this much is shown before the rows of a long list are. */
const QUOTE_FLOOR = 300;
/** Room for the sentence that says what is left out. */
const REMARK = 100;

/** The title and blocks of `reply`, then `notes`, in at most `max` characters (UTF-16 units). */
export function renderBody(reply: Reply, notes: readonly string[], max: number): string {
  const quotes = reply.blocks.filter((block) => block.kind === 'quote');
  const wholeQuotes = quotes.reduce(
    (sum, quote) => sum + size(renderQuote(quote.text, Number.POSITIVE_INFINITY)),
    0,
  );
  const frame =
    size(renderTitle(reply)) + notes.reduce((sum, note) => sum + size(subtext(escapeText(note))), 0);
  const plain = reply.blocks.reduce(
    (sum, block) => sum + (block.kind === 'text' ? size(renderText(block)) : 0),
    0,
  );

  let left = max - frame - plain;
  const reserved = Math.min(wholeQuotes, quotes.length * (QUOTE_FLOOR + REMARK));
  const parts: string[] = [renderTitle(reply)];
  const open: { index: number; text: string }[] = [];
  for (const block of reply.blocks) {
    switch (block.kind) {
      case 'text':
        parts.push(renderText(block));
        break;
      case 'quote':
        open.push({ index: parts.length, text: block.text });
        parts.push('');
        break;
      default: {
        const drawn = fitItems(itemsOf(block), left - reserved);
        left -= size(drawn);
        parts.push(drawn);
      }
    }
  }
  for (const [position, quote] of open.entries()) {
    const share = Math.floor(left / (open.length - position));
    const drawn = renderQuote(quote.text, share - 1);
    left -= size(drawn);
    parts[quote.index] = drawn;
  }
  parts.push(...notes.map((note) => subtext(escapeText(note))));
  const body = parts.filter((part) => part !== '').join('\n');
  // Discord refuses an empty text, and a reply that is longer than its own frame allows is cut as a last resort.
  return body === '' ? SIGN.ok : cut(body, max);
}

const size = (part: string): number => (part === '' ? 0 : part.length + 1);

const subtext = (line: string): string => `-# ${line.replace(/\n/g, ' ')}`;

function renderTitle(reply: Reply): string {
  return reply.title ? `### ${renderLine(reply.title, 'short').replace(/\n/g, ' ')}` : '';
}

function renderText(block: Extract<Block, { kind: 'text' }>): string {
  return renderLine(block.line, 'full');
}

/** Every line of the words behind Discord's quote mark; shortened with a remark when it would be longer than `max`. */
function renderQuote(text: string, max: number): string {
  const whole = quoteLines(text);
  if (whole.length <= max || text === '') return whole;
  const room = Math.max(0, max - REMARK);
  // A line break inside a quote also costs the mark of the next line, and perhaps a backslash before its first sign.
  const kept = beginning(text, room, (part) => escapeText(part).length + (part.includes('\n') ? 3 : 0));
  const remark = subtext(
    `Shown: the first ${count(kept.length)} of ${count(text.length)} characters. The post keeps them all.`,
  );
  return `${quoteLines(`${kept.trimEnd()}…`)}\n${remark}`;
}

function quoteLines(text: string): string {
  return escapeText(text)
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

function itemsOf(block: Extract<Block, { kind: 'list' | 'rows' }>): string[] {
  if (block.kind === 'list') return block.items.map((item) => `- ${renderLine(item, 'short')}`);
  return block.rows.map(renderRow);
}

function renderRow(row: Row): string {
  const label = `${SIGN[row.mark]} ${renderLine(row.label, 'short')}`;
  return row.detail ? `${label}\n${subtext(renderLine(row.detail, 'short'))}` : label;
}

function fitItems(items: readonly string[], max: number): string {
  const whole = items.join('\n');
  if (whole.length <= max) return whole;
  const kept: string[] = [];
  let used = REMARK;
  for (const item of items) {
    used += size(item);
    if (used > max) break;
    kept.push(item);
  }
  const missing = items.length - kept.length;
  return [...kept, subtext(`… and ${count(missing)} more that do not fit into one message.`)].join('\n');
}
