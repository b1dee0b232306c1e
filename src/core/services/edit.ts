/** Other words or media for a post that is not out yet. */

import { PRIORITY } from '../delivery/sweep.ts';
import { usageError } from '../errors.ts';
import type { MediaItem, Post, Priority, Words } from '../words.ts';
import { type AccountIssues, blocking, checkPost } from './check.ts';
import type { ConversionStanding } from './conversions.ts';
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
import { viewPost } from './post-view.ts';
import { twinsOf } from './twins.ts';

export interface EditRequest {
  /** Only for these accounts or this network; absent: the common words. */
  readonly only?: { readonly key: string };
  readonly words: Partial<Words>;
  /** What is taken away again; a variant then says what the common words say. */
  readonly without?: readonly (keyof Words)[];
  readonly media?: readonly MediaItem[];
  readonly priority?: Priority;
  /** `null`: it does not expire any more. */
  readonly expiresAt?: Date | null;
}

export interface Edited extends Changed {
  readonly issues: readonly AccountIssues[];
  /** Other posts with the same words for one of the same accounts within a day. */
  readonly twins: readonly Post[];
  /** Of a draft: whether its videos can be converted. */
  readonly conversion?: ConversionStanding;
}

/** Applies the change. Errors: POST_EMPTY, EXPIRY_TOO_EARLY, POST_CHANGED and those of a hold. With `issues` that block, nothing was changed. */
export async function editPost(ports: ChangePorts, post: Post, request: EditRequest): Promise<Edited> {
  const next = edited(post, request);
  if (!next.words.text.trim() && next.media.length === 0 && !next.words.link) {
    throw usageError(
      'POST_EMPTY',
      'Nothing would be left of the post.',
      'Give it words or a picture, or use /cancel.',
    );
  }
  refuseEarlyExpiry(next, ports.clock.now());
  const accounts = await ports.accounts.findMany(post.targets);
  const patch = {
    words: next.words,
    variants: next.variants,
    media: next.media,
    priority: next.priority,
    ...(request.expiresAt === undefined ? {} : { expiresAt: request.expiresAt }),
    updatedAt: ports.clock.now(),
  };
  if (post.standing === 'draft') {
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
  // Before anything is held: a network may be asked for its boards.
  const found = await checkPost(ports, next, accounts, post);
  const held = await hold(ports, post);
  let changed: Post | undefined;
  try {
    refuseWhenNothingIsLeft(post, held);
    const open = accounts.filter(({ id }) => held.taken.some((each) => each.accountId === id));
    const issues = found.filter(({ account }) => open.includes(account));
    const refused = async (why: readonly AccountIssues[]): Promise<Edited> => ({
      ...(await viewPost(ports, post)),
      applied: [],
      tooLate: [],
      issues: why,
      twins: [],
    });
    if (blocking(issues).length > 0) return await refused(issues);
    const change = () => ports.posts.change(post.workspaceId, post.id, post.revision, patch);
    const outcome = await planWithRoom(ports, next, open, change, post);
    if ('full' in outcome) return await refused(outcome.full);
    changed = outcome.planned;
    if (!changed) throw changedMeanwhile(post.id);
    const twins = changed.words.text === post.words.text ? [] : await twinsOf(ports, changed);
    return { ...(await viewPost(ports, changed)), applied: held.taken, tooLate: held.busy, issues, twins };
  } finally {
    // The alarm keeps the priority that it was set with: it wakes the dispatcher, which goes by the deliveries.
    const priority = PRIORITY[(changed ?? post).priority];
    await release(ports, post, held, (each) => ({ ...unchanged(each), priority }));
  }
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

function edited(post: Post, request: EditRequest): Post {
  const { only, words, without = [], media = post.media, priority = post.priority } = request;
  const { expiresAt: expiry, ...others } = post;
  const expiresAt = request.expiresAt === undefined ? expiry : request.expiresAt;
  const next = { ...others, media, priority, ...(expiresAt ? { expiresAt } : {}) };
  if (!only) {
    const { text = '', ...beside } = { ...withoutFields(post.words, without), ...words };
    return { ...next, words: { text, ...withoutEmpty(beside) } };
  }
  const { [only.key]: before = {}, ...variants } = post.variants;
  const own = withoutEmpty({ ...withoutFields(before, without), ...words });
  return { ...next, variants: Object.keys(own).length === 0 ? variants : { ...variants, [only.key]: own } };
}

function withoutFields(words: Partial<Words>, names: readonly (keyof Words)[]): Partial<Words> {
  return Object.fromEntries(Object.entries(words).filter(([name]) => !names.some((each) => each === name)));
}

/** An empty value takes away what was there; a variant without a text of its own says the common words again. */
export function withoutEmpty(words: Partial<Words>): Partial<Words> {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}
