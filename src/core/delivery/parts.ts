/**
 * The parts of a thread: each is created behind a fence of its own and remembered as soon as it stands, so that the work goes on
 * behind the last of them whatever happened, and none is sent twice.
 */
import type { Published } from '../publisher.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Attempt, Delivery, PublishedPart } from '../words.ts';
import { endAttempt } from './journal.ts';

type Found = Pick<Published, 'id' | 'url'>;

/** Whether other parts are to follow the one that this attempt creates. */
export function hasMore({ intent }: Attempt): boolean {
  return intent?.part !== undefined && intent.part.number < intent.part.of;
}

/** What a delivery is known by once something of it stands: the post itself, or the first part of a thread with all that follow it. */
export function standing(
  parts: readonly PublishedPart[] = [],
  attempt: Attempt | undefined,
  { id, url }: Found,
): Pick<Delivery, 'parts' | 'remoteId' | 'remoteUrl'> & { readonly remoteId: string } {
  const { intent } = attempt ?? {};
  if (parts.length === 0 && !intent?.part)
    return { remoteId: id, ...(url === undefined ? {} : { remoteUrl: url }) };
  const isKnown = parts.some((each) => each.id === id);
  const part = { id, ...(url === undefined ? {} : { url }), text: intent?.text ?? '' };
  const all = isKnown ? parts : [...parts, part];
  const first = all[0] ?? part;
  return { parts: all, remoteId: first.id, ...(first.url === undefined ? {} : { remoteUrl: first.url }) };
}

/** What is written when a part stands and others follow. It is a success: faults that came before it do not count any more. */
export function partStands(
  { parts }: Pick<Delivery, 'parts'>,
  attempts: readonly Attempt[],
  found: Found,
  at: Date,
): Pick<Delivery, 'attempts' | 'failures' | 'looks'> & ReturnType<typeof standing> {
  return {
    ...standing(parts, attempts.at(-1), found),
    attempts: endAttempt(attempts, 'accepted', at, { remoteId: found.id }),
    failures: 0,
    looks: 0,
  };
}

/** The same when it was found out by looking: the next part is due at once. */
export function goesOnAfter(
  delivery: Pick<Delivery, 'parts' | 'attempts'>,
  found: Found,
  at: Date,
): DeliveryPatch {
  return {
    ...partStands(delivery, delivery.attempts, found, at),
    state: 'scheduled',
    error: null,
    nextAttemptAt: at,
    progress: null,
  };
}

/** True once a part of a thread stands: it is finished, whatever the hour, rather than left as a torso. */
export function hasBegun({ parts = [] }: Pick<Delivery, 'parts'>): boolean {
  return parts.length > 0;
}
