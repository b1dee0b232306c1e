/**
 * How long the steps before the creating call may take. A network that never gets ready with a file would otherwise keep its
 * delivery "publishing" for ever, where no person can change it.
 */
import { after, HOUR, SECOND } from '../clock.ts';
import { failure, recordError } from '../errors.ts';
import { describeDuration, KILOBYTE } from '../quantities.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Attempt, MediaItem, RecordedError } from '../words.ts';
import { type DeliverPorts, type Job, settled } from './work.ts';

/** The longest that a network was seen to work on a file is minutes; after this it is not going to get ready. */
const PREPARING_MAX_MS = 2 * HOUR;
/** Sending the files comes on top, as long as a slow line (a megabit a second) needs for them. */
const LINE_BYTES_PER_SECOND = 128 * KILOBYTE;

/** When preparing began. A hold of the account in between is no time in which the network worked on it. */
export function preparingSince({ clock }: Pick<DeliverPorts, 'clock'>, { delivery, account }: Job): Date {
  const { preparingSince: began } = delivery;
  if (!began) return clock.now();
  return account.heldUntil && account.heldUntil > began ? account.heldUntil : began;
}

/** Whether the steps since `since` have taken longer than these media can need. */
export function isStuck(since: Date, media: readonly Pick<MediaItem, 'bytes'>[], now: Date): boolean {
  const bytes = media.reduce((sum, each) => sum + each.bytes, 0);
  return now > after(since, PREPARING_MAX_MS + (bytes / LINE_BYTES_PER_SECOND) * SECOND);
}

/**
 * What follows: with no creating call made, nothing can be out there, and a retry begins anew. When an earlier try came as far
 * as that call, it is looked at once more before anybody says so.
 */
export function whenStuck(attempts: readonly Attempt[], since: Date, now: Date): DeliveryPatch {
  const took = `The network did not get ready with the post within ${describeDuration(now.getTime() - since.getTime())}`;
  // What was accepted is known: a part of a thread that stands.
  const called = attempts.findLast((each) => each.intent && each.outcome !== 'accepted');
  if (!called) {
    const error = stuck(
      `${took}; nothing was published.`,
      'Use /retry to begin anew; if it happens again, attach another file with /edit.',
    );
    return settled('failed', now, { checkpoint: null, preparingSince: null, error });
  }
  const error = stuck(`${took}.`, 'Look at the profile and say whether it is there.');
  return {
    state: 'uncertain',
    preparingSince: null,
    attempts: [...attempts, { ...called, outcome: 'unknown', error }],
    nextAttemptAt: now,
    error,
    progress: null,
    release: true,
  };
}

function stuck(message: string, hint: string): RecordedError {
  return recordError(failure('PlatformUnavailable', { code: 'PREPARING_TOO_LONG', message, hint }));
}
