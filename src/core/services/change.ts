/**
 * What people do to posts that exist: edit, move, cancel, retry, decide. Each takes the lease of the deliveries that it
 * changes, so it wins against the dispatcher or is told that the post is being published already.
 */

import type { AlarmClock } from '../alarm-clock.ts';
import { after, newId, SECOND } from '../clock.ts';
import { endAttempt, openAttempt } from '../delivery/journal.ts';
import { PRIORITY } from '../delivery/sweep.ts';
import { usageError } from '../errors.ts';
import type { DeliveryPatch } from '../stores.ts';
import type { Account, Delivery, DeliveryState, MediaItem, Post, Words } from '../words.ts';
import { type AccountIssues, blocking, checkPost } from './check.ts';
import { type Composed, type ComposePorts, changedMeanwhile, confirmDraft } from './compose.ts';
import { type PostView, viewPost } from './post-view.ts';

/** A person's change holds the deliveries no longer than this; a crash amid it gives them back by itself. */
const CHANGE_LEASE_MS = 10 * SECOND;

export interface ChangePorts extends ComposePorts {
  changed(post: { workspaceId: string; postId: string }): void;
  readonly alarms: AlarmClock;
}

/** What a change reached: the deliveries that it applies to, and those that it came too late for. */
export interface Changed extends PostView {
  readonly applied: readonly Delivery[];
  readonly tooLate: readonly Delivery[];
}

interface Hold {
  readonly token: string;
  readonly taken: readonly Delivery[];
  readonly busy: readonly Delivery[];
}

async function hold(ports: ChangePorts, post: Post, states?: readonly DeliveryState[]): Promise<Hold> {
  const token = newId(ports.random, 12);
  const now = ports.clock.now();
  const { taken, busy } = await ports.deliveries.takeForChange(post.workspaceId, post.id, now, {
    token,
    until: after(now, CHANGE_LEASE_MS),
    ...(states ? { states } : {}),
  });
  return { token, taken, busy };
}

/** Writes one patch to each held delivery and gives it back. */
async function release(
  ports: ChangePorts,
  post: Post,
  held: Hold,
  patchFor: (delivery: Delivery) => DeliveryPatch,
): Promise<void> {
  const now = ports.clock.now();
  await Promise.all(
    held.taken.map((each) =>
      ports.deliveries.write(each.id, held.token, { ...patchFor(each), release: true }, now),
    ),
  );
  ports.changed({ workspaceId: post.workspaceId, postId: post.id });
}

/** Back as it was before it was held. */
function unchanged(delivery: Delivery): DeliveryPatch {
  return { nextAttemptAt: delivery.nextAttemptAt ?? null };
}

function refuseWhenNothingIsLeft(post: Post, held: Hold): void {
  if (held.taken.length > 0) return;
  if (held.busy.length > 0) {
    throw usageError(
      'POST_BUSY',
      `#${post.id} is already being published.`,
      'Wait for its outcome, which is told here.',
    );
  }
  throw usageError(
    'POST_SETTLED',
    `#${post.id} is finished and cannot be changed any more.`,
    'Write a new post.',
  );
}

export interface EditRequest {
  /** Only for these accounts or this network; absent: the common words. */
  readonly only?: { readonly key: string };
  readonly words: Partial<Words>;
  readonly media?: readonly MediaItem[];
}

/** Applies new words. With `issues` that block, nothing was changed. */
export async function editPost(
  ports: ChangePorts,
  post: Post,
  request: EditRequest,
): Promise<Changed & { issues: readonly AccountIssues[] }> {
  const next = edited(post, request);
  if (!next.words.text.trim() && next.media.length === 0 && !next.words.link) {
    throw usageError(
      'POST_EMPTY',
      'Nothing would be left of the post.',
      'Give it words or a picture, or use /cancel.',
    );
  }
  const accounts = await ports.accounts.findMany(post.targets);
  const patch = {
    words: next.words,
    variants: next.variants,
    media: next.media,
    updatedAt: ports.clock.now(),
  };
  if (post.standing === 'draft') {
    const draft = await ports.posts.change(post.workspaceId, post.id, post.revision, patch);
    if (!draft) throw changedMeanwhile(post.id);
    return {
      ...(await viewPost(ports, draft)),
      applied: [],
      tooLate: [],
      issues: checkPost(draft, accounts, ports.publisherFor),
    };
  }
  const held = await hold(ports, post);
  let changed: Post | undefined;
  try {
    refuseWhenNothingIsLeft(post, held);
    const concerned = accounts.filter((account) => held.taken.some((each) => each.accountId === account.id));
    const issues = checkPost(next, concerned, ports.publisherFor);
    if (blocking(issues).length > 0)
      return { ...(await viewPost(ports, post)), applied: [], tooLate: [], issues };
    changed = await ports.posts.change(post.workspaceId, post.id, post.revision, patch);
    if (!changed) throw changedMeanwhile(post.id);
    return { ...(await viewPost(ports, changed)), applied: held.taken, tooLate: held.busy, issues };
  } finally {
    await release(ports, post, held, (each) => unchanged(each));
  }
}

function edited(post: Post, { only, words, media }: EditRequest): Post {
  const next = { ...post, media: media ?? post.media };
  if (!only) return { ...next, words: { ...post.words, ...words } };
  return { ...next, variants: { ...post.variants, [only.key]: { ...post.variants[only.key], ...words } } };
}

/** Gives a post another moment. A draft stays a draft and goes out at the new time when it is confirmed. */
export async function movePost(ports: ChangePorts, post: Post, at: Date): Promise<Changed> {
  if (post.expiresAt && post.expiresAt <= at) {
    throw usageError('EXPIRY_TOO_EARLY', 'The post expires before that time.', 'Choose an earlier time.');
  }
  const patch = { dueAt: at, immediate: false, updatedAt: ports.clock.now() };
  if (post.standing === 'draft') {
    const draft = await ports.posts.change(post.workspaceId, post.id, post.revision, patch);
    if (!draft) throw changedMeanwhile(post.id);
    return { ...(await viewPost(ports, draft)), applied: [], tooLate: [] };
  }
  const held = await hold(ports, post);
  const movable = held.taken.filter((each) => each.state !== 'failed');
  let dueAt = post.dueAt;
  try {
    refuseWhenNothingIsLeft(post, { ...held, taken: movable });
    const changed = await ports.posts.change(post.workspaceId, post.id, post.revision, patch);
    if (!changed) throw changedMeanwhile(post.id);
    dueAt = at;
  } finally {
    const moved = dueAt === at;
    await release(ports, post, held, (each) =>
      moved && movable.includes(each)
        ? { state: 'scheduled', dueAt: at, nextAttemptAt: at, failures: 0, error: null }
        : unchanged(each),
    );
  }
  await ports.alarms.set(post.id, at, PRIORITY[post.priority]);
  const view = await viewPost(ports, { ...post, ...patch });
  return { ...view, applied: movable, tooLate: held.busy };
}

/** Cancels what has not begun. */
export async function cancelPost(ports: ChangePorts, post: Post): Promise<Changed> {
  const now = ports.clock.now();
  const cancelled = { standing: 'cancelled', updatedAt: now } as const;
  if (post.standing === 'draft') {
    const changed = await ports.posts.change(post.workspaceId, post.id, post.revision, cancelled);
    if (!changed) throw changedMeanwhile(post.id);
    return { ...(await viewPost(ports, changed)), applied: [], tooLate: [] };
  }
  const held = await hold(ports, post);
  const open = held.taken.filter((each) => each.state !== 'failed');
  let done = false;
  try {
    refuseWhenNothingIsLeft(post, { ...held, taken: open });
    // The post is the truth for a delivery that a crash leaves behind here; with one under way it must stay open.
    if (held.busy.length === 0) {
      const changed = await ports.posts.change(post.workspaceId, post.id, post.revision, cancelled);
      if (!changed) throw changedMeanwhile(post.id);
    }
    done = true;
  } finally {
    await release(ports, post, held, (each) =>
      done && open.includes(each)
        ? { state: 'cancelled', nextAttemptAt: null, settledAt: now, error: null }
        : unchanged(each),
    );
  }
  if (held.busy.length === 0) await ports.alarms.clear(post.id);
  return { ...(await viewPost(ports, post)), applied: open, tooLate: held.busy };
}

/** Sends again what failed, what waits for an account, or what is overdue; perhaps for some accounts only. */
export async function sendNow(ports: ChangePorts, post: Post, only?: readonly string[]): Promise<Changed> {
  const now = ports.clock.now();
  const held = await hold(ports, post);
  const chosen = held.taken.filter((each) => isStuck(each) && (!only || only.includes(each.accountId)));
  // An account that a person says is mended gets its chance: if it is not, it is stopped again with the remedy.
  await Promise.all(chosen.map((each) => ports.accounts.setHealth(each.accountId, 'ok')));
  await release(ports, post, held, (each) =>
    chosen.includes(each)
      ? {
          state: 'scheduled',
          nextAttemptAt: now,
          confirmedAt: now,
          failures: 0,
          looks: 0,
          settledAt: null,
          error: null,
        }
      : unchanged(each),
  );
  if (chosen.length === 0) {
    if (held.busy.length > 0)
      throw usageError('POST_BUSY', `#${post.id} is already being published.`, 'Wait for its outcome.');
    throw usageError(
      'NOTHING_TO_RETRY',
      `Nothing of #${post.id} failed.`,
      `Use /show post:#${post.id} to see how it stands.`,
    );
  }
  ports.wakeDispatcher();
  for (const accountId of new Set(chosen.map((each) => each.accountId)))
    await ports.deliveries.unpark(post.workspaceId, accountId, now);
  return { ...(await viewPost(ports, post)), applied: chosen, tooLate: held.busy };
}

function isStuck(delivery: Delivery): boolean {
  if (delivery.state === 'failed' || delivery.state === 'overdue') return true;
  return delivery.state === 'scheduled' && (delivery.error !== undefined || delivery.failures > 0);
}

/** A person's word on a delivery whose outcome could not be found out. */
export type Verdict =
  | { readonly is: 'there'; readonly url: string }
  | { readonly is: 'not there' }
  | { readonly is: 'look again' };

export async function decideUncertain(
  ports: ChangePorts,
  post: Post,
  accountId: string,
  verdict: Verdict,
): Promise<Changed> {
  const now = ports.clock.now();
  const held = await hold(ports, post, ['uncertain']);
  const found = held.taken.find(
    (each) => each.accountId === accountId && each.state === 'uncertain' && openAttempt(each) !== undefined,
  );
  await release(ports, post, held, (each) =>
    each === found ? verdictPatch(each, verdict, now) : unchanged(each),
  );
  if (!found)
    throw usageError(
      'ACTION_STALE',
      `That delivery of #${post.id} is settled already.`,
      `Use /show post:#${post.id}.`,
    );
  ports.wakeDispatcher();
  return { ...(await viewPost(ports, post)), applied: [found], tooLate: [] };
}

function verdictPatch(delivery: Delivery, verdict: Verdict, now: Date): DeliveryPatch {
  if (verdict.is === 'look again') return { looks: 0, nextAttemptAt: now };
  if (verdict.is === 'not there') {
    return {
      state: 'scheduled',
      attempts: endAttempt(delivery.attempts, 'absent', now),
      looks: 0,
      failures: 0,
      confirmedAt: now,
      nextAttemptAt: now,
      error: null,
    };
  }
  const remoteId = new URL(verdict.url).pathname.split('/').filter(Boolean).at(-1) ?? verdict.url;
  return {
    state: 'published',
    attempts: endAttempt(delivery.attempts, 'accepted', now, { remoteId }),
    remoteId,
    remoteUrl: verdict.url,
    settledAt: now,
    nextAttemptAt: null,
    error: null,
  };
}

/** Confirms a draft for every target, or for those only that have no blocking issue. */
export async function confirm(
  ports: ChangePorts,
  draft: Post,
  which: 'all' | 'those that can',
): Promise<Composed> {
  if (which === 'all') return confirmDraft(ports, draft);
  const accounts: readonly Account[] = await ports.accounts.findMany(draft.targets);
  const blocked = new Set(
    blocking(checkPost(draft, accounts, ports.publisherFor)).map(({ account }) => account.id),
  );
  return confirmDraft(
    ports,
    draft,
    draft.targets.filter((id) => !blocked.has(id)),
  );
}
