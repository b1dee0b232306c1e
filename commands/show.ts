/** `/show`: the card of one post, anew, where it was asked for. */

import { drawCard } from '../src/core/cards/card.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { drawContextOf } from '../src/core/desk/draw-context.ts';
import { POST_OPTION } from '../src/core/desk/post-option.ts';
import type { Reply } from '../src/core/reply.ts';

async function card(context: CommandContext, id: string): Promise<Reply> {
  const shown = await context.services.posts.show(context.workspace.id, id);
  return drawCard(shown, drawContextOf(context), shown);
}

export default defineCommand({
  name: 'show',
  summary: 'One post: its words, and how it stands on each account',
  role: 'viewer',
  options: { post: POST_OPTION },
  examples: ['/show post:#K7QPD'],
  actions: { card: { role: 'viewer', run: (context, [id = '']) => card(context, id) } },
  run: (context, { post }) => card(context, post.id),
});
