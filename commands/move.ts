/** `/move`: another moment. */
import { SECOND } from '../src/core/clock.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { composedReply } from '../src/core/desk/compose-reply.ts';
import { moveReply } from '../src/core/desk/move-reply.ts';
import { POST_OPTION, postOf } from '../src/core/desk/post-option.ts';
import { usageError } from '../src/core/errors.ts';
import { momentOrError } from '../src/core/moments/demand.ts';
import { echo } from '../src/core/moments/show.ts';
import type { Reply } from '../src/core/reply.ts';
import { blocking } from '../src/core/services/check.ts';
import { settledAlready } from '../src/core/services/hold.ts';

/** To the moment that was offered where another had no room; a draft for which nothing else is missing is planned by that. */
async function moveToFree(context: CommandContext, [id = '', seconds]: readonly string[]): Promise<Reply> {
  const { posts } = context.services;
  const post = await postOf(context, id);
  const at = new Date(Number(seconds) * SECOND);
  if (!(at > context.clock.now())) {
    throw usageError(
      'ACTION_STALE',
      'That time has passed meanwhile.',
      `Choose another: /move post:#${post.id} when:"tomorrow 9:00"`,
    );
  }
  const reply = await moveReply(context, post, { at, notes: [] });
  if (post.standing !== 'draft') return reply;
  const draft = await posts.show(context.workspace.id, id);
  const isReady = blocking(draft.issues).length === 0 && draft.twins.length === 0;
  return isReady ? composedReply(context, await posts.confirm(draft.post, 'all')) : reply;
}

export default defineCommand({
  name: 'move',
  summary: 'Give a post another time',
  role: 'editor',
  options: {
    post: POST_OPTION,
    when: { kind: 'moment', summary: 'The new time, such as "tomorrow 9:00"', required: true },
  },
  examples: ['/move post:#K7QPD when:"fri 18:30"'],
  actions: {
    free: { role: 'editor', run: moveToFree },
    to: {
      role: 'editor',
      ask: {
        title: 'Another time',
        label: 'When? Such as: tomorrow 9:00, fri 18:30, in 2 hours',
        multiline: false,
        max: 120,
        // Nothing stands in the field; but nobody should think of a time for a post that cannot be moved any more.
        async prefill(context, [id = '']) {
          const post = await postOf(context, id);
          if (post.standing === 'cancelled') throw settledAlready(post);
          return '';
        },
      },
      async run(context, [id = ''], answer) {
        const { workspace, clock } = context;
        const post = await postOf(context, id);
        const reading = { now: clock.now(), zone: workspace.timeZone, locale: workspace.locale };
        return moveReply(
          context,
          post,
          momentOrError(answer, reading, (at, zone) => echo(at, { ...reading, zone })),
        );
      },
    },
  },
  run: (context, { post, when }) => moveReply(context, post, when),
});
