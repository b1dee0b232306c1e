/** The body of the call that creates a post, and what will be looked for: https://docs.x.com/x-api/posts/create-post. */
import { POLL_MINUTES_DEFAULT } from '../../core/poll.ts';
import type { Content } from '../../core/publisher.ts';
import type { Intent, ReplyAudience } from '../../core/words.ts';
import type { NextPost } from '../thread.ts';

/** The names of `reply_settings`. Everyone may reply to a post that names none. */
const REPLY_SETTINGS: Readonly<Record<Exclude<ReplyAudience, 'everyone'>, string>> = {
  following: 'following',
  mentioned: 'mentionedUsers',
  subscribers: 'subscribers',
  verified: 'verified',
};

interface Extras extends Pick<Content, 'poll' | 'pollMinutes' | 'replies'> {
  /** Of uploaded media. */
  readonly ids: readonly string[];
  /** The id of the post that it answers: the part of a thread before this one. */
  readonly answers?: string;
}

/** What is not given is left out: an optional field that X does not take from an account would refuse the whole post. */
export function postBody(
  text: string,
  { ids, answers, poll, pollMinutes = POLL_MINUTES_DEFAULT, replies }: Extras,
): Readonly<Record<string, unknown>> {
  return {
    ...(text === '' ? {} : { text }),
    ...(ids.length === 0 ? {} : { media: { media_ids: ids } }),
    ...(poll ? { poll: { options: poll, duration_minutes: pollMinutes } } : {}),
    ...(replies && replies !== 'everyone' ? { reply_settings: REPLY_SETTINGS[replies] } : {}),
    ...(answers ? { reply: { in_reply_to_tweet_id: answers } } : {}),
  };
}

/** What will be looked for when the answer is lost. */
export function intentOf({ text, part }: NextPost, mediaCount: number): Intent {
  return { text, mediaCount, ...(part ? { part } : {}) };
}
