/** What /post and /schedule answer: what became of a post. */
import { drawCard } from '../cards/card.ts';
import type { CommandContext, Moment } from '../command.ts';
import { defined } from '../defined.ts';
import type { Reply } from '../reply.ts';
import type { Composed } from '../services/compose.ts';
import { withoutEmpty } from '../services/edited.ts';
import type { Priority } from '../words.ts';
import {
  altWithoutMedia,
  type ComposeOptions,
  pollLengthWithoutPoll,
  takeMedia,
  wordsOf,
} from './compose-options.ts';
import { drawContextOf } from './draw-context.ts';

export async function composeReply(
  context: CommandContext,
  options: ComposeOptions,
  when?: Moment,
): Promise<Reply> {
  const { services, workspace, person, conversation, messageId } = context;
  if (options.alt !== undefined && !options.media) throw altWithoutMedia('Attach the picture or video too.');
  if (options.poll_length !== undefined && !options.poll) throw pollLengthWithoutPoll();
  const targets = options.to ?? (await services.accounts.resolve(workspace, undefined));
  const expires = options.expires === 'never' ? undefined : options.expires;
  const media = await takeMedia(context, options.media ?? []);
  const composed = await services.posts.compose({
    workspace,
    origin: {
      conversation,
      person: person.identity,
      personName: person.name,
      ...defined({ messageId }),
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

/** Tells what became of a post: planned, or kept as a draft with what has to be decided first. */
export function composedReply(
  context: CommandContext,
  composed: Composed,
  notes: readonly string[] = [],
): Reply {
  const { issues, twins, conversion } = composed;
  const found = { issues, twins, notes, ...defined({ conversion }) };
  return drawCard(composed, drawContextOf(context), found);
}
