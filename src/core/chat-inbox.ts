/**
 * What a chat handed over and what still has to come of it, kept in the database so that a restart between arrival and
 * work loses nothing, and the same input delivered twice is worked on once. Payloads are opaque strings of the front-end.
 */

/** One input as it arrives. */
export interface NewInput {
  readonly id: string;
  readonly payload: string;
  /** It is begun with its arrival: as if `begin` followed at once, which spares a write. */
  readonly begun?: boolean;
}

/** One input as it was kept. */
export interface KeptInput {
  readonly id: string;
  readonly payload: string;
  /** How often it was begun and never finished. After such a try it is unknown whether it had its effect. */
  readonly tries: number;
}

/**
 * The durable queue between a chat and the work on what it brought. Ids are `SOURCE:NUMBER`, unique for ever within a
 * source. Everything is on disk when a promise resolves; a failing database rejects, and the front-end must not
 * acknowledge what it could not keep.
 */
export interface ChatInbox {
  /**
   * Keeps those that were never seen; answers the ids that are new, or that nobody has begun. That is more than the new
   * ones on purpose: when keeping failed half-way and is repeated, what was kept the first time still waits for somebody to
   * begin it. What was begun with its arrival is not answered a second time: after a failure the caller has to remember it.
   */
  keep(inputs: readonly NewInput[], at: Date): Promise<ReadonlySet<string>>;
  /** Claims inputs that belong together by the first of them: true for exactly one caller. */
  begin(ids: readonly string[]): Promise<boolean>;
  /** The work is over. The ids stay known, the payloads are forgotten. */
  finish(ids: readonly string[]): Promise<void>;
  /** What an earlier run kept from this source and never finished, in no particular order; it can be begun again. */
  reopen(source: string): Promise<readonly KeptInput[]>;
  /** Puts a note aside until it is taken or expires; a note of the same key is replaced. */
  remember(key: string, payload: string, expiresAt: Date): Promise<void>;
  /** Reads a note without taking it. */
  recall(key: string, now: Date): Promise<string | undefined>;
  /** Takes a note: of several callers exactly one gets it. */
  take(key: string, now: Date): Promise<string | undefined>;
  /** Drops the ids of finished inputs that were kept before `keptBefore`, and the notes that have expired by `now`. */
  forget(keptBefore: Date, now: Date): Promise<void>;
}
