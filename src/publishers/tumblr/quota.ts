/** The allowances of a day (https://github.com/tumblr/docs/blob/master/api.md#userlimits--get-a-users-limits), read from Tumblr and not counted here. */
import { SECOND } from '../../core/clock.ts';
import { quotaSpent } from '../../core/errors.ts';
import type { MediaItem } from '../../core/words.ts';
import { type Allowances, userLimits } from './answers.ts';
import { ask, type TumblrSession } from './ask.ts';
import { endOfDay } from './limits.ts';
import { countOf } from './rules.ts';

type Allowance = NonNullable<Allowances['posts']>;

/** Throws QuotaSpent when these media do not fit into what is left of the day, so that no megabyte is sent in vain. */
export async function checkRoom(
  session: TumblrSession,
  media: readonly MediaItem[],
  signal: AbortSignal,
): Promise<void> {
  const left = await readAllowances(session, signal);
  const { pictures, videos, seconds } = countOf(media);
  const needs: readonly [allowance: Allowance | undefined, needed: number, what: string][] = [
    [left.posts, 1, 'posts'],
    [left.photos, pictures, 'pictures'],
    [left.videos, videos, 'videos'],
    [left.video_seconds, seconds, 'seconds of video'],
  ];
  for (const [allowance, needed, what] of needs) {
    if (!allowance || allowance.remaining >= needed) continue;
    throw quotaSpent(resetOf(allowance, session.clock.now()), {
      code: 'QUOTA_SPENT',
      message: `Tumblr takes ${allowance.remaining} more ${what} today, and this post needs ${needed}.`,
      hint: 'It goes on by itself when the next day begins there; or move the post.',
      context: { network: 'tumblr', what, needed, remaining: allowance.remaining },
    });
  }
}

/** When all of the spent allowances are open again; undefined when none is spent. */
export async function spentUntil(session: TumblrSession, signal: AbortSignal): Promise<Date | undefined> {
  const left = await readAllowances(session, signal);
  const now = session.clock.now();
  const resets = [left.posts, left.photos, left.videos, left.video_seconds].flatMap((each) =>
    each !== undefined && each.remaining <= 0 ? [resetOf(each, now).getTime()] : [],
  );
  return resets.length === 0 ? undefined : new Date(Math.max(...resets));
}

async function readAllowances(session: TumblrSession, signal: AbortSignal): Promise<Allowances> {
  return (await ask(session, { method: 'GET', path: 'user/limits' }, userLimits, signal)).response.user;
}

/** Tumblr's own instant, unless it has passed or is none. */
function resetOf({ reset_at }: Allowance, now: Date): Date {
  const at = (reset_at ?? 0) * SECOND;
  return at > now.getTime() ? new Date(at) : endOfDay(now);
}
