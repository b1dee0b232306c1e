/** What people do to a post that is out: take it away again, from some accounts or from all. */
import { hasBegun } from '../delivery/parts.ts';
import { isOpen } from '../delivery/standing.ts';
import { usageError } from '../errors.ts';
import type { Account, Delivery, DeliveryState, Post } from '../words.ts';
import { type Changed, type ChangePorts, changedMeanwhile, hold, release, unchanged } from './hold.ts';
import { type PostView, viewPost } from './post-view.ts';
import { refuseOtherTargets } from './send-now.ts';

/** What `/remove` would do, before it is confirmed. */
export interface Removal {
  /** Published there, and the network lets an app delete it. */
  readonly removable: readonly Delivery[];
  /** Published there, and only a person can delete it: the network lets no app do it, or it is not known which post it is. */
  readonly byHand: readonly Delivery[];
}

/** Errors: TARGET_UNKNOWN, POST_BUSY, NOTHING_PUBLISHED. */
export function removalOf(ports: ChangePorts, view: PostView, only?: readonly string[]): Removal {
  const { post, deliveries, accounts } = view;
  refuseOtherTargets(post, only);
  const chosen = deliveries.filter((each) => isChosen(each, only));
  const published = chosen.filter(isOut);
  if (published.length === 0) throw nothingToRemove(post, chosen);
  const accountOf = new Map(accounts.map((account) => [account.id, account]));
  const isRemovable = (each: Delivery): boolean =>
    !isUnknown(each) && canRemove(ports, accountOf.get(each.accountId));
  return {
    removable: published.filter(isRemovable),
    byHand: published.filter((each) => !isRemovable(each)),
  };
}

/**
 * Hands what is published to the dispatcher, which takes it away under its leases and limits. Errors: as `removalOf`,
 * NOT_REMOVABLE, and POST_CHANGED when somebody else was first.
 */
export async function removePost(ports: ChangePorts, post: Post, only?: readonly string[]): Promise<Changed> {
  const now = ports.clock.now();
  const view = await viewPost(ports, post);
  const { removable, byHand } = removalOf(ports, view, only);
  if (removable.length === 0) throw onlyByHand(post, byHand);
  const wanted = new Set(removable.map((each) => each.id));
  const held = await hold(ports, post, ['published', ...STOPPED]);
  const chosen = held.taken.filter((each) => wanted.has(each.id));
  let opened: Post | undefined;
  try {
    if (chosen.length === 0) throw nothingToRemove(post, held.busy);
    // The post is open again before its deliveries are: should this process die, the sweep follows them to their end.
    const patch = { standing: 'working', updatedAt: now } as const;
    opened = await ports.posts.change(post.workspaceId, post.id, post.revision, patch);
    if (!opened) throw changedMeanwhile(post.id);
  } finally {
    await release(ports, post, held, (each) =>
      opened && chosen.includes(each)
        ? { state: 'removing', nextAttemptAt: now, failures: 0, error: null }
        : unchanged(each),
    );
  }
  ports.wakeDispatcher();
  return { ...(await viewPost(ports, opened)), applied: chosen, tooLate: [] };
}

/** States in which a thread may have stopped on its way: what stands of it can be removed, too. */
const STOPPED: readonly DeliveryState[] = ['failed', 'cancelled'];

function isOut(delivery: Delivery): boolean {
  return delivery.state === 'published' || (STOPPED.includes(delivery.state) && hasBegun(delivery));
}

function isChosen({ accountId }: Delivery, only: readonly string[] | undefined): boolean {
  return !only || only.includes(accountId);
}

function canRemove(ports: ChangePorts, account: Account | undefined): boolean {
  return account !== undefined && ports.publisherFor(account)?.remove !== undefined;
}

/** A person said that it is there, and its address did not tell more. */
function isUnknown({ remoteId }: Delivery): boolean {
  return remoteId === undefined;
}

function nothingToRemove(post: Post, chosen: readonly Delivery[]): Error {
  if (chosen.some((each) => each.state === 'removing' || each.state === 'published')) {
    return usageError(
      'POST_BUSY',
      `#${post.id} is being removed already.`,
      'Wait for its outcome, which is told where the post began.',
    );
  }
  if (chosen.length > 0 && chosen.every((each) => each.state === 'removed'))
    return usageError('NOTHING_PUBLISHED', `#${post.id} was removed already.`, `See /show post:#${post.id}.`);
  const isPart = chosen.length > 0 && chosen.length < post.targets.length;
  return usageError(
    'NOTHING_PUBLISHED',
    `Nothing of #${post.id} is published${isPart ? ' there' : ''}.`,
    chosen.some(isOpen)
      ? `What has not gone out yet is taken back with /cancel post:#${post.id}.`
      : `See how it stands: /show post:#${post.id}`,
  );
}

export function onlyByHand(post: Post, byHand: readonly Delivery[]): Error {
  const links = byHand.flatMap(({ remoteUrl }) => remoteUrl ?? []);
  return usageError(
    'NOT_REMOVABLE',
    `Where #${post.id} is published, ${byHand.every(isUnknown) ? 'it is not known which post it is' : 'apps cannot delete it'}.`,
    `Delete it there by hand${links.length > 0 ? `: ${links.join(' ')}` : ''}.`,
  );
}
