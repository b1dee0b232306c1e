/** `/schedule`: publishes at a moment; and what a draft's buttons do. */
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { COMPOSE_OPTIONS } from '../src/core/desk/compose-options.ts';
import { composedReply, composeReply } from '../src/core/desk/compose-reply.ts';
import { postOf } from '../src/core/desk/post-option.ts';
import type { Reply } from '../src/core/reply.ts';

async function confirm(context: CommandContext, id: string, which: 'all' | 'those that can'): Promise<Reply> {
  const post = await postOf(context, id);
  return composedReply(context, await context.services.posts.confirm(post, which));
}

/** Goes on in the background; the card tells how far it is. */
async function convert(context: CommandContext, id: string): Promise<Reply> {
  const { services, workspace } = context;
  await services.conversions.start(await services.posts.show(workspace.id, id));
  return composedReply(context, await services.posts.show(workspace.id, id));
}

async function stopConverting(context: CommandContext, id: string): Promise<Reply> {
  const { services, workspace } = context;
  const post = await postOf(context, id);
  await services.conversions.stop(post.id);
  return composedReply(context, await services.posts.show(workspace.id, id));
}

export default defineCommand({
  name: 'schedule',
  summary: 'Publish at a moment',
  role: 'editor',
  options: {
    when: {
      kind: 'moment',
      summary: 'When, such as "tomorrow 9:00", "fri 18:30" or "in 20 min"',
      required: true,
    },
    ...COMPOSE_OPTIONS,
  },
  examples: [
    '/schedule when:"tomorrow 9:00" Good morning',
    '/schedule to:x,tumblr when:"fri 18:30" priority:high The sale begins',
    '/schedule to:all when:"2027-01-03 09:00 Europe/Rome" media:poster.png alt:"The poster" See you there',
  ],
  fromMessage: true,
  alongside: true,
  actions: {
    confirm: { role: 'editor', run: (context, [id = '']) => confirm(context, id, 'all') },
    others: { role: 'editor', run: (context, [id = '']) => confirm(context, id, 'those that can') },
    convert: { role: 'editor', run: (context, [id = '']) => convert(context, id) },
    stop: { role: 'editor', run: (context, [id = '']) => stopConverting(context, id) },
  },
  run: (context, options) => composeReply(context, options, options.when),
});
