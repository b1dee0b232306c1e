/** The options of a post, which /post, /schedule and /edit have in common, and what was given in them. */
import type { Choice, CommandContext, OptionsOf } from '../command.ts';
import { readCover } from '../cover.ts';
import { defined } from '../defined.ts';
import { usageError } from '../errors.ts';
import { readLink } from '../link.ts';
import type { IncomingMedia } from '../media.ts';
import { readPoll, readPollLength } from '../poll.ts';
import type { MediaItem, PictureFit, PostFormat, ReplyAudience, Words } from '../words.ts';
import { suggestBoards } from './suggest-boards.ts';

/** What people may choose, by the value that it stands for. */
const choices = (labels: Readonly<Record<string, string>>): readonly Choice[] =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

/** Offered while a person types; any other length can be typed. */
const POLL_LENGTHS = ['30 min', '1 hour', '6 hours', '1 day', '3 days', '7 days'];

export const COMPOSE_OPTIONS = {
  text: { kind: 'text', summary: 'The words of the post', multiline: true, rest: true },
  to: {
    kind: 'targets',
    summary: 'Networks or accounts, such as x,tumblr or x:@acme; left out: the default',
  },
  media: { kind: 'media', summary: 'Pictures or a video' },
  alt: { kind: 'text', summary: 'What the picture shows, for people who cannot see it', max: 1000 },
  link: { kind: 'text', summary: 'A web address that belongs to the post', max: 2048 },
  title: { kind: 'text', summary: 'A title, where the network has one', max: 300 },
  board: {
    kind: 'text',
    summary: 'The board, where the network has boards',
    max: 100,
    suggest: suggestBoards,
  },
  first_comment: {
    kind: 'text',
    summary: 'A first comment under the post, where the network has them',
    max: 2000,
  },
  thread: {
    kind: 'switch',
    summary: 'A text that is too long goes out as a thread; a line of --- begins a part',
  },
  poll: {
    kind: 'text',
    summary: 'A poll: its answers with | between them, such as "Red | Blue | Green"',
    max: 500,
  },
  poll_length: {
    kind: 'text',
    summary: 'How long the poll is open, such as "6 hours"; left out: 1 day',
    max: 40,
    suggest: () => POLL_LENGTHS.map((value) => ({ value, label: value })),
  },
  replies: {
    kind: 'choice',
    summary: 'Who may reply, where the network lets one choose',
    choices: choices({
      everyone: 'everyone',
      following: 'accounts that the account follows',
      mentioned: 'accounts that the post mentions',
      subscribers: 'subscribers',
      verified: 'verified accounts',
    }),
  },
  as: {
    kind: 'choice',
    summary: 'How it stands, where the network has several ways; left out: as the network does it',
    choices: choices({
      feed: 'in the feed',
      reel: 'as a reel',
      story: 'as a story, which is gone after a day',
    }),
  },
  fit: {
    kind: 'choice',
    summary: 'A picture of a shape that a network does not take: cut it, or add margins (as when left out)',
    choices: choices({ crop: 'cut off what sticks out, around what draws the eye', pad: 'add margins' }),
  },
  cover: {
    kind: 'text',
    summary: 'A moment of the video that becomes its cover, such as 0:03; or send a picture with the video',
    max: 20,
  },
  priority: {
    kind: 'choice',
    summary: 'Who goes first when several are due at once',
    choices: choices({ low: 'low', normal: 'normal', high: 'high' }),
  },
  expires: { kind: 'moment', summary: 'Never publish after this time, or never', orNever: true },
} as const;

export type ComposeOptions = OptionsOf<typeof COMPOSE_OPTIONS>;

type WordOptions = Pick<
  ComposeOptions,
  | 'link'
  | 'title'
  | 'board'
  | 'first_comment'
  | 'thread'
  | 'poll'
  | 'poll_length'
  | 'replies'
  | 'as'
  | 'fit'
  | 'cover'
>;

/** The words that were given; what was left out is absent. Error: OPTION_INVALID. */
export function wordsOf(options: WordOptions): Partial<Words> {
  return defined({
    link: given(options.link, readLink),
    title: options.title,
    board: options.board,
    firstComment: options.first_comment,
    thread: options.thread,
    poll: given(options.poll, readPoll),
    pollMinutes: given(options.poll_length, readPollLength),
    replies: options.replies as ReplyAudience | undefined,
    format: options.as as PostFormat | undefined,
    fit: options.fit as PictureFit | undefined,
    cover: given(options.cover, readCover),
  });
}

function given<Value>(typed: string | undefined, read: (typed: string) => Value): Value | undefined {
  return typed === undefined ? undefined : read(typed);
}

/** Fetched, measured and stored at once: links in chats expire. */
export function takeMedia(
  { services, workspace, signal, progress }: CommandContext,
  incoming: readonly IncomingMedia[],
): Promise<readonly MediaItem[]> {
  return services.media.take(incoming, { workspaceId: workspace.id, signal, progress });
}

export function altWithoutMedia(hint: string) {
  return usageError('OPTION_INVALID', 'There is an alt text, but no picture or video for it.', hint);
}

export function pollLengthWithoutPoll() {
  return usageError(
    'OPTION_INVALID',
    'There is a length of a poll, but no poll.',
    'Give the answers too: poll:"Red | Blue".',
  );
}
