/**
 * The contract of a network. Its abilities are data (capabilities.ts); an ability that it lacks is absent from the object,
 * not a stub that throws. One suite (test/contract/publisher.ts) runs for every implementation.
 */
import type { Board } from './boards.ts';
import type { Capabilities } from './capabilities.ts';
import type { Clock, Random } from './clock.ts';
import type { Insights, InsightsContext } from './insights.ts';
import type { Issue } from './issue.ts';
import type { Logger } from './log.ts';
import type { Pieces } from './pieces.ts';
import type {
  Account,
  Checkpoint,
  Intent,
  MediaFacts,
  MediaItem,
  PublishedPart,
  RecordedError,
  Words,
} from './words.ts';

/** What one account is to say: the post's words with its variants applied. */
export interface Content extends Words {
  readonly media: readonly MediaItem[];
}

/** A medium made fit for the network, ready to be sent. */
export interface PreparedMedia extends MediaFacts {
  /** The bytes' own hash: where a network fetches by itself, its link is made from this. */
  readonly sha256: string;
  readonly name: string;
  readonly alt?: string;
  /** The bytes from `start` (included) to `end` (excluded), anew at each call. */
  open(range?: { start: number; end: number }): Pieces;
}

export interface PreparedContent extends Words {
  readonly media: readonly PreparedMedia[];
}

export interface PublishContext {
  readonly account: Account;
  readonly deliveryId: string;
  readonly postId: string;
  readonly content: PreparedContent;
  readonly checkpoint?: Checkpoint;
  /** The parts of a thread that stand already, first first; absent: none. */
  readonly parts?: readonly PublishedPart[];
  /**
   * The fence: awaited immediately before the one call that can create something. It stores the attempt as `sending`
   * and throws LEASE_LOST when the work belongs to somebody else by now. At most once per `publish`.
   */
  creating(intent: Intent): Promise<void>;
  /** Words for the card about what is going on ("uploading video, 40 %"); cheap, may be called often. */
  progress(words: string): void;
  /** Whether what stands at the network under this id belongs to another delivery, which said the same. Absent: unknown. */
  isTaken?(remoteId: string): Promise<boolean>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** It is there. */
export interface Published {
  readonly state: 'published';
  readonly id: string;
  readonly url?: string;
  /** What did not come out as meant although the post is there, and what a person does about it; a whole sentence. */
  readonly remark?: string;
}

export type PublishOutcome =
  | Published
  /** One part of a thread stands, and others are to follow; come back for the next. The last one is `published`. */
  | (Omit<Published, 'state'> & { readonly state: 'part' })
  /** One step is done; come back with this checkpoint. `id` is given once the creating call was accepted. */
  | {
      readonly state: 'pending';
      readonly checkpoint: Checkpoint;
      readonly lookAgainAt: Date;
      readonly id?: string;
    };

export interface ReconcileContext {
  readonly account: Account;
  readonly deliveryId: string;
  readonly postId: string;
  /** What was about to be created, and when. */
  readonly intent: Intent;
  readonly sentAt: Date;
  /** The error that made the outcome uncertain, when it is known; absent after a crash. */
  readonly because?: RecordedError;
  /** When the delivery's very first creating call left; a refused duplicate may be what that one created. */
  readonly firstSentAt?: Date;
  readonly checkpoint?: Checkpoint;
  /** The parts of a thread that stand already; the one that is looked for answers the last of them. */
  readonly parts?: readonly PublishedPart[];
  /** Whether what stands at the network under this id belongs to another delivery, which said the same. Absent: unknown. */
  isTaken?(remoteId: string): Promise<boolean>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export type ReconcileOutcome =
  | Published
  | { readonly state: 'processing'; readonly lookAgainAt: Date }
  /** Proven: nothing was created, so it may be sent. */
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly lookAgainAt: Date };

export interface LocateContext {
  readonly account: Account;
  /** As a person copied it. */
  readonly url: URL;
  /** When it was sent; nothing older is meant. */
  readonly sentAt: Date;
  readonly signal: AbortSignal;
}

/** `no address`: nothing that is published there has such an address. `not found`: it may, and what stands at it was not found. */
export type Located = { readonly id: string } | 'no address' | 'not found';

/** Whose credentials these are. */
export interface Identification {
  readonly remoteId: string;
  readonly handle: string;
  readonly name: string;
  readonly profileUrl?: string;
}

export interface Publisher {
  readonly network: string;
  /** The network's name for people. */
  readonly label: string;
  readonly capabilities: Capabilities;
  /** Pure and offline: every broken rule of this content, most important first. */
  validate(content: Content): readonly Issue[];
  /**
   * Takes the next step from the last checkpoint. Never repeats a creation by itself. Throws CarillonErrors only;
   * OutcomeUnknown when a creating call left and its fate is not known.
   */
  publish(context: PublishContext): Promise<PublishOutcome>;
  /**
   * Read-only. Answers `absent` only when that is proven. Throws ContentRejected when the network refused the words as a
   * duplicate (`because`) of something that this delivery did not create.
   */
  reconcile(context: ReconcileContext): Promise<ReconcileOutcome>;
  /** The id of what stands at an address that a person gave. Read-only. Absent: addresses say nothing there. */
  locate?(context: LocateContext): Promise<Located>;
  /** Takes a published thing away; already gone is success. Absent where the network cannot. */
  remove?(context: { account: Account; id: string; signal: AbortSignal }): Promise<void>;
  /** The boards of an account by name, as they are now. Absent where the network has none. */
  boards?(context: { account: Account; signal: AbortSignal }): Promise<readonly Board[]>;
  /** How a published thing was received, as the network tells it just now. Absent where the network counts nothing. */
  insights?(context: InsightsContext): Promise<Insights>;
  /** What the configuration calls the profiles that these credentials publish to; absent: they belong to one alone. */
  readonly profiles?: readonly string[];
  /** Throws AuthRevoked and the like when the credentials do not work. @param profile one of `profiles`; left out: the first */
  identify(signal: AbortSignal, profile?: string): Promise<Identification>;
}
