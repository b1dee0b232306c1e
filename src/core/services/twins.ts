/** Posts that say what another says: a person is asked before the same words go out twice. */
import { after, DAY } from '../clock.ts';
import { groupBy } from '../collections.ts';
import type { DeliveryStore, PostStore } from '../stores.ts';
import type { Delivery, Post } from '../words.ts';

/** The same words for the same account within this time are warned of. */
export const TWIN_WINDOW_MS = DAY;

interface TwinPorts {
  readonly posts: Pick<PostStore, 'sameWords'>;
  readonly deliveries: Pick<DeliveryStore, 'ofPosts'>;
}

/** States in which nothing went out, and nothing will by itself. */
const SILENT: ReadonlySet<Delivery['state']> = new Set(['failed', 'expired', 'cancelled']);

/** Other posts that say the same words to one of the same accounts, or said them, within a day. */
export async function twinsOf(ports: TwinPorts, post: Post): Promise<readonly Post[]> {
  if (!post.words.text.trim()) return [];
  const from = after(post.dueAt, -TWIN_WINDOW_MS);
  const found = await ports.posts.sameWords(
    post.workspaceId,
    post.words.text,
    post.targets,
    from,
    after(post.dueAt, TWIN_WINDOW_MS),
  );
  const others = found.filter((each) => each.id !== post.id);
  if (others.length === 0) return [];
  const ids = others.map((each) => each.id);
  const deliveriesOf = groupBy(await ports.deliveries.ofPosts(post.workspaceId, ids), (each) => each.postId);
  // A post that was made at this very moment has no deliveries yet.
  return others.filter(({ id }) => deliveriesOf.get(id)?.some((each) => says(each, post.targets)) ?? true);
}

/** A thread that failed on its way has said something. */
function says({ state, accountId, parts = [] }: Delivery, accountIds: readonly string[]): boolean {
  // Whoever removed a post may well want to say it again, and better.
  if (!accountIds.includes(accountId) || state === 'removed') return false;
  return !SILENT.has(state) || parts.length > 0;
}
