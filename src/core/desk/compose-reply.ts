/** What /post and /schedule share: the options of a post, and the reply that tells what became of it. */
import { drawCard } from '../cards/card.ts';
import type { DrawContext } from '../cards/parts.ts';
import type { CommandContext, Moment, OptionsOf } from '../command.ts';
import { usageError } from '../errors.ts';
import type { Reply } from '../reply.ts';
import type { Composed } from '../services/compose.ts';
import { withoutEmpty } from '../services/edit.ts';
import type { Priority, Words } from '../words.ts';

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
  board: { kind: 'text', summary: 'The board, where the network has boards', max: 100 },
  first_comment: {
    kind: 'text',
    summary: 'A first comment under the post, where the network has them',
    max: 2000,
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
  expires: { kind: 'moment', summary: 'Never publish after this time' },
} as const;

export type ComposeOptions = OptionsOf<typeof COMPOSE_OPTIONS>;

export function drawContextOf({
  services,
  workspace,
}: Pick<CommandContext, 'services' | 'workspace'>): DrawContext {
  return { now: services.clock.now(), workspace, labelOf: services.accounts.labelOf };
}

/** The words that were given; what was left out is absent. */
export function wordsOf(
  options: Pick<ComposeOptions, 'link' | 'title' | 'board' | 'first_comment'>,
): Partial<Words> {
  return {
    ...(options.link === undefined ? {} : { link: options.link.trim() }),
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(options.board === undefined ? {} : { board: options.board }),
    ...(options.first_comment === undefined ? {} : { firstComment: options.first_comment }),
  };
}

export async function composeReply(
  context: CommandContext,
  options: ComposeOptions,
  when?: Moment,
): Promise<Reply> {
  const { services, workspace, person, conversation, messageId } = context;
  if (options.alt !== undefined && !options.media) throw altWithoutMedia('Attach the picture or video too.');
  const targets = options.to ?? (await services.accounts.resolve(workspace, undefined));
  const { signal } = context;
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
    ...(options.expires ? { expiresAt: options.expires.at } : {}),
  });
  const everywhere = options.to === undefined && workspace.defaultTargets.length === 0 && targets.length > 1;
  return composedReply(context, composed, [
    ...(when?.notes ?? []),
    ...(everywhere ? ['It goes to every account, since `to` was left out.'] : []),
  ]);
}

export function altWithoutMedia(hint: string) {
  return usageError('OPTION_INVALID', 'There is an alt text, but no picture or video for it.', hint);
}

/** Tells what became of a post: planned, or kept as a draft with what has to be decided first. */
export function composedReply(
  context: CommandContext,
  composed: Composed,
  notes: readonly string[] = [],
): Reply {
  const { issues, twins } = composed;
  return drawCard(composed, drawContextOf(context), { issues, twins, notes });
}
