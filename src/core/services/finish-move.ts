/**
 * Ends a move that was cut off between the post and its deliveries. Where the post was put off, they find that out when they come
 * due; where it was brought forward, they would go out at their old moment.
 */
import type { Delivery, Post } from '../words.ts';
import { type ChangePorts, hold, release, unchanged } from './hold.ts';

/** The post is the truth: what of it waits for another moment follows. */
export async function finishMove(ports: ChangePorts, post: Post): Promise<void> {
  const isLeftBehind = ({ state, dueAt }: Delivery): boolean =>
    state === 'scheduled' && dueAt.getTime() !== post.dueAt.getTime();
  const deliveries = await ports.deliveries.ofPost(post.workspaceId, post.id);
  if (!deliveries.some(isLeftBehind)) return;
  const held = await hold(ports, post, ['scheduled']);
  // A move holds the deliveries as well, so what the post says now stays true until they are given back.
  const current = await ports.posts.find(post.workspaceId, post.id);
  const isCurrent = current?.revision === post.revision;
  await release(ports, post, held, (each) =>
    isCurrent && isLeftBehind(each) ? { dueAt: post.dueAt, nextAttemptAt: post.dueAt } : unchanged(each),
  );
  if (post.dueAt <= ports.clock.now()) ports.wakeDispatcher();
}
