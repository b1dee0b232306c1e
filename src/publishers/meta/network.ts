/** What the two networks of Meta differ in where they share the rest: names for people, and their tables of errors. */

/** What a code means, before it is known in which step it came. */
export type Meaning =
  /** Meta's own trouble; the same call may succeed later. */
  | 'transient'
  | 'rate limit'
  /** An allowance of posts a day is spent. */
  | 'quota'
  /** A token that ended by its age. */
  | 'expired token'
  | 'token'
  | 'permission'
  /** Meta stopped the account for spam or for breaking its policies. */
  | 'blocked'
  | 'duplicate'
  | 'content'
  | 'media'
  /** Meta could not fetch a file from the address that it was given. */
  | 'unreachable media'
  /** What was prepared is of no use any more; it has to be prepared anew. Nothing was published. */
  | 'prepare anew'
  /** What was prepared is still being worked on. Nothing was published. */
  | 'not ready'
  /** There is no such object, or the token may not see it. */
  | 'gone';

/** One row of a table of errors. A subcode is looked up first: it may mean something else than its code alone. */
export interface ErrorRow {
  /** Absent: the subcode decides alone. Two numbers: from, to. */
  readonly code?: number | readonly [number, number];
  readonly subcode?: number;
  readonly means: Meaning;
  /** What a person does about this one; absent: what is done about the meaning. */
  readonly hint?: string;
}

export interface MetaNetwork {
  readonly network: string;
  readonly label: string;
  /** Where a person looks when in doubt. */
  readonly site: string;
  readonly variables: { readonly id: string; readonly token: string; readonly address: string };
  /** The rights that the token needs, as Meta names them. */
  readonly rights: string;
  /** Rows that stand before the common ones. */
  readonly errors: readonly ErrorRow[];
}
