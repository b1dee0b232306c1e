/** The work on one leased delivery: what is to be done with it now, by its state, its post and its account. */
import { asCarillonError } from '../errors.ts';
import type { Delivered } from './after-error.ts';
import { openAttempt } from './journal.ts';
import { settleUncertain } from './look.ts';
import { parkForAccount, reasonNotToSend } from './not-now.ts';
import { publishSteps } from './publish-steps.ts';
import { takeAway } from './removal.ts';
import { type DeliverPorts, type Job, write } from './work.ts';

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
