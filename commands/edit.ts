/** `/edit`: other words, for every account or for one network only. A scheduled post stays scheduled; one that breaks a rule is not changed. */
import { drawCard } from '../src/core/cards/card.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { COMPOSE_OPTIONS, composedReply, drawContextOf, wordsOf } from '../src/core/desk/compose-reply.ts';
import { usageError } from '../src/core/errors.ts';
import type { Reply } from '../src/core/reply.ts';
import type { EditRequest } from '../src/core/services/change.ts';
import { blocking } from '../src/core/services/check.ts';
import type { Account, Post } from '../src/core/words.ts';

const { text, media, alt, link, title, board, first_comment, to } = COMPOSE_OPTIONS;

async function edit(context: CommandContext, post: Post, request: EditRequest): Promise<Reply> {
  const { services } = context;
  const changed = await services.posts.edit(post, request);
  const refused = blocking(changed.issues).length > 0;
  const draw = drawContextOf(context);
  if (post.standing === 'draft') {
    // The person wanted it out from the beginning: as soon as no rule is broken any more, it goes.
    if (!refused) return composedReply(context, await services.posts.confirm(changed.post, 'all'));
    return drawCard(changed, draw, {
      issues: changed.issues,
      lead: 'The new words are kept, but a rule is still broken.',
    });
  }
  if (refused) {
    return drawCard(changed, draw, {
      issues: changed.issues,
      lead: 'Nothing was changed: the new words break a rule. The post stays as it was.',
    });
  }
  const late =
    changed.tooLate.length > 0
      ? ` ${changed.tooLate.length} of its accounts were published or under way already and keep the old words.`
      : '';
  return drawCard(changed, draw, { issues: changed.issues, lead: `Changed.${late}` });
}

/** The key of the words' variant: the network when all its accounts are meant, otherwise the one account. */
function variantOf(accounts: readonly Account[], post: Post, targetsOfPost: readonly Account[]): string {
  const meant = accounts.filter((account) => post.targets.includes(account.id));
  const [first] = meant;
  if (!first)
    throw usageError(
      'TARGET_UNKNOWN',
      `#${post.id} does not go to that account.`,
      'See /show for where it goes.',
    );
  if (meant.length === 1)
    return targetsOfPost.filter((account) => account.network === first.network).length === 1
      ? first.network
      : first.id;
  if (meant.every((account) => account.network === first.network)) return first.network;
  throw usageError(
    'OPTION_INVALID',
    'Own words are set for one network or account at a time.',
    'Use one /edit for each.',
  );
}

export default defineCommand({
  name: 'edit',
  summary: 'Change a post that is not out yet',
  role: 'editor',
  options: {
    post: { kind: 'post', summary: 'The post, such as #K7QPD', required: true },
    text: { ...text, summary: 'The new words' },
    to: { ...to, summary: 'Set the words for this network or account only' },
    media: { ...media, summary: 'Other pictures or another video, in place of all there were' },
    alt,
    link,
    title,
    board,
    first_comment,
  },
  examples: ['/edit post:#K7QPD Better words', '/edit post:#K7QPD to:x text:"Shorter, for one network"'],
  actions: {
    words: {
      role: 'editor',
      ask: {
        title: 'Edit the words',
        label: 'The new words',
        multiline: true,
        max: 4000,
        prefill: async (context, [id = '']) =>
          (await context.services.posts.show(context.workspace.id, id)).post.words.text,
      },
      async run(context, [id = ''], answer) {
        const { post } = await context.services.posts.show(context.workspace.id, id);
        return edit(context, post, { words: { text: answer.trim() } });
      },
    },
  },
  async run(context, options) {
    const { post } = options;
    const words = {
      ...wordsOf(options),
      ...(options.text === undefined ? {} : { text: options.text.trim() }),
    };
    const { signal } = context;
    const taken =
      options.media &&
      (await context.services.media.take(options.media, {
        workspaceId: context.workspace.id,
        signal,
        progress: (said) => context.progress(said),
      }));
    if (Object.keys(words).length === 0 && !taken) {
      throw usageError(
        'OPTION_MISSING',
        'There is nothing to change.',
        `Give new words: /edit post:#${post.id} Better words`,
      );
    }
    const only = options.to && {
      key: variantOf(
        options.to,
        post,
        (await context.services.posts.show(context.workspace.id, post.id)).accounts,
      ),
    };
    return edit(context, post, { words, ...(taken ? { media: taken } : {}), ...(only ? { only } : {}) });
  },
});
