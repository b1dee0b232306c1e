/** `/edit`: other words, for every account or for one network only. A scheduled post stays scheduled; one that breaks a rule is not changed. */
import { boardNamed } from '../src/core/boards.ts';
import { drawCard } from '../src/core/cards/card.ts';
import { accountsWere } from '../src/core/cards/parts.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import {
  altWithoutMedia,
  COMPOSE_OPTIONS,
  composedReply,
  drawContextOf,
  pollLengthWithoutPoll,
  wordsOf,
} from '../src/core/desk/compose-reply.ts';
import { usageError } from '../src/core/errors.ts';
import type { Reply } from '../src/core/reply.ts';
import { blocking } from '../src/core/services/check.ts';
import type { EditRequest } from '../src/core/services/edit.ts';
import { changedMeanwhile } from '../src/core/services/hold.ts';
import type { Account, MediaItem, Post } from '../src/core/words.ts';

const {
  text,
  media,
  alt,
  link,
  title,
  board,
  first_comment,
  thread,
  poll,
  poll_length,
  replies,
  as,
  fit,
  to,
} = COMPOSE_OPTIONS;

async function edit(context: CommandContext, post: Post, request: EditRequest): Promise<Reply> {
  const { services } = context;
  const changed = await services.posts.edit(post, request);
  const refused = blocking(changed.issues).length > 0;
  const draw = drawContextOf(context);
  if (post.standing === 'draft') {
    // The person wanted it out from the beginning: as soon as no rule is broken any more, it goes.
    if (!refused && changed.twins.length === 0)
      return composedReply(context, await services.posts.confirm(changed.post, 'all'));
    return drawCard(changed, draw, {
      issues: changed.issues,
      twins: changed.twins,
      ...(changed.conversion ? { conversion: changed.conversion } : {}),
      lead: refused
        ? 'The new words are kept in the draft, but a rule is still broken: nothing goes out yet.'
        : 'The new words are kept in the draft. The same words are in the queue, or went out, within a day. Is that meant?',
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
      ? ` ${accountsWere(changed.tooLate.length)} being published already, with the old words.`
      : '';
  const stuck = changed.applied.some((each) => each.state === 'failed') ? ' “Retry” sends it again.' : '';
  return drawCard(changed, draw, {
    issues: changed.issues,
    twins: changed.twins,
    lead: `Changed.${late}${stuck}`,
  });
}

/** Error: POST_CHANGED when the post is not as it was when the button was drawn. */
async function postOfButton(context: CommandContext, [id = '', revision]: readonly string[]): Promise<Post> {
  const { post } = await context.services.posts.show(context.workspace.id, id);
  if (revision !== undefined && revision !== String(post.revision)) throw changedMeanwhile(post.id);
  return post;
}

/** A board that a draft's button names by its id. Error: ACTION_STALE when the account has no such board any more. */
async function chooseBoard(
  context: CommandContext,
  [id = '', accountId, boardId]: readonly string[],
): Promise<Reply> {
  const { services, workspace } = context;
  const { post, accounts } = await services.posts.show(workspace.id, id);
  const account = accounts.find((each) => each.id === accountId);
  const board = account && boardId && boardNamed(boardId, (await services.boards.of(account, boardId)) ?? []);
  if (!board)
    throw usageError(
      'ACTION_STALE',
      'That board is not there any more, or its network does not answer.',
      `Name one: /edit post:#${post.id} board:NAME`,
    );
  // Where the account has a board of its own, that is the one that is wrong.
  const key = [account.id, account.network].find((each) => post.variants[each]?.board !== undefined);
  return edit(context, post, {
    words: { board: board.name },
    ...(key === undefined ? {} : { only: { key } }),
  });
}

/** The other way of fitting pictures, which a button of the answer offers. */
async function chooseFit(
  context: CommandContext,
  [id = '', accountId, way]: readonly string[],
): Promise<Reply> {
  const { post, accounts } = await context.services.posts.show(context.workspace.id, id);
  const network = accounts.find((each) => each.id === accountId)?.network;
  // Where the account has a choice of its own, that is the one that was shown.
  const key = [accountId, network].find((each) => each && post.variants[each]?.fit !== undefined);
  return edit(context, post, {
    words: { fit: way === 'crop' ? 'crop' : 'pad' },
    ...(key === undefined ? {} : { only: { key } }),
  });
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

/** Another description for the one picture or video that the post has already. */
function withAlt(post: Post, words: string): readonly MediaItem[] {
  const [only, ...others] = post.media;
  if (!only) throw altWithoutMedia('Give the picture with `media` too.');
  if (others.length > 0) {
    throw altWithoutMedia(
      `#${post.id} has ${post.media.length}: give them anew with \`media\`, and one \`alt\` for each in the same order.`,
    );
  }
  const { alt: _before, ...item } = only;
  return [words.trim() === '' ? item : { ...item, alt: words.trim() }];
}

const hasPoll = ({ words, variants }: Post): boolean =>
  [words, ...Object.values(variants)].some((each) => each.poll !== undefined);

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
    thread,
    poll,
    poll_length,
    replies,
    as,
    fit,
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
        prefill: async (context, args) => (await postOfButton(context, args)).words.text,
      },
      run: async (context, args, answer) =>
        edit(context, await postOfButton(context, args), { words: { text: answer.trim() } }),
    },
    board: { role: 'editor', run: chooseBoard },
    fit: { role: 'editor', run: chooseFit },
    thread: {
      role: 'editor',
      run: async (context, args) =>
        edit(context, await postOfButton(context, args), { words: { thread: true } }),
    },
  },
  async run(context, options) {
    const { post } = options;
    const words = {
      ...wordsOf(options),
      ...(options.text === undefined ? {} : { text: options.text.trim() }),
    };
    if (options.poll_length !== undefined && !options.poll && !hasPoll(post)) throw pollLengthWithoutPoll();
    const { signal } = context;
    const taken =
      options.media &&
      (await context.services.media.take(options.media, {
        workspaceId: context.workspace.id,
        signal,
        progress: (said) => context.progress(said),
      }));
    const described = options.alt !== undefined && !taken ? withAlt(post, options.alt) : taken;
    if (options.to && described) {
      throw usageError(
        'OPTION_INVALID',
        'Pictures and videos are the same for every account; only words can differ.',
        'Leave `to` out to change them, and set the words for one network with another /edit.',
      );
    }
    if (Object.keys(words).length === 0 && !described) {
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
    return edit(context, post, {
      words,
      ...(described ? { media: described } : {}),
      ...(only ? { only } : {}),
    });
  },
});
