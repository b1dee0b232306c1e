/** One post to one account: its state, its tries, and what is known of the thing at the network. */
import type { PostFormat } from './post.ts';

export type DeliveryState =
  | 'scheduled'
  | 'publishing'
  | 'processing'
  | 'published'
  | 'failed'
  | 'uncertain'
  | 'awaiting_approval'
  | 'cancelled'
  | 'expired'
  | 'overdue'
  | 'removing'
  | 'removed';

/** The small JSON that a publisher needs to go on. */
export type Checkpoint = Readonly<Record<string, unknown>>;

/** What was about to be created, in the words that will be looked for when the answer is lost. */
export interface Intent {
  readonly text: string;
  readonly link?: string;
  readonly mediaCount: number;
  /** Where the network has several: they are looked for in different places. */
  readonly format?: PostFormat;
  /** Which part of a thread it is, from 1; absent: the whole post. */
  readonly part?: { readonly number: number; readonly of: number };
}

/** A part of a thread that stands at the network. */
export interface PublishedPart {
  readonly id: string;
  readonly url?: string;
  /** What it says: the next part goes on behind it. */
  readonly text: string;
}

/** An error as it is kept with a delivery and shown to people; never holds a secret. */
export interface RecordedError {
  readonly code: string;
  readonly kind: string;
  readonly message: string;
  readonly hint: string;
}

/** One recorded try. `sending` is written before the creating call; a journal entry left in it means: outcome unknown. */
export interface Attempt {
  readonly id: string;
  readonly startedAt: Date;
  readonly endedAt?: Date;
  readonly outcome: 'sending' | 'accepted' | 'rejected' | 'failed' | 'unknown' | 'absent' | 'removed';
  readonly intent?: Intent;
  readonly remoteId?: string;
  readonly error?: RecordedError;
}

export interface Lease {
  readonly token: string;
  readonly until: Date;
}

/** One post to one account. */
export interface Delivery {
  /** `POST.ACCOUNT`: a post has at most one delivery to an account. */
  readonly id: string;
  readonly workspaceId: string;
  readonly postId: string;
  readonly accountId: string;
  readonly network: string;
  readonly state: DeliveryState;
  readonly dueAt: Date;
  /** When the dispatcher looks at it next; absent when nothing is to be done. Leased: the lease's end. */
  readonly nextAttemptAt?: Date;
  /** 0 low, 1 normal, 2 high. */
  readonly priority: number;
  /** When a person last said that it shall go out (a retry, an overdue post): lateness counts from here. */
  readonly confirmedAt?: Date;
  readonly lease?: Lease;
  /** Tries that failed for a transient reason since a person last touched it. */
  readonly failures: number;
  /** Times that reconcile could not tell. */
  readonly looks: number;
  readonly checkpoint?: Checkpoint;
  /** When the steps before the creating call began; absent before the first one and after the call. */
  readonly preparingSince?: Date;
  readonly attempts: readonly Attempt[];
  /** The parts of a thread that stand at the network, first first; `remoteId` is the first of them. */
  readonly parts?: readonly PublishedPart[];
  readonly remoteId?: string;
  readonly remoteUrl?: string;
  /** What did not come out as meant although it is published, and what a person does about it. */
  readonly remark?: string;
  /** Why it failed or waits; on a published one, why it could not be removed. */
  readonly error?: RecordedError;
  /** What is going on right now, in words ("uploading 40 %"). */
  readonly progress?: string;
  readonly settledAt?: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
