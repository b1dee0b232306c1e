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
  /**
   * Asks again for a card that was asked for before. False when it never was: nothing is asked. True can also mean that
   * another card was asked for again at the same moment.
   */
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
