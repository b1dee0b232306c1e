/**
 * Draws a Reply as a Telegram message: HTML with an inline keyboard
 * (https://core.telegram.org/bots/api#html-style). The plain text of the same reply serves the pop-ups.
 */
import type { Block, Inline, Line, Mark, Reply } from '../../core/reply.ts';
import { fitParagraphs, type Paragraph, type Span } from './fit.ts';
import { type Keyboard, keyboardOf } from './keyboard.ts';
import { MESSAGE_MAX } from './limits.ts';

interface RenderedReply {
  readonly html: string;
  readonly keyboard: Keyboard | undefined;
}

/** Colour alone would be lost on some people and in previews; each sign has a shape of its own. */
const MARK_SIGNS: Readonly<Record<Mark, string>> = {
  draft: '📝',
  waiting: '🕓',
  working: '⏳',
  ok: '✅',
  question: '❓',
  failed: '❌',
  off: '➖',
};

const TONE_SIGNS: Readonly<Record<Reply['tone'], string>> = {
  info: '',
  success: '✅ ',
  warning: '⚠️ ',
  error: '❌ ',
};

/** Weekday, long date and time of day, in the reader's own zone and language (https://core.telegram.org/bots/api#date-time-entity-formatting). */
const TIME_FORMAT = 'wDT';

/** A quote longer than this is folded; the reader opens it with a tap. */
const FOLDED_ABOVE = 400;

/** The message for a reply. Text that exceeds Telegram's limit is shortened, and says so. */
export function renderReply(reply: Reply): RenderedReply {
  const paragraphs = paragraphsOf(reply);
  return {
    html: fitParagraphs(paragraphs, MESSAGE_MAX).map(paragraphHtml).join('\n'),
    keyboard: reply.buttons && keyboardOf(reply.buttons),
  };
}

/** The reply without any markup. */
export function plainReply(reply: Reply): string {
  return paragraphsOf(reply)
    .map((paragraph) => paragraph.spans.map((span) => span.text).join(''))
    .join('\n');
}

/** Halves of surrogate pairs: what holds one is no text to Telegram, which then refuses the whole message. */
const HALF_CHARACTERS = /\p{Surrogate}/gu;

/** Text made safe between tags and in attributes. */
function escapeHtml(text: string): string {
  return text
    .replace(HALF_CHARACTERS, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

function paragraphsOf(reply: Reply): Paragraph[] {
  const sign = TONE_SIGNS[reply.tone];
  const paragraphs: Paragraph[] = [];
  if (reply.title) {
    paragraphs.push({ spans: [plain(sign), ...reply.title.map((piece) => inTitle(piece))] });
  }
  for (const block of reply.blocks) paragraphs.push(...blockParagraphs(block));
  const first = paragraphs[0];
  // Telegram refuses an empty message.
  if (first === undefined) return [{ spans: [plain(sign.trim() || '…')] }];
  if (!reply.title && sign !== '' && !first.quote) paragraphs[0] = { spans: [plain(sign), ...first.spans] };
  return paragraphs;
}

function blockParagraphs(block: Block): Paragraph[] {
  switch (block.kind) {
    case 'text':
      return [{ spans: spansOf(block.line) }];
    case 'quote':
      return block.text.trim() === '' ? [] : [{ quote: true, spans: [plain(block.text)] }];
    case 'list':
      return block.items.map((item) => ({ spans: [plain('• '), ...spansOf(item)] }));
    case 'rows':
      return block.rows.map((row) => ({
        spans: [
          plain(`${MARK_SIGNS[row.mark]} `),
          ...spansOf(row.label),
          ...(row.detail && row.detail.length > 0 ? [plain(' · '), ...spansOf(row.detail)] : []),
        ],
      }));
  }
}

const plain = (text: string): Span => ({ text, open: '', close: '' });

function spansOf(line: Line): Span[] {
  return line.map(spanOf);
}

function spanOf(piece: Inline): Span {
  if (typeof piece === 'string') return plain(isolated(piece));
  switch (piece.kind) {
    case 'strong':
      return { text: isolated(piece.text), open: '<b>', close: '</b>' };
    case 'code':
      return { text: piece.text, open: '<code>', close: '</code>' };
    case 'link':
      return isWebAddress(piece.url)
        ? { text: isolated(piece.text), open: `<a href="${escapeHtml(piece.url)}">`, close: '</a>' }
        : plain(isolated(`${piece.text} (${piece.url})`));
    case 'time': {
      const unix = Math.floor(piece.at.getTime() / 1000);
      return {
        text: piece.text,
        open: `<tg-time unix="${unix}" format="${TIME_FORMAT}">`,
        close: '</tg-time>',
      };
    }
  }
}

/** A title is bold as a whole; code and times inside keep their own form, which Telegram does not allow inside bold. */
function inTitle(piece: Inline): Span {
  return typeof piece === 'string' ? { text: isolated(piece), open: '<b>', close: '</b>' } : spanOf(piece);
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:', 'tg:'].includes(new URL(url).protocol);
}

/** Marks that turn the direction of writing: in a name they would turn the rest of our line as well, so it is fenced in. */
const DIRECTION_MARKS = /[\u202a-\u202e\u2066-\u2069]/;

function isolated(text: string): string {
  return DIRECTION_MARKS.test(text) ? `\u2068${text}\u2069` : text;
}

function paragraphHtml(paragraph: Paragraph): string {
  const html = paragraph.spans
    .filter((span) => span.text !== '')
    .map((span) => `${span.open}${escapeHtml(span.text)}${span.close}`)
    .join('');
  if (!paragraph.quote) return html;
  const length = paragraph.spans.reduce((sum, span) => sum + span.text.length, 0);
  return `<blockquote${length > FOLDED_ABOVE ? ' expandable' : ''}>${html}</blockquote>`;
}
