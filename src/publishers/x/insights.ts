/** How a post was received. Each look costs money (https://docs.x.com/x-api/getting-started/pricing), so it is one call where it can be. */
import { DAY } from '../../core/clock.ts';
import type { Insights, InsightsContext } from '../../core/insights.ts';
import { notThere } from '../not-there.ts';
import { defined } from '../numbers.ts';
import { type Counted, countedPost } from './answers.ts';
import { ask, type XSession } from './ask.ts';
import { XFailure } from './failure.ts';
import { FIELD_PARAMETERS } from './readback.ts';

/** https://docs.x.com/x-api/fundamentals/metrics: what only the owner sees is kept for 30 days. */
const OWNER_METRICS_MS = 30 * DAY;

/** Throws XFailure, or NOT_THERE. */
export async function insights(
  session: XSession,
  { id, publishedAt, hasVideo, signal, clock }: InsightsContext,
): Promise<Insights> {
  const isRecent = clock.now().getTime() - publishedAt.getTime() < OWNER_METRICS_MS;
  const { data, includes } = await read(session, id, { isRecent, hasVideo }, signal);
  const { public_metrics: seen, non_public_metrics: own } = data;
  const shares = [seen?.repost_count ?? seen?.retweet_count, seen?.quote_count];
  const isShared = shares.some((count) => count !== undefined);
  const numbers = defined({
    impressions: seen?.impression_count ?? own?.impression_count,
    videoViews: includes?.media?.[0]?.public_metrics?.view_count,
    likes: seen?.like_count,
    comments: seen?.reply_count,
    shares: isShared ? shares.reduce<number>((sum, count) => sum + (count ?? 0), 0) : undefined,
    saves: seen?.bookmark_count,
    clicks: own?.url_link_clicks,
  });
  const notes = isRecent ? [] : ['X tells clicks on links for 30 days only.'];
  return { numbers, at: clock.now(), notes };
}

interface Wanted {
  readonly isRecent: boolean;
  readonly hasVideo: boolean;
}

async function read(session: XSession, id: string, wanted: Wanted, signal: AbortSignal): Promise<Counted> {
  let refused: unknown;
  for (const parameter of FIELD_PARAMETERS) {
    const query = {
      [parameter]: wanted.isRecent ? 'public_metrics,non_public_metrics' : 'public_metrics',
      ...(wanted.hasVideo ? { expansions: 'attachments.media_keys', 'media.fields': 'public_metrics' } : {}),
    };
    try {
      const call = { method: 'GET', path: `tweets/${id}`, query } as const;
      const answer = await ask(session, call, countedPost, signal);
      const { data, errors = [] } = answer;
      if (data?.public_metrics) return { ...answer, data };
      if (errors.some(({ type }) => type?.endsWith('/resource-not-found')))
        throw notThere('X', errors[0]?.detail);
      // The owner's numbers may be refused together with the post: everybody's are asked for alone.
      const isOwners = errors.some(({ type }) => type?.endsWith('/not-authorized-for-field'));
      if (isOwners && wanted.isRecent) return read(session, id, { ...wanted, isRecent: false }, signal);
    } catch (error) {
      // A server that knows only the other name refuses this one, or leaves the fields out.
      if (!(error instanceof XFailure) || error.facts.status !== 400) throw error;
      refused ??= error;
    }
  }
  throw refused ?? new XFailure({ sent: true, status: 200, reason: 'an answer without numbers' });
}
