/**
 * Who may work on a delivery: the dispatcher's claim and a person's change. `nextAttemptAt` is the only thing that
 * the claim looks at; a lease moves it to its own end, so the work of a dead process comes up by itself.
 */
import type { DeliveryStore, DueDelivery } from '../core/stores.ts';
import type { Delivery, DeliveryState, Lease } from '../core/words.ts';
import {
  BEGINNING,
  type DeliveryDocument,
  type DeliveryModel,
  PRIORITIES,
  toDelivery,
} from './delivery-model.ts';
import { REPLY_MAX } from './schema.ts';

/** The most urgent due deliveries, in the order of the index: one query that stops when it has enough. */
export async function findDue(
  model: DeliveryModel,
  now: Date,
  { limit, exceptAccounts }: Parameters<DeliveryStore['findDue']>[1],
): Promise<readonly DueDelivery[]> {
  const due = await model
    .find(
      {
        priority: { $in: PRIORITIES },
        nextAttemptAt: { $gt: BEGINNING, $lte: now },
        ...(exceptAccounts.length === 0 ? {} : { accountId: { $nin: [...exceptAccounts] } }),
      },
      { accountId: 1 },
    )
    .sort({ priority: -1, nextAttemptAt: 1, _id: 1 })
    .limit(limit)
    .batchSize(REPLY_MAX)
    .lean<Pick<DeliveryDocument, '_id' | 'accountId'>[]>();
  return due.map(({ _id, accountId }) => ({ id: _id, accountId }));
}

/** Leases with one command and reads what is ours with another. Two workers never get the same delivery. */
export async function claim(
  model: DeliveryModel,
  ids: readonly string[],
  now: Date,
  lease: Lease,
): Promise<readonly Delivery[]> {
  if (ids.length === 0) return [];
  // Another worker may have leased some since they were seen: their next attempt lies ahead then, and they are not matched.
  const leased = await model.updateMany(
    { _id: { $in: [...ids] }, nextAttemptAt: { $gt: BEGINNING, $lte: now } },
    { $set: { lease, nextAttemptAt: lease.until } },
  );
  if (leased.matchedCount === 0) return [];
  const ours = await model
    .find({ _id: { $in: [...ids] }, 'lease.token': lease.token })
    .batchSize(REPLY_MAX)
    .lean<DeliveryDocument[]>();
  return ours.map(toDelivery).sort(moreUrgentFirst);
}

function moreUrgentFirst(a: Delivery, b: Delivery): number {
  return b.priority - a.priority || a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1);
}

/** States that a person may change; the others are settled, or under way at the network. */
const CHANGEABLE: readonly DeliveryState[] = ['scheduled', 'overdue', 'awaiting_approval', 'failed'];

/** States in which something is at the network, or may be: nobody else may touch them, leased or not. */
const UNDER_WAY: readonly DeliveryState[] = ['publishing', 'processing', 'uncertain', 'removing'];

/** What one round did not get may have been free a moment later (a lease given back, a hold); so many rounds are tried. */
const TAKE_ROUNDS = 3;

type Taken = Awaited<ReturnType<DeliveryStore['takeForChange']>>;

/**
 * Leases for a person's change. Unlike the dispatcher's lease it never brings a delivery forward: `nextAttemptAt` moves to
 * the lease's end only when it lies before it. So a process that dies amid a change of next week's post does not publish
 * it today. Callers see `nextAttemptAt` as it was, to put it back when the change comes to nothing.
 */
export async function takeForChange(
  model: DeliveryModel,
  of: { readonly workspaceId: string; readonly postId: string },
  now: Date,
  lease: Lease,
  states: readonly DeliveryState[] = CHANGEABLE,
): Promise<Taken> {
  const isFree = (each: DeliveryDocument): boolean => each.lease === undefined || each.lease.until <= now;
  const mayTake = (each: DeliveryDocument): boolean => states.includes(each.state) && isFree(each);
  const before = new Map<string, Date | undefined>();
  for (let round = 1; ; round += 1) {
    const found = await model.find(of).lean<DeliveryDocument[]>();
    const isOurs = (each: DeliveryDocument): boolean => each.lease?.token === lease.token;
    const open = found.filter((each) => !isOurs(each) && mayTake(each));
    if (open.length === 0 || round > TAKE_ROUNDS) {
      const ours = found.filter(isOurs);
      const others = found.filter((each) => !isOurs(each));
      return {
        taken: ours.map((each) => asItWas(each, before.get(each._id))),
        busy: others
          .filter((each) => !isFree(each) || UNDER_WAY.includes(each.state) || open.includes(each))
          .map(toDelivery),
      };
    }
    for (const each of open) before.set(each._id, each.nextAttemptAt);
    await model.bulkWrite(
      open.map((each) => leaseAsFound(each, now, lease)),
      { ordered: false },
    );
  }
}

/** Leases a delivery only while it stands as it was found. */
function leaseAsFound(found: DeliveryDocument, now: Date, lease: Lease) {
  const { _id, state, nextAttemptAt } = found;
  const isEarlier = nextAttemptAt !== undefined && nextAttemptAt < lease.until;
  return {
    updateOne: {
      filter: {
        _id,
        state,
        nextAttemptAt: nextAttemptAt ?? { $exists: false },
        $or: [{ lease: { $exists: false } }, { 'lease.until': { $lte: now } }],
      },
      update: { $set: { lease, ...(isEarlier ? { nextAttemptAt: lease.until } : {}) } },
    },
  };
}

function asItWas(document: DeliveryDocument, nextAttemptAt: Date | undefined): Delivery {
  const { nextAttemptAt: _leased, ...rest } = toDelivery(document);
  return Object.freeze(nextAttemptAt === undefined ? rest : { ...rest, nextAttemptAt });
}

/**
 * Ends leases whose owner is known to be gone. A next attempt that lies within the lease is the lease's own end and comes
 * now; a later one, under a person's lease, is the delivery's own and stays.
 */
export async function breakLeases(model: DeliveryModel, now: Date): Promise<void> {
  const leased = await model
    .find(
      { priority: { $in: PRIORITIES }, nextAttemptAt: { $gt: BEGINNING }, lease: { $exists: true } },
      { lease: 1, nextAttemptAt: 1 },
    )
    .lean<Pick<DeliveryDocument, '_id' | 'lease' | 'nextAttemptAt'>[]>();
  if (leased.length === 0) return;
  const operations = leased.map(({ _id, lease, nextAttemptAt }) => {
    const isLeaseEnd = lease !== undefined && nextAttemptAt !== undefined && nextAttemptAt <= lease.until;
    return {
      updateOne: {
        filter: { _id, 'lease.token': lease?.token ?? '' },
        update: { $unset: { lease: true as const }, ...(isLeaseEnd ? { $set: { nextAttemptAt: now } } : {}) },
      },
    };
  });
  await model.bulkWrite(operations, { ordered: false });
}
