/**
 * Threads: a text that is longer than one post, sent as several, each of which answers the one before. A person's own breaks
 * (a line of nothing but dashes) always hold; between them the text is split where a reader would pause.
 */
import type { Capabilities } from './capabilities.ts';
import { splitText } from './split-text.ts';

/** A line of three or more dashes: here the person wants the next part to begin. */
const BREAK = /^[^\S\n]*-{3,}[^\S\n]*$/m;
const BREAKS_AT_START = /^(?:\s*^[^\S\n]*-{3,}[^\S\n]*$)*\s*/m;

/** The parts of a text in their order, with one more than are possible when there are too many. */
export function threadParts({ text, thread }: Capabilities, whole: string): readonly string[] {
  if (!thread) return [whole];
  const rule = { limit: text.limit, count: text.count, whole: thread.whole };
  const parts: string[] = [];
  for (const section of whole.split(new RegExp(BREAK, 'gm')))
    parts.push(...splitText(section, rule, thread.maxParts + 1 - parts.length));
  return parts;
}

/**
 * What of a text is still to come when parts of it stand at the network already; undefined when it does not begin with them
 * (any more): somebody changed words that are out.
 */
export function afterParts(text: string, out: readonly string[]): string | undefined {
  let rest = text;
  for (const part of out) {
    rest = rest.replace(BREAKS_AT_START, '');
    if (!rest.startsWith(part)) return undefined;
    rest = rest.slice(part.length);
  }
  return rest.replace(BREAKS_AT_START, '');
}

/** The text without a person's breaks, for a network where it stands as one. */
export function withoutBreaks(text: string): string {
  return text
    .split(new RegExp(BREAK, 'gm'))
    .map((section) => section.trim())
    .filter((section) => section !== '')
    .join('\n\n');
}
