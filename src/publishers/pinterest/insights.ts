/** How a pin was received: https://developers.pinterest.com/docs/api/v5/pins-analytics */
import { after, DAY } from '../../core/clock.ts';
import type { Insights, InsightsContext } from '../../core/insights.ts';
import { notThere } from '../not-there.ts';
import { defined } from '../numbers.ts';
import { pinAnalytics } from './answers.ts';
import { ask, type PinterestSession } from './ask.ts';
import { isGone } from './errors.ts';
import { PinterestFailure } from './failure.ts';

/** No further back than 90 days from today; a day less, since days are those of UTC. */
const WINDOW_MS = 89 * DAY;
const METRICS = ['IMPRESSION', 'OUTBOUND_CLICK', 'PIN_CLICK', 'SAVE', 'TOTAL_COMMENTS', 'TOTAL_REACTIONS'];
/** Refused for pins without a video. */
const VIDEO_METRICS = ['VIDEO_MRC_VIEW'];

/** Throws PinterestFailure, or NOT_THERE. */
export async function insights(
  session: PinterestSession,
  { id, publishedAt, hasVideo, signal, clock }: InsightsContext,
): Promise<Insights> {
  const now = clock.now();
  const oldest = after(now, -WINDOW_MS);
  const isOlder = publishedAt < oldest;
  const query = {
    start_date: dayOf(isOlder ? oldest : publishedAt),
    end_date: dayOf(now),
    metric_types: [...METRICS, ...(hasVideo ? VIDEO_METRICS : [])].join(','),
  };
  const call = { method: 'GET', path: `pins/${id}/analytics`, query } as const;
  const answer = await ask(session, call, pinAnalytics, signal).catch((error: unknown) => {
    throw error instanceof PinterestFailure && isGone(error) ? notThere('Pinterest', error) : error;
  });
  const { summary_metrics: summary = {}, lifetime_metrics: lifetime = {} } =
    answer.all ?? Object.values(answer)[0] ?? {};
  const numbers = defined({
    impressions: summary.IMPRESSION,
    videoViews: summary.VIDEO_MRC_VIEW,
    likes: lifetime.TOTAL_REACTIONS ?? summary.TOTAL_REACTIONS,
    comments: lifetime.TOTAL_COMMENTS ?? summary.TOTAL_COMMENTS,
    saves: summary.SAVE,
    opens: summary.PIN_CLICK,
    clicks: summary.OUTBOUND_CLICK,
  });
  const notes = isOlder ? ['Pinterest tells the last 90 days only, but likes and comments of all time.'] : [];
  return { numbers, at: now, notes };
}

/** As Pinterest writes days: of UTC. */
function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
