/** What /post and /schedule share: the options of a post, and the reply that tells what became of it. */
import { drawCard } from '../cards/card.ts';
import type { DrawContext } from '../cards/parts.ts';
import type { CommandContext, Moment, OptionsOf } from '../command.ts';
import { readCover } from '../cover.ts';
import { usageError } from '../errors.ts';
import { readLink } from '../link.ts';
import { readPoll, readPollLength } from '../poll.ts';
import type { Reply } from '../reply.ts';
import type { Composed } from '../services/compose.ts';
import { withoutEmpty } from '../services/edited.ts';
import type { PictureFit, PostFormat, Priority, ReplyAudience, Words } from '../words.ts';
import { suggestBoards } from './suggest-boards.ts';

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
    choices: [
      { value: 'everyone', label: 'everyone' },
      { value: 'following', label: 'accounts that the account follows' },
      { value: 'mentioned', label: 'accounts that the post mentions' },
      { value: 'subscribers', label: 'subscribers' },
      { value: 'verified', label: 'verified accounts' },
    ],
  },
  as: {
    kind: 'choice',
    summary: 'How it stands, where the network has several ways; left out: as the network does it',
    choices: [
      { value: 'feed', label: 'in the feed' },
      { value: 'reel', label: 'as a reel' },
      { value: 'story', label: 'as a story, which is gone after a day' },
    ],
  },
  fit: {
    kind: 'choice',
    summary: 'A picture of a shape that a network does not take: cut it, or add margins (as when left out)',
    choices: [
      { value: 'crop', label: 'cut off what sticks out, around what draws the eye' },
      { value: 'pad', label: 'add margins' },
    ],
  },
  cover: {
    kind: 'text',
    summary: 'A moment of the video that becomes its cover, such as 0:03; or send a picture with the video',
    max: 20,
  },
  priority: {
    kind: 'choice',
    summary: 'Who goes first when several are due at once',
    choices: [
      { value: 'low', label: 'low' },
      { value: 'normal', label: 'normal' },
      { value: 'high', label: 'high' },
    ],
  },
  expires: { kind: 'moment', summary: 'Never publish after this time, or never', orNever: true },
} as const;

export type ComposeOptions = OptionsOf<typeof COMPOSE_OPTIONS>;

export function drawContextOf({
  services,
  workspace,
}: Pick<CommandContext, 'services' | 'workspace'>): DrawContext {
  return {
    now: services.clock.now(),
    workspace,
    labelOf: services.accounts.labelOf,
    formatOf: services.accounts.formatOf,
    coverOf: services.accounts.coverOf,
  };
}

/** The words that were given; what was left out is absent. */
export function wordsOf(
  options: Pick<
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
  >,
): Partial<Words> {
  return {
    ...(options.link === undefined ? {} : { link: readLink(options.link) }),
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(options.board === undefined ? {} : { board: options.board }),
    ...(options.first_comment === undefined ? {} : { firstComment: options.first_comment }),
    ...(options.thread === undefined ? {} : { thread: options.thread }),
    ...(options.poll === undefined ? {} : { poll: readPoll(options.poll) }),
    ...(options.poll_length === undefined ? {} : { pollMinutes: readPollLength(options.poll_length) }),
    ...(options.replies === undefined ? {} : { replies: options.replies as ReplyAudience }),
    ...(options.as === undefined ? {} : { format: options.as as PostFormat }),
    ...(options.fit === undefined ? {} : { fit: options.fit as PictureFit }),
    ...(options.cover === undefined ? {} : { cover: readCover(options.cover) }),
  };
}

export async function composeReply(
  context: CommandContext,
  options: ComposeOptions,
  when?: Moment,
): Promise<Reply> {
  const { services, workspace, person, conversation, messageId } = context;
  if (options.alt !== undefined && !options.media) throw altWithoutMedia('Attach the picture or video too.');
  if (options.poll_length !== undefined && !options.poll) throw pollLengthWithoutPoll();
  const targets = options.to ?? (await services.accounts.resolve(workspace, undefined));
  const { signal } = context;
  const expires = options.expires === 'never' ? undefined : options.expires;
  const media = await services.media.take(options.media ?? [], {
    workspaceId: workspace.id,
    signal,
    progress: (words) => context.progress(words),
  });
  const composed = await services.posts.compose({
    workspace,
    origin: {
      conversation,
      person: person.identity,
      personName: person.name,
      ...(messageId === undefined ? {} : { messageId }),
    },
    words: { text: options.text?.trim() ?? '', ...withoutEmpty(wordsOf(options)) },
    media,
    targets,
    ...(when ? { at: when.at } : {}),
    priority: (options.priority as Priority | undefined) ?? 'normal',
    ...(expires ? { expiresAt: expires.at } : {}),
  });
  const everywhere = options.to === undefined && workspace.defaultTargets.length === 0 && targets.length > 1;
  return composedReply(context, composed, [
    ...(when?.notes ?? []),
    ...(expires?.notes ?? []).map((note) => `expires: ${note}`),
    ...(everywhere ? ['It goes to every account, since `to` was left out.'] : []),
  ]);
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

/** Tells what became of a post: planned, or kept as a draft with what has to be decided first. */
export function composedReply(
  context: CommandContext,
  composed: Composed,
  notes: readonly string[] = [],
): Reply {
  const { issues, twins, conversion } = composed;
  return drawCard(composed, drawContextOf(context), {
    issues,
    twins,
    notes,
    ...(conversion ? { conversion } : {}),
  });
}
