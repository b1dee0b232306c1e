/** How a picture, carousel, reel or story was received. */
import type { Insights, InsightsContext } from '../../core/insights.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import { isGone, readMetrics } from '../meta/metrics.ts';
import { notThere } from '../not-there.ts';
import { defined } from '../numbers.ts';
import { engagement } from './answers.ts';

// https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights: which kind has which metric.
const METRICS = ['views', 'reach', 'saved', 'shares'];
const STORY_METRICS = ['views', 'reach', 'replies', 'shares'];

/**
 * Likes and comments are fields of the medium and need no further right; the rest are metrics.
 * @param right what the token needs for these
 * Throws MetaFailure, or NOT_THERE.
 */
export async function insights(
  session: MetaSession,
  right: string,
  { id, signal, clock }: Pick<InsightsContext, 'id' | 'signal' | 'clock'>,
): Promise<Insights> {
  try {
    const query = { fields: 'media_product_type,like_count,comments_count' };
    const said = await ask(session, { method: 'GET', path: id, query }, engagement, signal);
    const isStory = said.media_product_type === 'STORY';
    const metrics = isStory ? STORY_METRICS : METRICS;
    const { values, refused } = await readMetrics(session, `${id}/insights`, metrics, signal);
    const numbers = defined({
      views: values.get('views'),
      reach: values.get('reach'),
      // Left out where the owner hides them.
      likes: said.like_count,
      comments: isStory ? values.get('replies') : said.comments_count,
      shares: values.get('shares'),
      saves: values.get('saved'),
    });
    return { numbers, at: clock.now(), notes: notesOn(values.size, refused, isStory, right) };
  } catch (error) {
    throw isGone(error) ? notThere('Instagram', error) : error;
  }
}

function notesOn(
  told: number,
  refused: string | undefined,
  isStory: boolean,
  right: string,
): readonly string[] {
  if (refused !== undefined)
    return [`Views, reach, shares and saves need the right ${right}. Instagram says: “${refused}”`];
  if (told > 0) return [];
  return [
    isStory
      ? 'Instagram tells the numbers of a story for 24 hours only.'
      : 'Instagram has no numbers for views and reach yet; they come up to 48 hours late.',
  ];
}
