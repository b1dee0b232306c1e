/** What errors of the adapters mean to people who use the bot. */
import { type CarillonError, failure } from '../core/errors.ts';
import { isDatabaseAway } from '../stores/away.ts';

export function explainError(error: unknown): CarillonError | undefined {
  if (!isDatabaseAway(error)) return undefined;
  return failure('PlatformUnavailable', {
    code: 'DATABASE_UNREACHABLE',
    message: 'The database does not answer right now.',
    // The connection may have broken after the change and before its answer, so "nothing was changed" would be a guess.
    hint: 'What is planned is safe. Try again in a moment; if you changed something, see /queue first whether it arrived.',
    cause: error,
  });
}
