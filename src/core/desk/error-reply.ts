/** How errors are told: what was found, and what to do; a Bug with a reference that the log has too. */
import type { CarillonError } from '../errors.ts';
import { code, type Reply, strong, text } from '../reply.ts';

export function errorReply(error: CarillonError, reference?: string): Reply {
  const asksForContent = error.kind === 'Bug' && reference;
  return {
    tone: 'error',
    title: [strong(error.message)],
    blocks: [text(error.hint), ...(asksForContent ? [text('Reference: ', code(reference))] : [])],
    personal: true,
  };
}
