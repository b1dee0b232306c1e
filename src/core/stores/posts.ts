import type { MessageReference, Post, PostStanding } from '../words.ts';

/** What `/queue` asks for. */
export interface PostQuery {
  readonly standings: readonly PostStanding[];
  readonly accountIds?: readonly string[];
  /** `due`: earliest due first. `newest`: latest due first. */
  readonly order: 'due' | 'newest';
  readonly skip: number;
  readonly limit: number;
}

/** A person's change of a post. `null` removes a field. */
export type PostPatch = Partial<
  Omit<Post, 'id' | 'workspaceId' | 'revision' | 'rollUps' | 'expiresAt' | 'card'>
> & {
  readonly expiresAt?: Date | null;
  readonly card?: MessageReference | null;
};

export interface PostStore {
  /** `id taken`: choose another; `known`: the same message made this post already. */
  insert(post: Post): Promise<'inserted' | 'id taken' | 'known'>;
  findByOrigin(workspaceId: string, originKey: string): Promise<Post | undefined>;
  find(workspaceId: string, id: string): Promise<Post | undefined>;
  /** The dispatcher's look-up by ids alone. */
  findMany(ids: readonly string[]): Promise<readonly Post[]>;
  list(workspaceId: string, query: PostQuery): Promise<{ posts: readonly Post[]; total: number }>;
  /** Posts whose id begins so, in either case; latest due first, for completion. */
  idsLike(
    workspaceId: string,
    prefix: string,
    standings: readonly PostStanding[],
    limit: number,
  ): Promise<readonly Post[]>;
  /** Applies a person's change when nobody changed the post since `revision`; the new post, or undefined when somebody did. */
  change(workspaceId: string, id: string, revision: number, patch: PostPatch): Promise<Post | undefined>;
  /**
   * Writes the derived standings of posts, of each only when no other roll-up came between. False when one did for some of
   * them; which ones is not told, and to roll up all of them again does no harm.
   */
  rollUp(
    rolled: readonly { readonly id: string; readonly rollUps: number; readonly standing: PostStanding }[],
    at: Date,
  ): Promise<boolean>;
  /** By the id alone: who wrote the message knows no workspace. */
  setCard(id: string, card: MessageReference): Promise<void>;
  /**
   * Posts of the workspace that say the same words (whole text or a variant; white space and case do not count) to one of
   * these accounts and are due from `from` to `to`, for the duplicate warning. Drafts and cancelled ones do not count.
   */
  sameWords(
    workspaceId: string,
    words: string,
    accountIds: readonly string[],
    from: Date,
    to: Date,
  ): Promise<readonly Post[]>;
  /** Posts whose standing is waiting or working, for the sweep; oldest due first. */
  openDueBefore(instant: Date, limit: number): Promise<readonly Post[]>;
  /** Posts that are done or cancelled and were not changed since `instant`, for retention; those that rest longest first. */
  finishedBefore(instant: Date, limit: number): Promise<readonly Post[]>;
  /** Removes those of `ids` that are finished still and were not changed since `instant`; how many there were. */
  removeFinished(ids: readonly string[], instant: Date): Promise<number>;
  /** One post of the workspace that has this medium, or a copy of one that was converted, whatever its standing. */
  withMedium(workspaceId: string, sha256: string): Promise<Post | undefined>;
  /** Rewrites the route of cards and origins when a chat gets a new id. */
  renameConversation(frontend: string, oldId: string, newId: string): Promise<void>;
  remove(workspaceId: string, id: string): Promise<void>;
}
