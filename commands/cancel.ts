/** `/cancel`: a post will not go out. It cannot be taken back, so it asks first. */

import { drawCard } from '../src/core/cards/card.ts';
import { button, firstWords, idOf, timeOf } from '../src/core/cards/parts.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { drawContextOf } from '../src/core/desk/compose-reply.ts';
import { type Reply, strong, text } from '../src/core/reply.ts';
import type { Post } from '../src/core/words.ts';

function ask(context: CommandContext, post: Post): Reply {
  return {
    tone: 'warning',
    title: ['Cancel ', strong(idOf(post)), '?'],
    blocks: [
      text(
        `“${firstWords(post.words.text || '(no words)', 120)}” `,
        'is planned for ',
        timeOf(post.dueAt, drawContextOf(context)),
        '. Cancelling cannot be undone.',
      ),
    ],
    buttons: [
      [button('Cancel it', `cancel.now:${post.id}`, 'danger'), button('Keep it', `show.card:${post.id}`)],
    ],
  };
}

async function cancel(context: CommandContext, id: string): Promise<Reply> {
  const { post } = await context.services.posts.show(context.workspace.id, id);
  const cancelled = await context.services.posts.cancel(post);
  const late =
    cancelled.tooLate.length > 0
      ? ` ${cancelled.tooLate.length} of its accounts were under way already; their outcome is told here.`
      : '';
  const view = await context.services.posts.show(context.workspace.id, id);
  return drawCard(view, drawContextOf(context), { lead: `Cancelled.${late}` });
}

export default defineCommand({
  name: 'cancel',
  summary: 'Take a post back before it goes out',
  role: 'editor',
  options: { post: { kind: 'post', summary: 'The post, such as #K7QPD', required: true } },
  examples: ['/cancel post:#K7QPD'],
  actions: {
    ask: {
      role: 'editor',
      run: async (context, [id = '']) =>
        ask(context, (await context.services.posts.show(context.workspace.id, id)).post),
    },
    now: { role: 'editor', run: (context, [id = '']) => cancel(context, id) },
  },
  run: async (context, { post }) => ask(context, post),
});
