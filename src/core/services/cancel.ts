/** A post that is not to go out any more. */
import type { Post } from '../words.ts';
import {
  type Changed,
  type ChangePorts,
  changedMeanwhile,
  hold,
  refuseWhenNothingIsLeft,
  release,
  unchanged,
} from './hold.ts';
import { viewPost } from './post-view.ts';

/** Cancels what has not begun, and gives up what failed. Errors: POST_CHANGED, POST_SETTLED, POST_BUSY. */
export async function cancelPost(ports: ChangePorts, post: Post): Promise<Changed> {
  const now = ports.clock.now();
  const cancelled = { standing: 'cancelled', updatedAt: now } as const;
  if (post.standing === 'draft') {
    const changed = await ports.posts.change(post.workspaceId, post.id, post.revision, cancelled);
    if (!changed) throw changedMeanwhile(post.id);
    return { ...(await viewPost(ports, changed)), applied: [], tooLate: [] };
  }
  const held = await hold(ports, post);
  let done = false;
  try {
    refuseWhenNothingIsLeft(post, held);
    // The post is the truth for a delivery that a crash leaves behind here; with one under way it must stay open.
    if (held.busy.length === 0) {
      const changed = await ports.posts.change(post.workspaceId, post.id, post.revision, cancelled);
      if (!changed) throw changedMeanwhile(post.id);
    }
    done = true;
  } finally {
    await release(ports, post, held, (each) =>
      done ? { state: 'cancelled', nextAttemptAt: null, settledAt: now, error: null } : unchanged(each),
    );
  }
  if (held.busy.length === 0) await ports.alarms.clear(post.id);
  return { ...(await viewPost(ports, post)), applied: held.taken, tooLate: held.busy };
}
