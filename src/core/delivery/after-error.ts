/** Writes what an error means for a delivery and its account; what follows is decided by the error policy. */
import { newId } from '../clock.ts';
import { type CarillonError, recordError } from '../errors.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Attempt, RecordedError } from '../words.ts';
import { type Decision, decide } from './error-policy.ts';
import { appendAttempt, endAttempt } from './journal.ts';
import { hasBegun } from './parts.ts';
import { type DeliverPorts, type Job, settled, write } from './work.ts';

/** How far the work on a delivery has come. */
export interface Progress {
  readonly attempts: readonly Attempt[];
  /** The fence was passed in this step: something may have been created. */
  readonly creating: boolean;
  /** The network has taken the post in an earlier step and works on it. */
  readonly accepted: boolean;
}

/** Whether the work changed something of the account that its other deliveries must see. */
export type Delivered = 'done' | 'account changed';

export async function afterError(
  ports: DeliverPorts,
  job: Job,
  error: CarillonError,
  progress: Progress,
): Promise<Delivered> {
  const now = ports.clock.now();
  const { delivery, account } = job;
  const decision = decide(
    error,
    { creating: progress.creating, failures: delivery.failures, now },
    ports.settings,
    ports.random,
  );
  if (decision.do === 'leave') throw error;
  ports.log.warn(
    {
      postId: delivery.postId,
      deliveryId: delivery.id,
      accountId: account.id,
      err: error,
      decision: decision.do,
    },
    'a step failed',
  );
  const recorded = recordError(error);
  await write(ports, job, {
    ...patchFor(ports, job, decision, recorded, {
      ...progress,
      attempts: ended(ports, progress, decision, recorded),
    }),
    // Whatever follows begins with a time of its own.
    preparingSince: null,
  });
  return tellAccount(ports, job, decision, error);
}

/** What an error means for the account's other deliveries. */
export async function tellAccount(
  ports: DeliverPorts,
  { account }: Job,
  decision: Decision,
  error: CarillonError,
): Promise<Delivered> {
  if (decision.do === 'hold account') {
    await ports.accounts.hold(account.id, decision.until, error.message);
    await ports.deliveries.postpone(account.id, decision.until);
    return 'account changed';
  }
  if (decision.do === 'stop account') {
    await ports.accounts.setHealth(account.id, decision.health, `${error.message} ${error.hint}`);
    await ports.deliveries.park(account.id, recordError(error));
    return 'account changed';
  }
  return 'done';
}

/** The journal with this failure in it. */
function ended(
  ports: DeliverPorts,
  { attempts, creating }: Progress,
  decision: Decision,
  error: RecordedError,
): readonly Attempt[] {
  const now = ports.clock.now();
  if (creating) return endAttempt(attempts, decision.do === 'look' ? 'unknown' : 'rejected', now, { error });
  return appendAttempt(attempts, {
    id: newId(ports.random, 8),
    startedAt: now,
    endedAt: now,
    outcome: 'failed',
    error,
  });
}

function patchFor(
  ports: DeliverPorts,
  { delivery, post }: Job,
  decision: Decision,
  error: RecordedError,
  { attempts, accepted }: Progress,
): DeliveryPatch {
  const now = ports.clock.now();
  // What the network has taken stays "processing": it must neither expire nor be sent again.
  const open = {
    state: accepted ? 'processing' : 'scheduled',
    attempts,
    error,
    progress: null,
    release: true,
  } as const;
  switch (decision.do) {
    case 'look':
      return { ...open, state: 'uncertain', nextAttemptAt: decision.at };
    case 'retry': {
      // A retry past the expiry would never be made: the delivery comes up at the expiry and is settled then.
      const expires = accepted || hasBegun(delivery) ? undefined : post.expiresAt;
      const at = expires && expires < decision.at ? expires : decision.at;
      return { ...open, failures: delivery.failures + 1, nextAttemptAt: at };
    }
    case 'hold account':
      return { ...open, nextAttemptAt: decision.until };
    case 'stop account':
      // Following what was accepted waits for the account; a post that was not sent fails with the remedy.
      return accepted ? { ...open, nextAttemptAt: null } : settled('failed', now, { attempts, error });
    default:
      if (accepted && !FAILED_FOR_GOOD.has(error.kind)) return askAboutAccepted(attempts, error);
      // A processing that failed for good is begun anew by a retry, not gone on with.
      return settled('failed', now, { attempts, error, ...(accepted ? { checkpoint: null } : {}) });
  }
}

/** With these the network itself said that what it took will not become a post. */
const FAILED_FOR_GOOD: ReadonlySet<string> = new Set(['ContentRejected', 'MediaRejected']);

/** The network took it, and how it ended cannot be found out: a person is asked. The journal says that it is open again. */
export function askAboutAccepted(attempts: readonly Attempt[], error: RecordedError): DeliveryPatch {
  const accepted = attempts.findLast((each) => each.outcome === 'accepted');
  const reopened = accepted ? [...attempts, { ...accepted, outcome: 'unknown' as const, error }] : attempts;
  return {
    state: 'uncertain',
    nextAttemptAt: null,
    attempts: reopened,
    error,
    progress: null,
    release: true,
  };
}
