/** How a post was received: its notes, which everybody sees. Tumblr tells nobody how often a post was looked at. */
import type { Insights, InsightsContext } from '../../core/insights.ts';
import { notThere } from '../not-there.ts';
import { defined } from '../numbers.ts';
import { noteList } from './answers.ts';
import { ask, type TumblrSession } from './ask.ts';
import { TumblrFailure } from './failure.ts';

/** Throws TumblrFailure, or NOT_THERE. */
export async function insights(
  session: TumblrSession,
  { id, signal, clock }: Pick<InsightsContext, 'id' | 'signal' | 'clock'>,
): Promise<Insights> {
  // Only this mode adds up likes and reblogs, and lists the replies:
  // https://github.com/tumblr/docs/blob/master/api.md#notes---get-notes-for-a-specific-post
  const query = { id, mode: 'conversation' };
  const call = { method: 'GET', path: `blog/${session.blog}/notes`, query } as const;
  const { response } = await ask(session, call, noteList, signal).catch((error: unknown) => {
    throw isGone(error) ? notThere('Tumblr', error) : error;
  });
  const isWhole = response._links?.next === undefined;
  const replies = response.notes.filter(({ type }) => type === 'reply').length;
  const numbers = defined({
    likes: response.total_likes,
    comments: isWhole ? replies : undefined,
    shares: response.total_reblogs,
  });
  const notes = isWhole ? [] : ['There are more replies than Tumblr lists at once; it does not add them up.'];
  return { numbers, at: clock.now(), notes };
}

function isGone(error: unknown): boolean {
  const facts = error instanceof TumblrFailure ? error.facts : undefined;
  return facts?.status === 404 && facts.problem?.isTumblr === true;
}
