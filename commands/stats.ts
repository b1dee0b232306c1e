/** `/stats`: how a post was received, as the networks tell it at that moment. */
import { drawInsights } from '../src/core/cards/insights.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { drawContextOf } from '../src/core/desk/draw-context.ts';
import { POST_OPTION } from '../src/core/desk/post-option.ts';
import type { Reply } from '../src/core/reply.ts';

async function numbers(context: CommandContext, id: string): Promise<Reply> {
  const { posts, insights } = context.services;
  const view = await posts.show(context.workspace.id, id);
  const found = await insights.of(view);
  return drawInsights(view.post, found, drawContextOf(context));
}

export default defineCommand({
  name: 'stats',
  summary: 'How a published post was received: views, likes, comments, shares',
  role: 'viewer',
  options: { post: POST_OPTION },
  examples: ['/stats post:#K7QPD'],
  actions: { post: { role: 'viewer', run: (context, [id = '']) => numbers(context, id) } },
  run: (context, { post }) => numbers(context, post.id),
});
