/** How a post, video or reel of the page was received: reactions, comments and shares of the post, and its metrics. */
import type { Insights, InsightsContext } from '../../core/insights.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import { isGone, readMetrics } from '../meta/metrics.ts';
import { notThere } from '../not-there.ts';
import { defined } from '../numbers.ts';
import { engagement, videoPost } from './answers.ts';

// https://developers.facebook.com/docs/platforminsights/page: these took the place of the impressions, which were withdrawn in 2025 and 2026.
const METRICS = ['post_media_view', 'post_total_media_view_unique', 'post_clicks'];
const ENGAGEMENT = 'reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count),shares';

/** The guide of stories names no metrics (https://developers.facebook.com/docs/page-stories-api), and guessed ones would fail. */
const STORY_NOTE = 'The numbers of a story are shown on the Page itself, while it can be seen.';

/** Throws MetaFailure, or NOT_THERE. */
export async function insights(
  session: MetaSession,
  pageId: string,
  { id, format, signal, clock }: Pick<InsightsContext, 'id' | 'format' | 'signal' | 'clock'>,
): Promise<Insights> {
  if (format === 'story') return { numbers: {}, at: clock.now(), notes: [STORY_NOTE] };
  try {
    const { post, videoViews } = await postOf(session, pageId, id, signal);
    if (post === undefined)
      return {
        numbers: defined({ videoViews }),
        at: clock.now(),
        notes: ['Facebook does not say yet which post the video belongs to; the rest is told later.'],
      };
    const query = { fields: ENGAGEMENT };
    const said = await ask(session, { method: 'GET', path: post, query }, engagement, signal);
    const { values, refused } = await readMetrics(session, `${post}/insights`, METRICS, signal);
    const numbers = defined({
      views: values.get('post_media_view'),
      reach: values.get('post_total_media_view_unique'),
      videoViews,
      likes: said.reactions?.summary?.total_count,
      comments: said.comments?.summary?.total_count,
      // Left out while there are none.
      shares: said.shares?.count ?? 0,
      clicks: values.get('post_clicks'),
    });
    return { numbers, at: clock.now(), notes: notesOn(values.size, refused) };
  } catch (error) {
    throw isGone(error) ? notThere('Facebook', error) : error;
  }
}

function notesOn(told: number, refused: string | undefined): readonly string[] {
  if (refused !== undefined)
    return [`Views, reach and clicks need the right read_insights. Facebook says: “${refused}”`];
  // https://developers.facebook.com/docs/graph-api/reference/insights, "Limitations"
  if (told === 0)
    return ['Facebook tells views, reach and clicks of Pages with 100 likes or more, renewed once a day.'];
  return [];
}

/** A video and a reel are known by ids of their own; what people do is counted at their post. */
async function postOf(
  session: MetaSession,
  pageId: string,
  id: string,
  signal: AbortSignal,
): Promise<{ post: string | undefined; videoViews: number | undefined }> {
  if (id.includes('_')) return { post: id, videoViews: undefined };
  const query = { fields: 'post_id,views' };
  const { post_id: post, views } = await ask(session, { method: 'GET', path: id, query }, videoPost, signal);
  if (!post) return { post: undefined, videoViews: views };
  return { post: post.includes('_') ? post : `${pageId}_${post}`, videoViews: views };
}
