/** What somebody is told who is in no team here: why nothing was done, and how to join. */
import type { Caller } from '../chat.ts';
import { type CarillonError, usageError } from '../errors.ts';

export function stranger(
  conversationBelongs: boolean,
  caller: Pick<Caller, 'identity' | 'conversation'>,
): CarillonError {
  const id = caller.identity.slice(caller.identity.indexOf(':') + 1);
  const { kind } = caller.conversation;
  if (conversationBelongs || kind === 'direct') {
    return usageError(
      'NOT_A_MEMBER',
      kind === 'direct'
        ? 'You are in no team of this bot.'
        : 'You are not in the team that uses this bot here.',
      `Ask an owner to add you: /team add:${id}${kind === 'direct' ? ' (for a new bot of your own: /start with the claim code from its output)' : ''}`,
    );
  }
  return usageError(
    'NOT_A_MEMBER',
    'This conversation is not connected to a team yet.',
    'An owner connects it by writing /start here; for a new bot, /start with the claim code from its output.',
  );
}
