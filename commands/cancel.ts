/** `/cancel`: a post will not go out, or what failed is given up. It cannot be taken back, so it asks first. */

import { drawCard } from '../src/core/cards/card.ts';
import { accountsWere, button, firstWords, idOf, timeOf } from '../src/core/cards/parts.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { SETTLED } from '../src/core/delivery/standing.ts';
import { drawContextOf } from '../src/core/desk/draw-context.ts';
import { POST_OPTION, postOf } from '../src/core/desk/post-option.ts';
import { type Line, type Reply, strong, text } from '../src/core/reply.ts';
import { busyAlready, settledAlready } from '../src/core/services/hold.ts';
import type { PostView } from '../src/core/services/post-view.ts';
import type { Delivery } from '../src/core/words.ts';

/** Asks about what can still be cancelled; when nothing can, it says so at once. */
async function ask(context: CommandContext, id: string): Promise<Reply> {
  const view = await context.services.posts.show(context.workspace.id, id);
  const { post } = view;
  return {
    tone: 'warning',
    title: ['Cancel ', strong(idOf(post)), '?'],
    blocks: [
      text(`“${firstWords(post.words.text || '(no words)', 120)}” `, ...happening(view, context)),
      text('Cancelling cannot be undone.'),
    ],
    buttons: [
      [button('Cancel it', `cancel.now:${post.id}`, 'danger'), button('Keep it', `show.card:${post.id}`)],
    ],
  };
}

const UNDER_WAY: ReadonlySet<Delivery['state']> = new Set(['publishing', 'processing', 'uncertain']);

/** At the network, or in the hands of a worker that is about to send it. */
function isUnderWay({ state, lease }: Delivery, now: Date): boolean {
  return UNDER_WAY.has(state) || (lease !== undefined && lease.until > now);
}

function happening({ post, deliveries }: PostView, context: CommandContext): Line {
  if (post.standing === 'draft') return ['is a draft.'];
  const now = context.clock.now();
  const open = deliveries.filter((each) => !SETTLED.has(each.state) && !isUnderWay(each, now));
  if (open.length > 0 || deliveries.length === 0) {
    const was = post.dueAt <= now ? 'was' : 'is';
    return [`${was} planned for `, timeOf(post.dueAt, drawContextOf(context)), '.'];
  }
  if (deliveries.some((each) => isUnderWay(each, now))) throw busyAlready(post);
  const failed = deliveries.filter((each) => each.state === 'failed').length;
  if (failed === 0) throw settledAlready(post);
  return [`failed on ${failed === 1 ? 'one account' : `${failed} accounts`}; it would not be tried again.`];
}

async function cancel(context: CommandContext, id: string): Promise<Reply> {
  const post = await postOf(context, id);
  const { applied, tooLate } = await context.services.posts.cancel(post);
  const late =
    tooLate.length > 0 ? ` ${accountsWere(tooLate.length)} under way already; the outcome is told here.` : '';
  const givenUp = applied.length > 0 && applied.every((each) => each.state === 'failed');
  const view = await context.services.posts.show(context.workspace.id, id);
  return drawCard(view, drawContextOf(context), {
    lead: `${givenUp ? 'Given up: nothing more is tried.' : 'Cancelled.'}${late}`,
  });
}

export default defineCommand({
  name: 'cancel',
  summary: 'Take a post back before it goes out',
  role: 'editor',
  options: { post: POST_OPTION },
  examples: ['/cancel post:#K7QPD'],
  actions: {
    ask: { role: 'editor', run: (context, [id = '']) => ask(context, id) },
    now: { role: 'editor', run: (context, [id = '']) => cancel(context, id) },
  },
  run: (context, { post }) => ask(context, post.id),
});
