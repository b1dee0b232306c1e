/**
 * The allowance of posts in 24 hours. Instagram changes it (25, 50, 100) and tells the account's own number when it is asked:
 * at the start, and before a video is sent.
 */
import { after, DAY, HOUR } from '../../core/clock.ts';
import { quotaSpent } from '../../core/errors.ts';
import type { Quota } from '../../core/quota.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import type { RateBudget } from '../rate-budget.ts';
import { quota } from './answers.ts';
import { DAY_POSTS_MAX } from './rules.ts';

/** The window is rolling: room for one comes back at any time, and is asked for again after this. */
const PAUSE_MS = HOUR;
/** Its name among the windows that are remembered; no call is bounded by it. */
const WINDOW = 'posts';

/** The allowance as it was told last. */
export function quotasOf(budget: RateBudget): readonly Quota[] {
  return [{ what: 'posts', max: budget.limitOf(WINDOW) ?? DAY_POSTS_MAX, window: { rollingMs: DAY } }];
}

/** Asks and remembers. Throws MetaFailure when it cannot be read. */
export async function readQuota(
  session: MetaSession,
  userId: string,
  signal: AbortSignal,
): Promise<{ readonly total: number; readonly used: number }> {
  const query = { fields: 'quota_usage,config' };
  const call = { method: 'GET', path: `${userId}/content_publishing_limit`, query } as const;
  const [first] = (await ask(session, call, quota, signal)).data;
  const total = first?.config?.quota_total ?? DAY_POSTS_MAX;
  const used = first?.quota_usage ?? 0;
  const resetAt = after(session.clock.now(), DAY);
  session.client.budget.note([{ name: WINDOW, limit: total, remaining: Math.max(0, total - used), resetAt }]);
  return { total, used };
}

/** Throws QuotaSpent when there is no room, MetaFailure when it cannot be read. */
export async function refuseWhenFull(
  session: MetaSession,
  userId: string,
  signal: AbortSignal,
): Promise<void> {
  const { total, used } = await readQuota(session, userId, signal);
  if (used < total) return;
  throw quotaSpent(after(session.clock.now(), PAUSE_MS), {
    code: 'QUOTA_SPENT',
    message: `Instagram takes ${total} posts of an account in 24 hours, and ${used} are used.`,
    hint: 'It goes on by itself as soon as there is room.',
    context: { network: 'instagram', step: 'create' },
  });
}
