/** What keeps a delivery from being sent although its moment has come: its post, its account, or the hour by now. */
import { HOUR } from '../clock.ts';
import { failure, recordError } from '../errors.ts';
import type { DeliveryPatch } from '../stores.ts';
import { askAboutAccepted } from './after-error.ts';
import { hasBegun } from './parts.ts';
import { type DeliverPorts, type Job, settled, write } from './work.ts';

/** A network that still processes after this long is asked about as if no answer had come. */
const PROCESSING_MAX_MS = 2 * HOUR;

/** Why this delivery is not sent now, as the change to write; undefined when it may go. */
export function reasonNotToSend(
  ports: DeliverPorts,
  { delivery, post, account }: Job,
): DeliveryPatch | undefined {
  const now = ports.clock.now();
  // What the network has accepted already is followed to its end, whatever the hour.
  if (delivery.state === 'processing') {
    const accepted = delivery.attempts.findLast((each) => each.outcome === 'accepted')?.startedAt ?? now;
    if (now.getTime() - accepted.getTime() <= PROCESSING_MAX_MS) return undefined;
    return askAboutAccepted(delivery.attempts, STILL_PROCESSING);
  }
  // The post is the truth: a crash amid a change can leave a delivery with an older instant, or awake too early.
  if (post.standing === 'cancelled' || !post.targets.includes(account.id)) return settled('cancelled', now);
  if (post.dueAt > now) return { dueAt: post.dueAt, nextAttemptAt: post.dueAt, release: true };
  if (post.expiresAt && post.expiresAt <= now && !hasBegun(delivery)) return settled('expired', now);
  if (account.heldUntil && account.heldUntil > now)
    return { nextAttemptAt: account.heldUntil, release: true };
  const expected = Math.max(
    post.dueAt.getTime(),
    delivery.confirmedAt?.getTime() ?? 0,
    delivery.attempts.at(-1)?.endedAt?.getTime() ?? 0,
    account.heldUntil?.getTime() ?? 0,
  );
  const untouched = delivery.failures === 0 && delivery.checkpoint === undefined && !hasBegun(delivery);
  if (untouched && now.getTime() - expected > ports.settings.lateLimitMs) {
    return { state: 'overdue', nextAttemptAt: null, release: true };
  }
  return undefined;
}

const STILL_PROCESSING = recordError(
  failure('OutcomeUnknown', {
    code: 'OUTCOME_UNKNOWN',
    message: `The network took the post and has not finished with it for ${PROCESSING_MAX_MS / HOUR} hours.`,
    hint: 'Look at the profile and say whether it is there.',
  }),
);

/** Later posts of an account that a person must mend wait; they do not fail one by one. */
export async function parkForAccount(ports: DeliverPorts, job: Job, why: string): Promise<void> {
  const error = recordError(
    failure('AuthRevoked', {
      code: 'AUTH_REVOKED',
      message: `${job.account.handle} cannot publish: ${why}.`,
      hint: 'Mend the account, restart, then /retry.',
    }),
  );
  const state = job.delivery.state === 'processing' ? 'processing' : 'scheduled';
  await write(ports, job, {
    state,
    nextAttemptAt: null,
    preparingSince: null,
    error,
    progress: null,
    release: true,
  });
}
