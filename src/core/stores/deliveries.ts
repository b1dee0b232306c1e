import type { Span } from '../quota.ts';
import type {
  Attempt,
  Checkpoint,
  Delivery,
  DeliveryState,
  Lease,
  PublishedPart,
  RecordedError,
} from '../words.ts';

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
