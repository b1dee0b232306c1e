/** Lines of a reply as Discord markdown. A person's words are always shown literally: nothing in them can become markup. */
import { TimestampStyles, time } from 'discord.js';
import type { Inline, Line } from '../../core/reply.ts';

/** A web address stays as it is: a backslash inside would become part of the link, and Discord reads no markup in it. */
const WEB_ADDRESS = /https?:\/\/[^\s<>]+/g;
/** `<` opens mentions and time tags, `[` links; the others emphasise. */
const MARKUP = /[\\*_~`|<>[\]]/g;
/** Headings, subtext and lists are read at the start of a line only. */
const LINE_START = /^(\s*)(#{1,3}|-#?|\+|\d+(?=\.))(?=[\s.])/gm;
/**
 * Invisible characters that would let a text rearrange what stands around it: control characters, and the marks that
 * override the direction of writing (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
 */
const UNRULY = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g;

/** Escapes a text so that Discord shows it as it was written. */
export function escapeText(text: string): string {
  const clean = text.replace(/\r\n?/g, '\n').replace(UNRULY, '');
  let escaped = '';
  let from = 0;
  for (const match of clean.matchAll(WEB_ADDRESS)) {
    escaped += clean.slice(from, match.index).replace(MARKUP, '\\$&') + match[0];
    from = match.index + match[0].length;
  }
  escaped += clean.slice(from).replace(MARKUP, '\\$&');
  return escaped.replace(LINE_START, (_all, space: string, mark: string) =>
    /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
  );
}

/** How much of an instant is written: for the eye (`short`) or with the workspace's own wording beside it (`full`). */
type TimeDetail = 'short' | 'full';

export function renderLine(line: Line, detail: TimeDetail): string {
  return line.map((inline) => renderInline(inline, detail)).join('');
}

function renderInline(inline: Inline, detail: TimeDetail): string {
  if (typeof inline === 'string') return escapeText(inline);
  switch (inline.kind) {
    case 'strong':
      return `**${escapeText(inline.text)}**`;
    case 'code':
      return codeSpan(inline.text);
    case 'link':
      return `[${escapeText(inline.text)}](${linkTarget(inline.url)})`;
    case 'time': {
      // The tags are drawn in each reader's own zone; the wording says what it is in the workspace's, which is the
      // zone that people type times in.
      const tags = `${time(inline.at, TimestampStyles.LongDateTime)} (${time(inline.at, TimestampStyles.RelativeTime)})`;
      return detail === 'full' ? `${tags} · ${escapeText(inline.text)}` : tags;
    }
  }
}

function codeSpan(text: string): string {
  const clean = text.replace(UNRULY, '').replace(/\n/g, ' ');
  // A span that holds backticks needs a longer fence and a space, as in CommonMark.
  return clean.includes('`') ? `\`\` ${clean} \`\`` : `\`${clean}\``;
}

function linkTarget(url: string): string {
  const address = URL.canParse(url) ? new URL(url).href : url.replace(/\s/g, '%20');
  // A parenthesis would end the link early.
  return address.replace(/\(/g, '%28').replace(/\)/g, '%29');
}
