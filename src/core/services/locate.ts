/** Which published thing an address leads to that a person gave, by the word of its network. */
import { SECOND } from '../clock.ts';
import { asCarillonError, usageError } from '../errors.ts';
import type { LocateContext, Located } from '../publisher.ts';
import { within } from '../within.ts';
import type { Account, Delivery } from '../words.ts';
import type { ChangePorts } from './hold.ts';

/** A chat waits for its answer; what is not found by then is not found. */
const WAIT_MS = 8 * SECOND;

/**
 * The network's id of it; undefined when it could not be found out. Errors: OPTION_INVALID for an address of something else, such
 * as another post of ours, or where the rest of a thread needs the id.
 */
export async function idAt(
  ports: ChangePorts,
  account: Account,
  delivery: Delivery,
  { url, sentAt, signal }: Pick<LocateContext, 'sentAt' | 'signal'> & { readonly url: string },
): Promise<string | undefined> {
  const publisher = ports.publisherFor(account);
  const asked = publisher
    ?.locate?.({ account, url: new URL(url), sentAt, signal })
    .catch((error: unknown) => {
      if (asCarillonError(error).kind === 'Bug') throw error;
      return 'not found' as const;
    });
  const located: Located = asked ? await within(ports.clock, WAIT_MS, asked, 'not found') : 'not found';
  if (located === 'no address')
    throw usageError(
      'OPTION_INVALID',
      `${url.slice(0, 80)} is no address of a post on ${publisher?.label ?? account.network}.`,
      'Open the post there, and copy the address from its “share” or “copy link”.',
    );
  if (located === 'not found') {
    if (delivery.attempts.at(-1)?.intent?.part)
      throw usageError(
        'OPTION_INVALID',
        'Which part of the thread stands at that address could not be found out, and the next one is to answer it.',
        'Copy the full address of this part, or try again in a minute.',
      );
    return undefined;
  }
  if (await ports.deliveries.isTaken(account.id, located.id, delivery.id))
    throw usageError(
      'OPTION_INVALID',
      'Another post of yours stands at that address.',
      'Copy the address of this one; if it is not there, press “Not there: send again”.',
    );
  return located.id;
}
