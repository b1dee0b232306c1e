/** Other words or media for a post that is not out yet. */
import { usageError } from '../errors.ts';
import type { MediaItem, Post, Words } from '../words.ts';
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
  readonly media?: readonly MediaItem[];
}

export interface Edited extends Changed {
  readonly issues: readonly AccountIssues[];
  /** Other posts with the same words for one of the same accounts within a day. */
  readonly twins: readonly Post[];
  /** Of a draft: whether its videos can be converted. */
  readonly conversion?: ConversionStanding;
}

/** Applies new words. With `issues` that block, nothing was changed. */
export async function editPost(ports: ChangePorts, post: Post, request: EditRequest): Promise<Edited> {
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
    await release(ports, post, held, (each) => unchanged(each));
  }
}

function edited(post: Post, { only, words, media }: EditRequest): Post {
  const next = { ...post, media: media ?? post.media };
  if (!only) {
    const { text, ...others } = { ...post.words, ...words };
    return { ...next, words: { text, ...withoutEmpty(others) } };
  }
  const { [only.key]: before, ...variants } = post.variants;
  const own = withoutEmpty({ ...before, ...words });
  return { ...next, variants: Object.keys(own).length === 0 ? variants : { ...variants, [only.key]: own } };
}

/** An empty value takes away what was there; a variant without a text of its own says the common words again. */
export function withoutEmpty(words: Partial<Words>): Partial<Words> {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}
