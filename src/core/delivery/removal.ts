/**
 * Takes what is published away again. Already gone is success, so taking it away may be asked for any number of times: it
 * needs no fence, and after a crash the end of the lease brings it up once more.
 */
import { newId } from '../clock.ts';
import { asCarillonError, type CarillonError, failure, recordError } from '../errors.ts';
import type { Publisher } from '../publisher.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Attempt, Delivery, RecordedError } from '../words.ts';
import { type Delivered, tellAccount } from './after-error.ts';
import { type Decision, decide } from './error-policy.ts';
import { appendAttempt } from './journal.ts';
import { type DeliverPorts, type Job, settled, write } from './work.ts';

export async function takeAway(
  ports: DeliverPorts,
  job: Job,
  publisher: Publisher | undefined,
): Promise<Delivered> {
  const { account, delivery, signal } = job;
  const { heldUntil } = account;
  if (heldUntil && heldUntil > ports.clock.now()) {
    await write(ports, job, { nextAttemptAt: heldUntil, release: true });
    return 'done';
  }
  try {
    if (!publisher?.remove || delivery.remoteId === undefined) throw notPossible(job, publisher);
    for (const id of idsOf(delivery, delivery.remoteId)) await publisher.remove({ account, id, signal });
  } catch (error) {
    return await afterFailure(ports, job, asCarillonError(error));
  }
  const now = ports.clock.now();
  await write(ports, job, {
    ...settled('removed', now),
    attempts: journal(ports, job, { outcome: 'removed', remoteId: delivery.remoteId }),
    error: null,
    remark: null,
  });
  ports.log.info(
    { postId: delivery.postId, deliveryId: delivery.id, accountId: account.id, remoteId: delivery.remoteId },
    'removed',
  );
  return 'done';
}

/** Of a thread all parts, the last one first: what is cut off in between is the beginning of the thread still. */
function idsOf({ parts }: Delivery, remoteId: string): readonly string[] {
  return parts ? parts.map(({ id }) => id).reverse() : [remoteId];
}

/** Asked for while it was possible; credentials may have gone since. */
function notPossible({ account }: Job, publisher: Publisher | undefined): CarillonError {
  return failure('ConfigError', {
    code: 'NOT_REMOVABLE',
    message: `${publisher?.label ?? account.network} cannot be asked to delete it with the credentials that are configured.`,
    hint: 'Delete it there by hand.',
  });
}

async function afterFailure(ports: DeliverPorts, job: Job, error: CarillonError): Promise<Delivered> {
  const { delivery } = job;
  const facts = { creating: false, failures: delivery.failures, now: ports.clock.now() };
  const decision = decide(error, facts, ports.settings, ports.random);
  if (decision.do === 'leave') throw error;
  ports.log.warn(
    { deliveryId: delivery.id, accountId: job.account.id, err: error, decision: decision.do },
    'a published thing could not be removed',
  );
  const recorded = recordError(error);
  await write(ports, job, {
    ...patchFor(job, decision, recorded),
    attempts: journal(ports, job, { outcome: 'failed', error: recorded }),
  });
  // Without the right to delete an account can publish all the same: only a hold, or credentials that are dead, concern the rest.
  return error.kind === 'PermissionMissing' ? 'done' : tellAccount(ports, job, decision, error);
}

function patchFor({ delivery }: Job, decision: Decision, error: RecordedError): DeliveryPatch {
  if (decision.do === 'retry')
    return { error, failures: delivery.failures + 1, nextAttemptAt: decision.at, release: true };
  if (decision.do === 'hold account') return { error, nextAttemptAt: decision.until, release: true };
  // It is still there: published since when it was, with the reason.
  return { state: 'published', nextAttemptAt: null, error, release: true };
}

function journal(
  ports: DeliverPorts,
  { delivery }: Job,
  what: Pick<Attempt, 'outcome' | 'remoteId' | 'error'>,
): readonly Attempt[] {
  const now = ports.clock.now();
  return appendAttempt(delivery.attempts, {
    id: newId(ports.random, 8),
    startedAt: now,
    endedAt: now,
    ...what,
  });
}
