/**
 * Sending one delivery: one step of the network at a time, every write under the lease and every creating call between two
 * journal entries.
 */
import { newId } from '../clock.ts';
import { asCarillonError, failure } from '../errors.ts';
import { rulesFor } from '../formats.ts';
import type { PublishContext, Publisher, PublishOutcome } from '../publisher.ts';
import type { Attempt, Checkpoint } from '../words.ts';
import { afterError, type Delivered, type Progress } from './after-error.ts';
import { contentOn } from './content.ts';
import { appendAttempt, endAttempt } from './journal.ts';
import { partStands } from './parts.ts';
import { isStuck, preparingSince, whenStuck } from './preparing.ts';
import { progressWriter } from './progress.ts';
import { type DeliverPorts, type Job, write, writePublished } from './work.ts';

/** Steps until the delivery is settled or the network asks to come back later. */
export async function publishSteps(
  ports: DeliverPorts,
  claimed: Job,
  publisher: Publisher,
): Promise<Delivered> {
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
