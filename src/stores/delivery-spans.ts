/** What of an account goes out in a stretch of time: what is queued by its next attempt, what went out by when it was settled. */

import type { Span } from '../core/quota.ts';
import type { GoingOut } from '../core/stores.ts';
import type { DeliveryState } from '../core/words.ts';
import { type DeliveryDocument, type DeliveryModel, OPEN_STATES } from './delivery-model.ts';
import { countOf } from './schema.ts';

const queued = (accountId: string, { from, to }: Span) => ({
  accountId,
  state: { $in: [...OPEN_STATES] },
  nextAttemptAt: { $gte: from, $lt: to },
});

const PUBLISHED: DeliveryState = 'published';

const out = (accountId: string, { from, to }: Span) => ({
  accountId,
  // What was taken away again was settled anew by that, so when it went out is not known any more.
  state: PUBLISHED,
  settledAt: { $gte: from, $lt: to },
});

type Found = Pick<DeliveryDocument, 'postId' | 'nextAttemptAt' | 'settledAt'>;

export async function goingOut(
  model: DeliveryModel,
  accountId: string,
  span: Span,
  limit: number,
): Promise<readonly GoingOut[]> {
  const [waiting, settled] = await Promise.all([
    model
      .find(queued(accountId, span), { postId: 1, nextAttemptAt: 1 })
      .sort({ nextAttemptAt: 1 })
      .limit(limit)
      .lean<Found[]>(),
    model
      .find(out(accountId, span), { postId: 1, settledAt: 1 })
      .sort({ settledAt: 1 })
      .limit(limit)
      .lean<Found[]>(),
  ]);
  return [...waiting, ...settled]
    .map(({ postId, nextAttemptAt, settledAt }) => ({ postId, at: (settledAt ?? nextAttemptAt) as Date }))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, limit);
}

export async function countGoingOut(model: DeliveryModel, accountId: string, span: Span): Promise<number> {
  const counts = await Promise.all([
    countOf(model, queued(accountId, span)),
    countOf(model, out(accountId, span)),
  ]);
  return counts[0] + counts[1];
}
