/** What a new post may have beside its words and media: a poll, and who may reply. */
import { only } from './media.ts';
import type { SimulatedPost } from './posts.ts';
import { invalid } from './problems.ts';

const AUDIENCES = ['following', 'mentionedUsers', 'subscribers', 'verified'];

export function audienceOf(value: unknown, repliedTo: string | undefined): { replySettings?: string } {
  if (value === undefined) return {};
  // The conversation's first post decides for all of it.
  if (repliedTo) throw invalid('reply_settings', value, 'not for a reply');
  if (!AUDIENCES.includes(String(value))) throw invalid('reply_settings', value, AUDIENCES.join(', '));
  return { replySettings: String(value) };
}

export function pollOf(value: unknown, media: readonly unknown[]): Pick<SimulatedPost, 'poll'> {
  if (value === undefined) return {};
  const given = value as Record<string, unknown>;
  only('poll', given, ['options', 'duration_minutes']);
  const { options, duration_minutes: minutes } = given;
  if (!Array.isArray(options) || options.length < 2 || options.length > 4)
    throw invalid('poll.options', options, '2 to 4 options');
  if (options.some((each) => typeof each !== 'string' || each === '' || [...each].length > 25))
    throw invalid('poll.options', options, '1 to 25 characters');
  if (!Number.isInteger(minutes) || Number(minutes) < 5 || Number(minutes) > 10_080)
    throw invalid('poll.duration_minutes', minutes, '5 to 10080');
  if (media.length > 0) throw invalid('poll', 'media', 'A poll cannot be combined with media.');
  return { poll: { options, minutes: Number(minutes) } };
}
