/**
 * Settles an unknown outcome by looking, never by sending again: `reconcile` is read-only, and only a proven absence lets
 * the delivery be sent once more.
 */
import { after, MINUTE, SECOND } from '../clock.ts';
import { asCarillonError, type CarillonError, failure, recordError } from '../errors.ts';
import type { Publisher, ReconcileOutcome } from '../publisher.ts';
import type { Attempt, Delivery } from '../words.ts';
import { retryDelay } from './error-policy.ts';
import { endAttempt, openAttempt } from './journal.ts';
import { goesOnAfter, hasBegun, hasMore } from './parts.ts';
import { type DeliverPorts, type Job, settled, write, writePublished } from './work.ts';

/** After so many looks that could not tell, a person is asked. */
export const LOOKS_MAX = 6;
/** The pause after a look that failed, doubled each time. */
const LOOK_PAUSE_MS = 15 * SECOND;
const LOOK_PAUSE_MAX_MS = 30 * MINUTE;

export async function settleUncertain(ports: DeliverPorts, job: Job, publisher: Publisher): Promise<void> {
  const { delivery } = job;
  const attempt = openAttempt(delivery);
  if (!attempt) return;
  if (delivery.state !== 'uncertain')
    await write(ports, job, { state: 'uncertain', progress: 'no answer came; looking whether it is there' });
  const outcome = await look(ports, job, publisher, attempt);
  const now = ports.clock.now();
  if (outcome.state === 'refused') {
    const error = recordError(outcome.error);
    await write(
      ports,
      job,
      settled('failed', now, { attempts: endAttempt(delivery.attempts, 'rejected', now, { error }), error }),
    );
    return;
  }
  if (outcome.state === 'published' && hasMore(attempt))
    return write(ports, job, { ...goesOnAfter(delivery, outcome, now), release: true });
  if (outcome.state === 'published') return writePublished(ports, job, outcome, delivery.attempts);
  if (outcome.state === 'processing') {
    await write(ports, job, {
      nextAttemptAt: outcome.lookAgainAt,
      progress: 'the network is still working on it',
      release: true,
    });
  } else if (outcome.state === 'absent') {
    await sendAgain(ports, job, now);
  } else {
    await lookAgainOrAsk(ports, job, outcome.lookAgainAt);
  }
}

/** What looking brought; `refused`: the network took the words for a repetition of something that is not ours. */
type Look = ReconcileOutcome | { readonly state: 'refused'; readonly error: CarillonError };

async function look(ports: DeliverPorts, job: Job, publisher: Publisher, attempt: Attempt): Promise<Look> {
  try {
    return await publisher.reconcile({
      account: job.account,
      deliveryId: job.delivery.id,
      postId: job.delivery.postId,
      intent: attempt.intent ?? { text: '', mediaCount: 0 },
      sentAt: attempt.startedAt,
      ...(attempt.error ? { because: attempt.error } : {}),
      firstSentAt: firstOf(job.delivery, attempt).startedAt,
      ...(job.delivery.checkpoint ? { checkpoint: job.delivery.checkpoint } : {}),
      ...(job.delivery.parts ? { parts: job.delivery.parts } : {}),
      isTaken: (remoteId) => ports.deliveries.isTaken(job.account.id, remoteId, job.delivery.id),
      clock: ports.clock,
      log: ports.log.child({
        postId: job.delivery.postId,
        deliveryId: job.delivery.id,
        accountId: job.account.id,
      }),
      signal: job.signal,
    });
  } catch (error) {
    const problem = asCarillonError(error);
    if (problem.kind === 'ContentRejected') return { state: 'refused', error: problem };
    ports.log.warn({ deliveryId: job.delivery.id, err: problem }, 'looking failed; it proves nothing');
    const pause = Math.min(LOOK_PAUSE_MS * 2 ** job.delivery.looks, LOOK_PAUSE_MAX_MS);
    const now = ports.clock.now();
    return { state: 'unknown', lookAgainAt: problem.next.do === 'at' ? problem.next.at : after(now, pause) };
  }
}

/** The first try of the same thing: of the post, or of this part of a thread. */
function firstOf({ attempts }: Delivery, attempt: Attempt): Attempt {
  const number = attempt.intent?.part?.number;
  return attempts.find(({ intent }) => intent && intent.part?.number === number) ?? attempt;
}

/** Proven absent: one more try is allowed, within the same bound as any transient failure. */
async function sendAgain(ports: DeliverPorts, job: Job, now: Date): Promise<void> {
  const { delivery } = job;
  const attempts = endAttempt(delivery.attempts, 'absent', now);
  if (job.post.expiresAt && job.post.expiresAt <= now && !hasBegun(delivery))
    return write(ports, job, settled('expired', now, { attempts }));
  if (delivery.failures >= ports.settings.maxRetries) {
    return write(
      ports,
      job,
      settled('failed', now, { attempts, ...(delivery.error ? { error: delivery.error } : {}) }),
    );
  }
  // The first resend follows at once: the absence is proven and the post is late already.
  const pause = delivery.failures === 0 ? 0 : retryDelay(delivery.failures, ports.settings, ports.random);
  await write(ports, job, {
    state: 'scheduled',
    attempts,
    failures: delivery.failures + 1,
    looks: 0,
    nextAttemptAt: after(now, pause),
    progress: null,
    release: true,
  });
}

async function lookAgainOrAsk(ports: DeliverPorts, job: Job, at: Date): Promise<void> {
  const looks = job.delivery.looks + 1;
  const ask = looks >= LOOKS_MAX;
  await write(ports, job, {
    looks,
    nextAttemptAt: ask ? null : at,
    progress: null,
    release: true,
    ...(job.delivery.error ? {} : { error: UNKNOWN }),
  });
}

const UNKNOWN = recordError(
  failure('OutcomeUnknown', {
    code: 'OUTCOME_UNKNOWN',
    message: 'The request left and no answer came; the network could not tell whether the post is there.',
    hint: 'Look at the profile and say whether it is there.',
  }),
);
