/** What a person wants to be different about a post, and the post as it then is. */
import type { Account, MediaItem, Post, Priority, Words } from '../words.ts';

export interface EditRequest {
  /** Only for these accounts or this network; absent: the common words. */
  readonly only?: { readonly key: string };
  readonly words: Partial<Words>;
  /** What is taken away again; a variant then says what the common words say. */
  readonly without?: readonly (keyof Words)[];
  readonly media?: readonly MediaItem[];
  /** All accounts that it is to go to from now on. */
  readonly targets?: readonly Account[];
  /** Another moment. */
  readonly at?: Date;
  readonly priority?: Priority;
  /** `null`: it does not expire any more. */
  readonly expiresAt?: Date | null;
}

/** The post with the change in it. Pure. */
export function edited(current: Post, request: EditRequest): Post {
  const post = request.targets ? withTargets(current, request.targets) : current;
  const { only, words, without = [], media = post.media, priority = post.priority } = request;
  const { expiresAt: expiry, ...others } = post;
  const expiresAt = request.expiresAt === undefined ? expiry : request.expiresAt;
  const next = {
    ...{ ...others, media, priority },
    ...(request.at ? { dueAt: request.at, immediate: false } : {}),
    ...(expiresAt ? { expiresAt } : {}),
  };
  if (!only) {
    const { text = '', ...beside } = { ...withoutFields(post.words, without), ...words };
    return { ...next, words: { text, ...withoutEmpty(beside) } };
  }
  const { [only.key]: before = {}, ...variants } = post.variants;
  const own = withoutEmpty({ ...withoutFields(before, without), ...words });
  return { ...next, variants: Object.keys(own).length === 0 ? variants : { ...variants, [only.key]: own } };
}

/** Words of their own go with the accounts that they were for. */
function withTargets(post: Post, accounts: readonly Account[]): Post {
  const keys = new Set(accounts.flatMap(({ id, network }) => [id, network]));
  const variants = Object.fromEntries(Object.entries(post.variants).filter(([key]) => keys.has(key)));
  return { ...post, variants, targets: accounts.map(({ id }) => id) };
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
