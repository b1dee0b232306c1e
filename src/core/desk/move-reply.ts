/** Another moment for a post, and the reply that tells it; shared by /move and /edit. */
import { drawCard } from '../cards/card.ts';
import { accountsWere } from '../cards/parts.ts';
import type { CommandContext, Moment } from '../command.ts';
import type { Reply } from '../reply.ts';
import type { Post } from '../words.ts';
import { drawContextOf } from './draw-context.ts';

export async function moveReply(
  context: CommandContext,
  post: Post,
  when: Pick<Moment, 'at' | 'notes'>,
): Promise<Reply> {
  const moved = await context.services.posts.move(post, when.at);
  if (moved.issues.length > 0) {
    const lead = 'Not moved: there is no room at that time. The post stays as it was.';
    return drawCard(moved, drawContextOf(context), { issues: moved.issues, lead, notes: when.notes });
  }
  const late =
    moved.tooLate.length > 0 ? ` ${accountsWere(moved.tooLate.length)} being published already.` : '';
  const draw = drawContextOf(context);
  if (post.standing !== 'draft') return drawCard(moved, draw, { lead: `Moved.${late}`, notes: when.notes });
  // What stands in the way of a draft still does, and the same words may be queued around the new time.
  const draft = await context.services.posts.show(context.workspace.id, post.id);
  const lead = 'The draft has a new time; it is still a draft.';
  return drawCard(draft, draw, { issues: draft.issues, twins: draft.twins, lead, notes: when.notes });
}
