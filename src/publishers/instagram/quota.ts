/** The allowance of posts in 24 hours, read before a video is sent: Instagram changes it (25, 50, 100), so it is not written down here. */
import { after, HOUR } from '../../core/clock.ts';
import { quotaSpent } from '../../core/errors.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import { quota } from './answers.ts';
import { DAY_POSTS_MAX } from './rules.ts';

/** The window is rolling: room for one comes back at any time, and is asked for again after this. */
const PAUSE_MS = HOUR;

/** Throws QuotaSpent when there is no room, MetaFailure when it cannot be read. */
export async function refuseWhenSpent(
  session: MetaSession,
  userId: string,
  signal: AbortSignal,
): Promise<void> {
  const query = { fields: 'quota_usage,config' };
  const call = { method: 'GET', path: `${userId}/content_publishing_limit`, query } as const;
  const [first] = (await ask(session, call, quota, signal)).data;
  const total = first?.config?.quota_total ?? DAY_POSTS_MAX;
  if (first === undefined || first.quota_usage < total) return;
  throw quotaSpent(after(session.clock.now(), PAUSE_MS), {
    code: 'QUOTA_SPENT',
    message: `Instagram takes ${total} posts of an account in 24 hours, and ${first.quota_usage} are used.`,
    hint: 'It goes on by itself as soon as there is room.',
    context: { network: 'instagram', step: 'create' },
  });
}
