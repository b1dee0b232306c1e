/**
 * The work on one leased delivery: from its state to its next state, one step of the network at a time, every write
 * under the lease and every creating call between two journal entries.
 */
import { after, HOUR, newId, SECOND } from '../clock.ts';
import { asCarillonError, failure, recordError } from '../errors.ts';
import { rulesFor } from '../formats.ts';
import type { PublishContext, Publisher, PublishOutcome } from '../publisher.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Attempt, Checkpoint } from '../words.ts';
import { afterError, askAboutAccepted, type Delivered, type Progress } from './after-error.ts';
import { contentOn } from './content.ts';
import { appendAttempt, endAttempt, openAttempt } from './journal.ts';
import { settleUncertain } from './look.ts';
import { hasBegun, partStands } from './parts.ts';
import { isStuck, whenStuck } from './preparing.ts';
import { takeAway } from './removal.ts';
import { type DeliverPorts, type Job, settled, write, writePublished } from './work.ts';

/** Progress on the card is written at most this often. */
export const PROGRESS_EVERY_MS = 2 * SECOND;
/** A network that still processes after this long is asked about as if no answer had come. */
export const PROCESSING_MAX_MS = 2 * HOUR;

/** Takes one delivery as far as it goes now. Never throws: what it meets is written down or, when the lease is lost, left to its new owner. */
export async function deliver(ports: DeliverPorts, job: Job): Promise<Delivered> {
  try {
    const publisher = ports.publisherFor(job.account);
    if (job.delivery.state === 'removing') return await takeAway(ports, job, publisher);
    const waits = publisher && reasonNotToSend(ports, job);
    if (!publisher) await parkForAccount(ports, job, 'its credentials are not configured');
    else if (openAttempt(job.delivery)) await settleUncertain(ports, job, publisher);
    else if (waits) await write(ports, job, waits);
    else if (job.account.health !== 'ok' || !job.account.active)
      await parkForAccount(ports, job, job.account.healthMessage ?? 'it is not connected');
    else return await publishSteps(ports, job, publisher);
  } catch (error) {
    const problem = asCarillonError(error);
    const level = problem.code === 'LEASE_LOST' ? 'debug' : 'error';
    ports.log[level](
      { deliveryId: job.delivery.id, err: problem },
      'the work on a delivery was left; its lease will bring it up again',
    );
  }
  return 'done';
}

/** Why this delivery is not sent now, as the change to write; undefined when it may go. */
function reasonNotToSend(ports: DeliverPorts, { delivery, post, account }: Job): DeliveryPatch | undefined {
  const now = ports.clock.now();
  // What the network has accepted already is followed to its end, whatever the hour.
  if (delivery.state === 'processing') {
    const accepted = delivery.attempts.findLast((each) => each.outcome === 'accepted')?.startedAt ?? now;
    if (now.getTime() - accepted.getTime() <= PROCESSING_MAX_MS) return undefined;
    return askAboutAccepted(delivery.attempts, STILL_PROCESSING);
  }
  // The post is the truth: a crash amid a change can leave a delivery with an older instant, or awake too early.
  if (post.standing === 'cancelled') return settled('cancelled', now);
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
async function parkForAccount(ports: DeliverPorts, job: Job, why: string): Promise<void> {
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

/** Steps until the delivery is settled or the network asks to come back later. */
async function publishSteps(ports: DeliverPorts, claimed: Job, publisher: Publisher): Promise<Delivered> {
  let job = claimed;
  let { attempts, checkpoint } = job.delivery;
  let creating = false;
  /** The network has taken the post and works on it: from here on it is followed, never sent. */
  let accepted = job.delivery.state === 'processing';
  const since = preparingSince(ports, job);
  try {
    const content = contentOn(publisher.capabilities, job.post, job.account);
    if (content.media.length > 0 && job.delivery.state === 'scheduled')
      await write(ports, job, { state: 'publishing', progress: 'preparing media' });
    const network = {
      workspaceId: job.account.workspaceId,
      label: publisher.label,
      capabilities: rulesFor(publisher.capabilities, content),
      ...(content.fit ? { fit: content.fit } : {}),
    };
    const media = await Promise.all(
      content.media.map((item) => ports.prepareMedia(item, network, job.signal)),
    );
    for (;;) {
      creating = false;
      const context: PublishContext = {
        account: job.account,
        deliveryId: job.delivery.id,
        postId: job.delivery.postId,
        content: { ...content, media },
        ...(checkpoint ? { checkpoint } : {}),
        ...(job.delivery.parts ? { parts: job.delivery.parts } : {}),
        creating: async (intent) => {
          if (creating)
            throw failure('Bug', {
              code: 'BUG',
              message: `${publisher.network} asked twice to create ${job.delivery.id} in one step.`,
              hint: 'The second call was not made.',
            });
          const attempt: Attempt = {
            id: newId(ports.random, 8),
            startedAt: ports.clock.now(),
            outcome: 'sending',
            intent,
          };
          attempts = appendAttempt(attempts, attempt);
          await write(ports, job, { state: 'publishing', attempts });
          creating = true;
        },
        progress: progressWriter(ports, job),
        isTaken: (remoteId) => ports.deliveries.isTaken(job.account.id, remoteId, job.delivery.id),
        clock: ports.clock,
        random: ports.random,
        log: ports.log.child({
          postId: job.delivery.postId,
          deliveryId: job.delivery.id,
          accountId: job.account.id,
        }),
        signal: job.signal,
      };
      const outcome = await publisher.publish(context);
      if (outcome.state === 'part') {
        job = await afterPart(ports, job, outcome, attempts);
        ({ attempts } = job.delivery);
        continue;
      }
      accepted ||= creating && outcome.state === 'pending';
      const more = await afterStep(ports, job, outcome, { attempts, creating, accepted }, since);
      if (!more) return 'done';
      ({ checkpoint, attempts } = more);
    }
  } catch (error) {
    return await afterError(ports, job, asCarillonError(error), { attempts, creating, accepted });
  }
}

/** Writes down that a part of a thread stands; answers the job as it is with it. */
async function afterPart(
  ports: DeliverPorts,
  job: Job,
  found: { readonly id: string; readonly url?: string },
  attempts: readonly Attempt[],
): Promise<Job> {
  ports.log.info({ deliveryId: job.delivery.id, remoteId: found.id }, 'a part of the thread stands');
  const stands = partStands(job.delivery, attempts, found, ports.clock.now());
  await write(ports, job, { ...stands, state: 'publishing', error: null, preparingSince: null });
  return { ...job, delivery: { ...job.delivery, ...stands } };
}

/** When preparing began. A hold of the account in between is no time in which the network worked on it. */
function preparingSince({ clock }: DeliverPorts, { delivery, account }: Job): Date {
  const { preparingSince: began } = delivery;
  if (!began) return clock.now();
  return account.heldUntil && account.heldUntil > began ? account.heldUntil : began;
}

/** Writes what a step brought; answers the state to go on with when the next step may follow at once. */
async function afterStep(
  ports: DeliverPorts,
  job: Job,
  outcome: Exclude<PublishOutcome, { state: 'part' }>,
  { attempts, creating, accepted }: Progress,
  since: Date,
): Promise<{ checkpoint: Checkpoint; attempts: readonly Attempt[] } | undefined> {
  const now = ports.clock.now();
  if (outcome.id !== undefined) {
    // Also in the log: should the database fail now, the id is not lost.
    ports.log.info({ deliveryId: job.delivery.id, remoteId: outcome.id }, 'the network accepted the post');
  }
  if (outcome.state === 'published') {
    await writePublished(ports, job, outcome, attempts);
    return undefined;
  }
  const ended = creating
    ? endAttempt(attempts, 'accepted', now, outcome.id === undefined ? {} : { remoteId: outcome.id })
    : attempts;
  if (!accepted && isStuck(since, job.post.media, now)) {
    await write(ports, job, whenStuck(attempts, since, now));
    return undefined;
  }
  const later = outcome.lookAgainAt > now;
  await write(ports, job, {
    state: accepted ? 'processing' : 'publishing',
    checkpoint: outcome.checkpoint,
    preparingSince: accepted ? null : since,
    attempts: ended,
    ...(outcome.id === undefined ? {} : { remoteId: outcome.id }),
    ...(later ? { nextAttemptAt: outcome.lookAgainAt, release: true } : {}),
  });
  return later ? undefined : { checkpoint: outcome.checkpoint, attempts: ended };
}

/** Puts words about the step on the card, not more often than people can read. */
function progressWriter(ports: DeliverPorts, job: Job): (words: string) => void {
  let next = ports.clock.now();
  return (words) => {
    const now = ports.clock.now();
    if (now < next) return;
    next = after(now, PROGRESS_EVERY_MS);
    // A lost lease or a busy database must not stop an upload: the next real write will notice.
    write(ports, job, { progress: words }).catch((error) =>
      ports.log.debug({ deliveryId: job.delivery.id, err: error }, 'progress was not written'),
    );
  };
}
