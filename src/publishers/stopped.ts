/** What a publisher throws when it is told to stop before it sent anything that matters. */
import { failure } from '../core/errors.ts';

/** Throws while nothing has left; the work is taken up again later. */
export function refuseWhenStopped(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw failure('PlatformUnavailable', {
    code: 'PLATFORM_UNAVAILABLE',
    message: 'The bot is stopping; nothing was published.',
    hint: 'It goes on by itself after the next start.',
  });
}
