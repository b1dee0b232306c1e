/** A person's word on a delivery whose outcome could not be found out by looking. */
import { endAttempt, openAttempt } from '../delivery/journal.ts';
import { goesOnAfter, hasMore, standing } from '../delivery/parts.ts';
import { usageError } from '../errors.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Attempt, Delivery, Post } from '../words.ts';
import { type Changed, type ChangePorts, hold, release, unchanged } from './hold.ts';
import { idAt } from './locate.ts';
import { viewPost } from './post-view.ts';

export type Verdict =
  | { readonly is: 'there'; readonly url: string }
  | { readonly is: 'not there' }
  | { readonly is: 'look again' };

/** @param signal ends the question to the network which post an address leads to */
export async function decideUncertain(
  ports: ChangePorts,
  post: Post,
  accountId: string,
  verdict: Verdict,
  signal: AbortSignal,
): Promise<Changed> {
  const settle =
    verdict.is === 'there' ? await itIsThere(ports, post, accountId, verdict.url, signal) : undefined;
  const now = ports.clock.now();
  const held = await hold(ports, post, ['uncertain']);
  const found = held.taken.find(
    (each) => each.accountId === accountId && uncertainAttempt(each) !== undefined,
  );
  await release(ports, post, held, (each) => {
    if (each !== found) return unchanged(each);
    if (settle) return settle(each, now);
    return verdict.is === 'look again' ? { looks: 0, nextAttemptAt: now } : notThere(each, now);
  });
  if (!found) throw settledAlready(post);
  ports.wakeDispatcher();
  return { ...(await viewPost(ports, post)), applied: [found], tooLate: [] };
}

function uncertainAttempt(delivery: Delivery | undefined): Attempt | undefined {
  return delivery?.state === 'uncertain' ? openAttempt(delivery) : undefined;
}

function settledAlready(post: Post): Error {
  return usageError(
    'ACTION_STALE',
    `That delivery of #${post.id} is settled already.`,
    `Use /show post:#${post.id}.`,
  );
}

function notThere({ attempts }: Delivery, now: Date): DeliveryPatch {
  return {
    state: 'scheduled',
    attempts: endAttempt(attempts, 'absent', now),
    looks: 0,
    failures: 0,
    confirmedAt: now,
    nextAttemptAt: now,
    error: null,
  };
}

/** Asks before anything is held: a network takes its time. Answers the change to write. */
async function itIsThere(
  ports: ChangePorts,
  post: Post,
  accountId: string,
  url: string,
  signal: AbortSignal,
): Promise<(delivery: Delivery, now: Date) => DeliveryPatch> {
  const { deliveries, accounts } = await viewPost(ports, post);
  const account = accounts.find((each) => each.id === accountId);
  const delivery = deliveries.find((each) => each.accountId === accountId);
  const attempt = uncertainAttempt(delivery);
  if (!account || !delivery || !attempt) throw settledAlready(post);
  const id = await idAt(ports, account, delivery, { url, sentAt: attempt.startedAt, signal });
  return (each, now) => (id === undefined ? thereUnknown(each, url, now) : thereAs(each, { id, url }, now));
}

function thereAs(
  delivery: Delivery,
  found: { readonly id: string; readonly url: string },
  now: Date,
): DeliveryPatch {
  const attempt = openAttempt(delivery);
  if (attempt && hasMore(attempt)) return { ...goesOnAfter(delivery, found, now), confirmedAt: now };
  return {
    ...published(now),
    attempts: endAttempt(delivery.attempts, 'accepted', now, { remoteId: found.id }),
    ...standing(delivery.parts, attempt, found),
  };
}

/** Without an id nobody can ask the network about it, which is told for good beside "published". */
function thereUnknown(delivery: Delivery, remoteUrl: string, now: Date): DeliveryPatch {
  return {
    ...published(now),
    attempts: endAttempt(delivery.attempts, 'accepted', now),
    remoteUrl,
    remark:
      'Which post stands at that address could not be found out, so /stats and /remove cannot reach it: look at it there.',
  };
}

const published = (now: Date) =>
  ({ state: 'published', settledAt: now, nextAttemptAt: null, error: null }) as const;
