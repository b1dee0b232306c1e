/** What a test looks for in a reply. */
import type { Reply } from '../../src/core/reply.ts';

/** All the words of a reply, for looking into it. */
export function wordsOf(reply: Reply): string {
  const line = (parts: readonly unknown[]): string =>
    parts.map((part) => (typeof part === 'string' ? part : (part as { text: string }).text)).join('');
  const blocks = reply.blocks.map((block) => {
    if (block.kind === 'text') return line(block.line);
    if (block.kind === 'quote') return block.text;
    if (block.kind === 'list') return block.items.map(line).join('\n');
    return block.rows
      .map((row) => `[${row.mark}] ${line(row.label)}${row.detail ? `: ${line(row.detail)}` : ''}`)
      .join('\n');
  });
  return [line(reply.title ?? []), ...blocks].join('\n');
}

export const buttonsOf = (reply: Reply): string[] =>
  (reply.buttons ?? []).flat().map((button) => button.action);
export const idIn = (reply: Reply): string => /#([A-Z0-9]{5,6})/.exec(wordsOf(reply))?.[1] ?? '';
