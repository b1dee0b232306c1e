/**
 * Ports of the database. Every query names the workspace, except the dispatcher's, which works for all of them.
 * Conflicts (a duplicate id) are answered by value, not by exception.
 */
import type { BudgetStore } from './budget.ts';
import type { MediaIndex } from './media.ts';
import type { Span } from './quota.ts';
import type {
  Account,
  AccountHealth,
  Attempt,
  Checkpoint,
  Delivery,
  DeliveryState,
  Identity,
  Lease,
  MessageReference,
  Person,
  Post,
  PostStanding,
  PublishedPart,
  RecordedError,
  Role,
  Workspace,
} from './words.ts';

export interface WorkspaceStore {
  /** The first workspace, made when there is none (races between processes end with one). */
  ensureFirst(make: () => Workspace): Promise<Workspace>;
  find(id: string): Promise<Workspace | undefined>;
  /** The workspace that one of these conversation keys (`frontend:id`) belongs to. */
  ofConversation(keys: readonly string[]): Promise<Workspace | undefined>;
  /** A conversation belongs to one workspace: it leaves the one that it was in. */
  attachConversation(id: string, key: string): Promise<void>;
  /** Rewrites a key when a chat gets a new id. */
  renameConversation(oldKey: string, newKey: string): Promise<void>;
  change(
    id: string,
    patch: Partial<Pick<Workspace, 'name' | 'timeZone' | 'locale' | 'defaultTargets'>>,
  ): Promise<Workspace | undefined>;
  /** Removes the claim code, once: true for the caller that removed this very code. */
  spendClaimCode(id: string, code: string): Promise<boolean>;
  setClaimCode(id: string, code: string): Promise<void>;
}

export interface PeopleStore {
  /** The memberships of an identity, oldest first. */
  find(identity: Identity): Promise<readonly Person[]>;
  findIn(workspaceId: string, identity: Identity): Promise<Person | undefined>;
  list(workspaceId: string): Promise<readonly Person[]>;
  /** Adds somebody, or rewrites name and role of one who is there; takes ownership from nobody (`changeRole` does). */
  put(person: Person): Promise<void>;
  /** Changes the role, or removes with null, only while at least one owner stays. */
  changeRole(
    workspaceId: string,
    identity: Identity,
    role: Role | null,
  ): Promise<'done' | 'unknown' | 'last owner'>;
}

export interface AccountStore {
  list(workspaceId: string): Promise<readonly Account[]>;
  find(workspaceId: string, id: string): Promise<Account | undefined>;
  findMany(ids: readonly string[]): Promise<readonly Account[]>;
  /** Inserts or updates by (workspace, network, mode, remote id or handle); keeps health and hold of a known one. */
  upsert(account: Account): Promise<Account>;
  /** Marks accounts inactive whose id is not among these. */
  retireOthers(workspaceId: string, keep: readonly string[]): Promise<void>;
  setHealth(id: string, health: AccountHealth, message?: string): Promise<void>;
  /** A hold is never shortened: of two instants the later one counts. */
  hold(id: string, until: Date, reason: string): Promise<void>;
  /** One worker per account: leases those of `ids` that are free, prolongs those that are ours; answers the ids that are now ours. */
  acquire(ids: readonly string[], token: string, now: Date, until: Date): Promise<ReadonlySet<string>>;
  release(ids: readonly string[], token: string): Promise<void>;
  /** Ends every lease at once; only for a process that knows that it is alone (the embedded database). */
  breakLeases(): Promise<void>;
}

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

/** A change of a delivery under its lease. `null` removes a field. */
export interface DeliveryPatch {
  readonly state?: DeliveryState;
  readonly dueAt?: Date;
  readonly nextAttemptAt?: Date | null;
  readonly confirmedAt?: Date;
  readonly priority?: number;
  readonly failures?: number;
  readonly looks?: number;
  readonly checkpoint?: Checkpoint | null;
  readonly preparingSince?: Date | null;
  readonly attempts?: readonly Attempt[];
  readonly parts?: readonly PublishedPart[];
  readonly remoteId?: string;
  readonly remoteUrl?: string;
  readonly remark?: string | null;
  readonly error?: RecordedError | null;
  readonly progress?: string | null;
  readonly settledAt?: Date | null;
  /** Gives the lease back together with the change. */
  readonly release?: boolean;
}

/** What takes room in a network's allowance: a post of an account, and when it went out or is to go out. */
export interface GoingOut {
  readonly postId: string;
  readonly at: Date;
}

/** What the choice among due deliveries needs to know of one. */
export type DueDelivery = Pick<Delivery, 'id' | 'accountId'>;

export interface DeliveryStore {
  /** Inserts those that do not exist yet (the id is post and account). */
  insert(deliveries: readonly Delivery[]): Promise<void>;
  ofPost(workspaceId: string, postId: string): Promise<readonly Delivery[]>;
  ofPosts(workspaceId: string, postIds: readonly string[]): Promise<readonly Delivery[]>;
  /** The roll-up's look-up by ids alone. */
  ofManyPosts(postIds: readonly string[]): Promise<readonly Delivery[]>;
  /** Up to `limit` deliveries whose `nextAttemptAt` has come, highest priority first, then earliest due. Takes none. */
  findDue(
    now: Date,
    options: { limit: number; exceptAccounts: readonly string[] },
  ): Promise<readonly DueDelivery[]>;
  /**
   * Leases those of `ids` that are due still, and answers them, most urgent first. A lease moves `nextAttemptAt` to its own
   * end, so that the work of a dead process comes up by itself. Two workers never get the same one; a token is for one claim.
   */
  claim(ids: readonly string[], now: Date, lease: Lease): Promise<readonly Delivery[]>;
  /**
   * Leases those deliveries of one post that nobody works on, for a person's change: scheduled, overdue, awaiting approval
   * and failed ones, or those in `states`. Leased ones and those that are under way at the network are `busy`; settled ones
   * are neither. The lease never brings a delivery forward; `taken` shows `nextAttemptAt` as it was before, to put back.
   */
  takeForChange(
    workspaceId: string,
    postId: string,
    now: Date,
    lease: { token: string; until: Date; states?: readonly DeliveryState[] },
  ): Promise<{ taken: readonly Delivery[]; busy: readonly Delivery[] }>;
  /** Prolongs leases; answers the ids that are still ours. */
  renew(ids: readonly string[], token: string, until: Date): Promise<ReadonlySet<string>>;
  /**
   * Writes under the lease; false when the lease is somebody else's by now. Concurrent writes share one round trip; writes
   * of one delivery keep their order. `nextAttemptAt` may change only together with `release`, since until then it is the
   * lease's end; a release that does not name it leaves it there. The last 20 attempts are kept.
   */
  write(id: string, token: string, patch: DeliveryPatch, at: Date): Promise<boolean>;
  /** Gives back leases without other change: those deliveries are due again at the instant given. */
  giveBack(ids: readonly string[], token: string, nextAttemptAt: Date): Promise<void>;
  /** When the next delivery wants attention; of those only that do so after an instant, when one is given. */
  nextDue(after?: Date): Promise<Date | undefined>;
  /** Moves what is due earlier on a held account to `until`; what is leased is left to its worker. */
  postpone(accountId: string, until: Date): Promise<void>;
  /** Unleased open deliveries of an account lose their next attempt, and are told why; `unpark` gives them one again. */
  park(accountId: string, error: RecordedError): Promise<number>;
  unpark(workspaceId: string, accountId: string, nextAttemptAt: Date): Promise<number>;
  /**
   * Ends the leases of deliveries that have a next attempt, which comes now; only for a process that knows that it is alone
   * (the embedded database). A person's lease of one that waits for a decision ends by itself within seconds.
   */
  breakLeases(now: Date): Promise<void>;
  countOverdue(before: Date): Promise<number>;
  /**
   * What of an account went out from `from` to before `to`, or is to go out then; earliest first, up to `limit`. What waits for
   * a person's decision has no instant and is left out.
   */
  goingOut(accountId: string, span: Span, limit: number): Promise<readonly GoingOut[]>;
  countGoingOut(accountId: string, span: Span): Promise<number>;
  /** Whether something of the network belongs to a delivery of this account other than the one that asks. */
  isTaken(accountId: string, remoteId: string, besides: string): Promise<boolean>;
  /**
   * Removes the settled deliveries of these posts that were not changed since `instant` and that nobody holds at `now`; how
   * many there were.
   */
  removeSettled(postIds: readonly string[], instant: Date, now: Date): Promise<number>;
}

/** One thing to tell in a chat, told once. */
export interface Notice {
  /** Deterministic, so that telling twice is impossible: `POST.card` or `POST.outcome.DIGEST`. */
  readonly id: string;
  readonly workspaceId: string;
  readonly postId: string;
  readonly kind: 'card' | 'outcome' | 'question';
  readonly frontend: string;
  readonly state: 'pending' | 'told' | 'dead';
  /** Counts requests for a card; a card that changed while it was drawn is drawn again. */
  readonly version: number;
  readonly failures: number;
  readonly nextAttemptAt?: Date;
  readonly lease?: { readonly token: string; readonly until: Date };
  /** What is told: the reason for telling (shown from the post's state at that moment). */
  readonly createdAt: Date;
}

/** What is to be told, without how the telling goes. */
export type NoticeRequest = Pick<Notice, 'id' | 'workspaceId' | 'postId' | 'kind' | 'frontend'>;

export interface NoticeStore {
  /** A card is asked for again (version + 1); an outcome that exists already is left alone. */
  request(notice: NoticeRequest, at: Date): Promise<void>;
  requestMany(notices: readonly NoticeRequest[], at: Date): Promise<void>;
  /** Asks again for a card that was asked for before; false when it never was, and nothing is asked. */
  repeat(id: string, at: Date): Promise<boolean>;
  claim(
    now: Date,
    frontends: readonly string[],
    lease: { token: string; until: Date },
    limit: number,
  ): Promise<readonly Notice[]>;
  /** Ends one under its lease; a card whose version grew meanwhile stays pending. */
  finish(id: string, token: string, version: number, state: 'told' | 'dead', at: Date): Promise<void>;
  retryAt(id: string, token: string, failures: number, nextAttemptAt: Date): Promise<void>;
  nextDue(frontends: readonly string[]): Promise<Date | undefined>;
  /** Removes every notice about these posts, told or not; how many there were. */
  removeOfPosts(postIds: readonly string[]): Promise<number>;
  /** Ends every lease of these front-ends: what was being told is due now. Only for a process that knows that it is alone. */
  breakLeases(now: Date, frontends: readonly string[]): Promise<void>;
}

/** All stores of one database. */
export interface Stores {
  readonly workspaces: WorkspaceStore;
  readonly people: PeopleStore;
  readonly accounts: AccountStore;
  readonly posts: PostStore;
  readonly deliveries: DeliveryStore;
  readonly notices: NoticeStore;
  readonly media: MediaIndex;
  readonly budgets: BudgetStore;
}
