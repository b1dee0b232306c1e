/** `/edit`: other words (for every account or for one network only), accounts or another time. A scheduled post stays scheduled; one that breaks a rule is not changed. */
import { boardNamed } from '../src/core/boards.ts';
import { drawCard } from '../src/core/cards/card.ts';
import { accountsWere } from '../src/core/cards/parts.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { composedReply } from '../src/core/desk/compose-reply.ts';
import { drawContextOf } from '../src/core/desk/draw-context.ts';
import { EDIT_OPTIONS, editRequest } from '../src/core/desk/edit-options.ts';
import { moveReply } from '../src/core/desk/move-reply.ts';
import { postOf } from '../src/core/desk/post-option.ts';
import { usageError } from '../src/core/errors.ts';
import type { Reply } from '../src/core/reply.ts';
import { blocking } from '../src/core/services/check.ts';
import type { EditRequest } from '../src/core/services/edited.ts';
import { changedMeanwhile } from '../src/core/services/hold.ts';
import type { Post } from '../src/core/words.ts';

async function edit(
  context: CommandContext,
  post: Post,
  request: EditRequest,
  notes: readonly string[] = [],
): Promise<Reply> {
  const { services } = context;
  const changed = await services.posts.edit(post, request);
  const refused = blocking(changed.issues).length > 0;
  const draw = drawContextOf(context);
  if (post.standing === 'draft') {
    // The person wanted it out from the beginning: as soon as no rule is broken any more, it goes.
    if (!refused && changed.twins.length === 0)
      return composedReply(context, await services.posts.confirm(changed.post, 'all'), notes);
    return drawCard(changed, draw, {
      notes,
      issues: changed.issues,
      twins: changed.twins,
      ...(changed.conversion ? { conversion: changed.conversion } : {}),
      lead: refused
        ? 'The change is kept in the draft, but a rule is still broken: nothing goes out yet.'
        : 'The change is kept in the draft. Another post within a day says the same words. Is that meant?',
    });
  }
  if (refused) {
    return drawCard(changed, draw, {
      issues: changed.issues,
      notes,
      lead: 'Nothing was changed: the post would break a rule. It stays as it was.',
    });
  }
  const late =
    changed.tooLate.length > 0
      ? ` ${accountsWere(changed.tooLate.length)} being published already, with the old words.`
      : '';
  const stuck = changed.applied.some((each) => each.state === 'failed') ? ' “Retry” sends it again.' : '';
  return drawCard(changed, draw, {
    notes,
    issues: changed.issues,
    twins: changed.twins,
    lead: `Changed.${late}${stuck}`,
  });
}

function isMoveOnly({ at, words, without = [], ...more }: EditRequest): boolean {
  return at !== undefined && Object.keys({ ...words, ...more }).length + without.length === 0;
}

/** Error: POST_CHANGED when the post is not as it was when the button was drawn. */
async function postOfButton(context: CommandContext, [id = '', revision]: readonly string[]): Promise<Post> {
  const post = await postOf(context, id);
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

export default defineCommand({
  name: 'edit',
  summary: 'Change a post that is not out yet',
  role: 'editor',
  options: EDIT_OPTIONS,
  examples: [
    '/edit post:#K7QPD Better words',
    '/edit post:#K7QPD to:x text:"Shorter, for one network"',
    '/edit post:#K7QPD to:+tumblr,-x',
    '/edit post:#K7QPD when:"fri 18:30" expires:"sun 20:00" without:link',
  ],
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
    const { post, when, expires } = options;
    const request = await editRequest(context, options);
    if (when && isMoveOnly(request)) return moveReply(context, post, when);
    const expiry = expires && expires !== 'never' ? expires.notes : [];
    return edit(context, post, request, [
      ...(when?.notes ?? []),
      ...expiry.map((note) => `expires: ${note}`),
    ]);
  },
});
