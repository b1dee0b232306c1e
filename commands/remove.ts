/** `/remove`: takes away again what is published. It cannot be taken back, so it asks first. */
import { drawCard } from '../src/core/cards/card.ts';
import { button, firstWords, idOf } from '../src/core/cards/parts.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { drawContextOf } from '../src/core/desk/draw-context.ts';
import { POST_OPTION, postOf } from '../src/core/desk/post-option.ts';
import { usageError } from '../src/core/errors.ts';
import { BUTTON_ID_BYTES, type Mark, type Reply, type Row, strong, text } from '../src/core/reply.ts';
import type { PostView } from '../src/core/services/post-view.ts';
import { onlyByHand } from '../src/core/services/remove.ts';
import type { Delivery } from '../src/core/words.ts';

async function ask(context: CommandContext, id: string, only?: readonly string[]): Promise<Reply> {
  const { posts } = context.services;
  const view = await posts.show(context.workspace.id, id);
  const { post } = view;
  const { removable, byHand } = posts.removal(view, only);
  if (removable.length === 0) throw onlyByHand(post, byHand);
  return {
    tone: 'warning',
    title: ['Remove ', strong(idOf(post)), '?'],
    blocks: [
      text(`“${firstWords(post.words.text || '(no words)', 120)}”`),
      {
        kind: 'rows',
        rows: [
          ...removable.map((each) => row(context, view, each, 'question', 'will be deleted')),
          ...byHand.map((each) => row(context, view, each, 'off', stays(each))),
        ],
      },
      text('Removing cannot be undone: what people wrote under it goes as well.'),
    ],
    buttons: [
      [
        button('Remove it', confirmation(view, removable), 'danger'),
        button('Keep it', `show.card:${post.id}`),
      ],
    ],
  };
}

const stays = ({ remoteId }: Delivery): string =>
  remoteId === undefined ? 'stays: it is not known which post it is' : 'stays: apps cannot delete it there';

function row(
  context: CommandContext,
  { accounts }: PostView,
  { accountId, remoteUrl }: Delivery,
  mark: Mark,
  what: string,
): Row {
  const account = accounts.find(({ id }) => id === accountId);
  return {
    mark,
    label: [account ? context.services.accounts.labelOf(account) : accountId],
    detail: [
      what,
      ...(remoteUrl ? [' (', { kind: 'link', text: 'see it', url: remoteUrl } as const, ')'] : []),
    ],
  };
}

/** Names the accounts that were shown, so that what is published meanwhile is not removed unseen. */
function confirmation({ post }: PostView, removable: readonly Delivery[]): string {
  const action = `remove.now:${post.id}:${removable.map(({ accountId }) => accountId).join('+')}`;
  if (Buffer.byteLength(action) <= BUTTON_ID_BYTES) return action;
  throw usageError(
    'OPTION_INVALID',
    `#${post.id} is published on ${removable.length} accounts, more than one button can name.`,
    'Remove it from a few at a time, such as with to:x,tumblr.',
  );
}

async function remove(context: CommandContext, id: string, only: readonly string[]): Promise<Reply> {
  const { posts } = context.services;
  const post = await postOf(context, id);
  const removed = await posts.remove(post, only);
  return drawCard(removed, drawContextOf(context), {
    lead: 'Removing it; the outcome is told where it began.',
  });
}

const named = (accounts: string): readonly string[] => accounts.split('+').filter(Boolean);

export default defineCommand({
  name: 'remove',
  summary: 'Delete what is published, everywhere or on some accounts',
  role: 'editor',
  options: {
    post: POST_OPTION,
    to: { kind: 'targets', summary: 'Only from these networks or accounts' },
  },
  examples: ['/remove post:#K7QPD', '/remove post:#K7QPD to:x'],
  actions: {
    ask: {
      role: 'editor',
      run: (context, [id = '', accounts = '']) =>
        ask(context, id, accounts === '' ? undefined : named(accounts)),
    },
    now: { role: 'editor', run: (context, [id = '', accounts = '']) => remove(context, id, named(accounts)) },
  },
  run: (context, { post, to }) =>
    ask(
      context,
      post.id,
      to?.map((account) => account.id),
    ),
});
