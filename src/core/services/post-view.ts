/** A post with its deliveries and accounts, as it is shown. */
import { groupBy } from '../collections.ts';
import { ofTargets, standingOf } from '../delivery/standing.ts';
import type { AccountStore, DeliveryStore } from '../stores.ts';
import type { Account, Delivery, Post } from '../words.ts';

export interface PostView {
  readonly post: Post;
  readonly deliveries: readonly Delivery[];
  /** The accounts of its targets, in the order of the targets. */
  readonly accounts: readonly Account[];
}

export interface ViewPorts {
  readonly deliveries: DeliveryStore;
  readonly accounts: AccountStore;
}

export async function viewPost(ports: ViewPorts, post: Post): Promise<PostView> {
  const [all, accounts] = await Promise.all([
    ports.deliveries.ofPost(post.workspaceId, post.id),
    ports.accounts.findMany(post.targets),
  ]);
  const deliveries = ofTargets(post, all);
  return { post: asItStands(post, deliveries), deliveries, accounts: inOrder(accounts, post.targets) };
}

/** The stored standing follows its deliveries a moment later; what is shown together must agree. */
function asItStands(post: Post, deliveries: readonly Delivery[]): Post {
  const isDecided = post.standing === 'draft' || post.standing === 'cancelled';
  return isDecided || deliveries.length === 0 ? post : { ...post, standing: standingOf(deliveries) };
}

/** Several posts with two queries. */
export async function viewPosts(
  ports: ViewPorts,
  workspaceId: string,
  posts: readonly Post[],
): Promise<readonly PostView[]> {
  const [deliveries, accounts] = await Promise.all([
    ports.deliveries.ofPosts(
      workspaceId,
      posts.map((post) => post.id),
    ),
    ports.accounts.findMany([...new Set(posts.flatMap((post) => post.targets))]),
  ]);
  const deliveriesOf = groupBy(deliveries, (delivery) => delivery.postId);
  return posts.map((post) => {
    const own = ofTargets(post, deliveriesOf.get(post.id) ?? []);
    return { post: asItStands(post, own), deliveries: own, accounts: inOrder(accounts, post.targets) };
  });
}

function inOrder(accounts: readonly Account[], targets: readonly string[]): readonly Account[] {
  const order = new Map(targets.map((id, index) => [id, index]));
  return [...accounts]
    .filter(({ id }) => order.has(id))
    .sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}
