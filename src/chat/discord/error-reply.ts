/** Errors that the front-end itself has to tell, and what it adds to those of the desk. */
import type { Reply } from '../../core/reply.ts';

/** An error as a reply that only the person sees. */
export function errorReply(title: string, ...lines: string[]): Reply {
  return {
    tone: 'error',
    personal: true,
    title: [title],
    blocks: lines.map((line) => ({ kind: 'text', line: [line] })),
  };
}

/** An error with the words that were typed into a form, which Discord does not keep: nobody should have to write them again. */
export function withTyped(reply: Reply, typed: readonly string[]): Reply {
  const words = typed.filter((text) => text !== '');
  if (reply.tone !== 'error' || words.length === 0) return reply;
  return {
    ...reply,
    blocks: [
      ...reply.blocks,
      { kind: 'text', line: ['You wrote:'] },
      ...words.map((text) => ({ kind: 'quote' as const, text })),
    ],
  };
}
