/** What the steps of a delivery share: its ports, the job in hand, and the writes under the lease. */
import type { Clock, Random } from '../clock.ts';
import { type CarillonError, failure } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Published, Publisher } from '../publisher.ts';
import type { MediaService } from '../services/media-intake.ts';
import type { SchedulerSettings } from '../settings.ts';
import type { AccountStore, DeliveryPatch, DeliveryStore } from '../stores.ts';
import type { Account, Attempt, Delivery, Post } from '../words.ts';
import { endAttempt } from './journal.ts';
import { standing } from './parts.ts';

export interface DeliverPorts {
  readonly deliveries: DeliveryStore;
  readonly accounts: AccountStore;
  publisherFor(account: Account): Publisher | undefined;
  prepareMedia: MediaService['prepare'];
  /** Called after each change of state, so that the post's standing, card and notices follow. */
  changed(delivery: Pick<Delivery, 'workspaceId' | 'postId'>): void;
  /** Called when a delivery was given back to be taken up again at this instant. */
  wakeAt(at: Date): void;
  readonly settings: SchedulerSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** One delivery in hand. `token` is the lease under which every write is made. */
export interface Job {
  readonly delivery: Delivery;
  readonly post: Post;
  readonly account: Account;
  readonly token: string;
  readonly signal: AbortSignal;
  /** Called when the network is done with it and its outcome is about to be stored: the account's next delivery may begin. */
  sent(): void;
}

/** Writes under the lease; a lease that is gone ends the work. */
export async function write(ports: DeliverPorts, job: Job, patch: DeliveryPatch): Promise<void> {
  const ours = await ports.deliveries.write(job.delivery.id, job.token, patch, ports.clock.now());
  if (!ours) throw leaseLost(job.delivery.id);
  if (patch.nextAttemptAt) ports.wakeAt(patch.nextAttemptAt);
  if (patch.state !== undefined || patch.progress !== undefined) ports.changed(job.delivery);
}

function leaseLost(deliveryId: string): CarillonError {
  return failure('Conflict', {
    code: 'LEASE_LOST',
    message: `The delivery ${deliveryId} belongs to another worker by now.`,
    hint: 'Nothing is to be done: the other worker goes on with it.',
  });
}

/** A patch that ends the work on a delivery for good. */
export function settled(state: Delivery['state'], at: Date, more: DeliveryPatch = {}): DeliveryPatch {
  return { state, nextAttemptAt: null, settledAt: at, progress: null, release: true, ...more };
}

/** "Published" is said only with a remote id in hand. */
export async function writePublished(
  ports: DeliverPorts,
  job: Job,
  found: Published,
  attempts: readonly Attempt[],
): Promise<void> {
  const now = ports.clock.now();
  const written = write(ports, job, {
    ...settled('published', now),
    attempts: endAttempt(attempts, 'accepted', now, { remoteId: found.id }),
    ...standing(job.delivery.parts, attempts.at(-1), found),
    ...(found.remark === undefined ? {} : { remark: found.remark }),
    checkpoint: null,
    error: null,
  });
  // After the write was asked for: the next delivery's own entry, without which it creates nothing, comes behind this one.
  job.sent();
  await written;
  ports.log.info(
    {
      postId: job.delivery.postId,
      deliveryId: job.delivery.id,
      accountId: job.account.id,
      remoteId: found.id,
      lateMs: now.getTime() - job.delivery.dueAt.getTime(),
    },
    'published',
  );
}
