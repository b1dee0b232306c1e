/** Other words, media, accounts or another moment for a post that is not out yet. */
import { PRIORITY } from '../delivery/sweep.ts';
import { usageError } from '../errors.ts';
import type { DeliveryPatch, PostPatch } from '../stores.ts';
import type { Account, Delivery, Post } from '../words.ts';
import { type AccountIssues, blocking, checkPost } from './check.ts';
import type { ConversionStanding } from './conversions.ts';
import { type EditRequest, edited } from './edited.ts';
import {
  type Changed,
  type ChangePorts,
  changedMeanwhile,
  hold,
  refuseWhenNothingIsLeft,
  release,
  unchanged,
} from './hold.ts';
import { planWithRoom } from './last-places.ts';
import { isMovable, movedTo, refuseWhenNothingIsMovable, setAlarm } from './move.ts';
import { refuseFarMoment } from './plan.ts';
import { viewPost } from './post-view.ts';
import { countingOnce } from './quotas.ts';
import { admit, droppedAt, refuseLateAddition, refuseToDrop, takeBack } from './targets.ts';
import { twinsOf } from './twins.ts';

export interface Edited extends Changed {
  readonly issues: readonly AccountIssues[];
  /** Other posts with the same words for one of the same accounts within a day. */
  readonly twins: readonly Post[];
  /** Of a draft: whether its videos can be converted. */
  readonly conversion?: ConversionStanding;
}

/**
 * Applies the change. Errors: POST_EMPTY, EXPIRY_TOO_EARLY, POST_CHANGED, POST_SETTLED, POST_BUSY. With `issues` that block,
 * nothing was changed.
 */
export async function editPost(ports: ChangePorts, post: Post, request: EditRequest): Promise<Edited> {
  const now = ports.clock.now();
  const accounts = request.targets ?? (await ports.accounts.findMany(post.targets));
  const next = edited(post, request);
  if (!next.words.text.trim() && next.media.length === 0 && !next.words.link) {
    throw usageError(
      'POST_EMPTY',
      'Nothing would be left of the post.',
      'Give it words or a picture, or use /cancel.',
    );
  }
  refuseEarlyExpiry(next, now);
  if (request.at) refuseFarMoment(request.at, now);
  const { words, variants, media, priority, targets } = next;
  const patch: PostPatch = {
    ...{ words, variants, media, priority, targets, updatedAt: now },
    ...(request.at ? { dueAt: request.at, immediate: false } : {}),
    ...(request.expiresAt === undefined ? {} : { expiresAt: request.expiresAt }),
  };
  if (post.standing !== 'draft') return editPlanned(ports, post, { next, accounts, patch });
  const draft = await ports.posts.change(post.workspaceId, post.id, post.revision, patch);
  if (!draft) throw changedMeanwhile(post.id);
  return {
    ...(await viewPost(ports, draft)),
    applied: [],
    tooLate: [],
    issues: await checkPost(ports, draft, accounts),
    twins: await twinsOf(ports, draft),
  };
}

interface Change {
  readonly next: Post;
  readonly accounts: readonly Account[];
  readonly patch: PostPatch;
}

async function editPlanned(
  ports: ChangePorts,
  post: Post,
  { next, accounts, patch }: Change,
): Promise<Edited> {
  const added = accounts.filter(({ id }) => !post.targets.includes(id));
  const dropped = post.targets.filter((id) => !next.targets.includes(id));
  const at = patch.dueAt;
  if (!at) refuseLateAddition(post, added, ports.clock.now());
  // Before anything is held: a network may be asked for its boards.
  const question = { before: post, counted: countingOnce(ports) };
  const found = await checkPost(ports, next, accounts, question);
  const held = await hold(ports, post);
  const refused = async (why: readonly AccountIssues[]): Promise<Edited> => ({
    ...(await viewPost(ports, post)),
    ...{ applied: [], tooLate: [], twins: [], issues: why },
  });
  let changed: Post | undefined;
  let issues: readonly AccountIssues[];
  try {
    if (at) refuseWhenNothingIsMovable(post, held);
    else refuseWhenNothingIsLeft(post, held);
    await refuseToDrop(ports, post, await ports.accounts.findMany(dropped), held);
    const open = accounts.filter(
      (account) => added.includes(account) || held.taken.some((each) => each.accountId === account.id),
    );
    issues = found.filter(({ account }) => open.includes(account));
    if (blocking(issues).length > 0) return await refused(issues);
    const write = async (): Promise<Post | undefined> => {
      if (added.length > 0) await takeBack(ports, next, added);
      const written = await ports.posts.change(post.workspaceId, post.id, post.revision, patch);
      if (written && added.length > 0) await admit(ports, written, added);
      return written;
    };
    const outcome = await planWithRoom(ports, next, open, write, question);
    if ('full' in outcome) return await refused(outcome.full);
    changed = outcome.planned;
    if (!changed) throw changedMeanwhile(post.id);
  } finally {
    await release(ports, post, held, (each) => ({
      ...(changed ? asChanged(each, changed, { at, added, now: ports.clock.now() }) : unchanged(each)),
      // The alarm keeps the priority that it was set with: it wakes the dispatcher, which goes by the deliveries.
      priority: PRIORITY[(changed ?? post).priority],
    }));
  }
  if (at) await setAlarm(ports, changed);
  return {
    ...(await viewPost(ports, changed)),
    applied: held.taken,
    tooLate: held.busy,
    issues,
    twins: await newTwins(ports, changed, post, added),
  };
}

function asChanged(
  delivery: Delivery,
  post: Post,
  { at, added, now }: { at: Date | undefined; added: readonly Account[]; now: Date },
): DeliveryPatch {
  if (!post.targets.includes(delivery.accountId)) return droppedAt(now);
  // Of an account that is added only now: left waiting by a change that a crash cut off, perhaps for another moment.
  const isLeftOver = added.some(({ id }) => id === delivery.accountId);
  return (at || isLeftOver) && isMovable(delivery) ? movedTo(post.dueAt) : unchanged(delivery);
}

/** Other posts that say what this one says only since the change: to everyone when the words are new, otherwise where it was not to go before. */
async function newTwins(
  ports: ChangePorts,
  post: Post,
  before: Post,
  added: readonly Account[],
): Promise<readonly Post[]> {
  if (post.words.text !== before.words.text) return twinsOf(ports, post);
  return added.length === 0 ? [] : twinsOf(ports, { ...post, targets: added.map(({ id }) => id) });
}

/** A post that waits for its moment must not expire before it; one whose moment is over, not at once. */
function refuseEarlyExpiry({ expiresAt, dueAt }: Post, now: Date): void {
  if (!expiresAt || expiresAt > (dueAt > now ? dueAt : now)) return;
  throw usageError(
    'EXPIRY_TOO_EARLY',
    dueAt > now ? 'The post would expire before it is due.' : 'The post would expire at once.',
    'Give a later `expires`, or take it away with `without:expires`.',
  );
}
