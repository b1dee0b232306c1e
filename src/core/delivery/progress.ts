/** Words about the step that is under way, for the card. */
import { after, SECOND } from '../clock.ts';
import { type DeliverPorts, type Job, write } from './work.ts';

/** Progress on the card is written at most this often. */
const PROGRESS_EVERY_MS = 2 * SECOND;

/** Puts words about the step on the card, not more often than people can read. */
export function progressWriter(ports: DeliverPorts, job: Job): (words: string) => void {
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
