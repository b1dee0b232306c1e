/**
 * The contract of a network. The abilities of a network are data; an ability that a network lacks is absent from the
 * object, not a stub that throws. One suite (test/contract/publisher.ts) runs for every implementation.
 */
import type { Readable } from 'node:stream';
import type { Board } from './boards.ts';
import type { Clock, Random } from './clock.ts';
import type { Insights, InsightsContext } from './insights.ts';
import type { Logger } from './log.ts';
import type { Quota } from './quota.ts';
import type { Stretch } from './split-text.ts';
import type {
  Account,
  Checkpoint,
  Intent,
  MediaFacts,
  MediaItem,
  PostFormat,
  PublishedPart,
  RecordedError,
  ReplyAudience,
  Words,
} from './words.ts';

export interface ImageRule {
  /** MIME types that the network takes as they are; a picture of another kind is converted to the first of them. */
  readonly formats: readonly ('image/jpeg' | 'image/png' | 'image/webp' | 'image/gif')[];
  readonly maxBytes: number;
  readonly minWidth: number;
  readonly maxWidth: number;
  readonly maxHeight: number;
  /** Smallest and largest width divided by height; absent: every shape. */
  readonly shape?: { readonly min: number; readonly max: number };
}

export interface GifRule {
  readonly maxBytes: number;
  readonly maxWidth: number;
  readonly maxHeight: number;
  readonly maxFrames: number;
}

export interface VideoRule {
  readonly containers: readonly ('mp4' | 'mov' | 'm4v' | 'webm')[];
  /** In the words of MediaFacts.videoCodec, such as `h264`. */
  readonly codecs: readonly string[];
  /** In the words of MediaFacts.audioCodec; absent: every one. A video without sound is always taken. */
  readonly audioCodecs?: readonly string[];
  /** In the words of MediaFacts.chroma; absent: every one. */
  readonly chroma?: readonly string[];
  readonly maxBytes: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly minWidth?: number;
  readonly minHeight?: number;
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  readonly shape?: { readonly min: number; readonly max: number };
  readonly minFramesPerSecond?: number;
  readonly maxFramesPerSecond?: number;
  /** Bits per second of the whole file. */
  readonly maxBitRate?: number;
  /** True when the index of an MP4 or MOV must stand before the picture data. */
  readonly fastStart?: boolean;
}

export interface PollRule {
  readonly minOptions: number;
  readonly maxOptions: number;
  /** Code points of one option, at most. */
  readonly optionLimit: number;
  readonly minMinutes: number;
  readonly maxMinutes: number;
  /** True when pictures and videos may stand beside a poll. */
  readonly withMedia: boolean;
}

export interface ThreadRule {
  readonly maxParts: number;
  /** What no cut may fall into, as the network reads a text: links, mentions, hashtags. */
  whole(text: string): readonly Stretch[];
}

export interface Capabilities {
  readonly text: {
    /** At most so many units. */
    readonly limit: number;
    /** How the network counts, in words: "characters", "weighted characters (links 23, emoji 2)". */
    readonly unit: string;
    count(text: string): number;
    /** True when a post of text alone is possible. */
    readonly alone: boolean;
    /** False where a post shows no words (a story): they are left out, and the person is told. */
    readonly shown?: boolean;
  };
  readonly hashtagsMax?: number;
  readonly mentionsMax?: number;
  readonly title?: { readonly limit: number };
  readonly board?: { readonly required: boolean };
  /** What becomes of `link`: a preview card, a part of the text, the target of the picture, or nothing. */
  readonly link: 'card' | 'in text' | 'destination' | 'none';
  readonly media: {
    readonly required: boolean;
    readonly maxItems: number;
    /** True when pictures and videos may stand in one post. */
    readonly mixed: boolean;
    readonly image?: { readonly max: number; readonly rule: ImageRule };
    /** Absent: an animated GIF is taken as a picture (its first frame), and the person is told. */
    readonly gif?: { readonly max: number; readonly rule: GifRule };
    readonly video?: { readonly max: number; readonly rule: VideoRule };
  };
  readonly altText?: { readonly limit: number };
  readonly firstComment: boolean;
  /** Absent: a long text cannot be sent as several posts, each of which answers the one before. */
  readonly thread?: ThreadRule;
  /** Absent: there are no polls. */
  readonly poll?: PollRule;
  /** Who may reply can be chosen among these; absent: it cannot be chosen for one post. */
  readonly replies?: readonly ReplyAudience[];
  /** Absent: there is one kind of post, and `format` says nothing here. */
  readonly formats?: {
    /** How such media stand when nobody has chosen. Pure. */
    standard(media: readonly MediaItem[]): PostFormat;
    /** The rules of each format that the network has, in place of the network's own. */
    readonly rules: Readonly<Partial<Record<PostFormat, FormatRules>>>;
  };
  readonly needsPublicAddress: boolean;
  readonly removable: boolean;
  /** Deliveries of the whole network that may be under way at once. */
  readonly concurrency: number;
  /** Allowances of posts for a stretch of time, as far as the network states them. */
  readonly quotas?: readonly Quota[];
}

/** What may be different from one format of a network to the other. */
export type FormatRules = Pick<Capabilities, 'text' | 'link' | 'media' | 'altText' | 'firstComment'>;

/** One broken rule, or a remark; `rule` names it with its number ("at most 280 weighted characters"), `found` what there is. */
export interface Issue {
  readonly code: string;
  readonly field: keyof Words | 'media' | 'alt' | 'moment';
  readonly rule: string;
  readonly found: string;
  readonly hint: string;
  /**
   * `warning`: it will be published all the same, and the person is told what happens to it. `note`: nothing is wrong; the
   * person may want to know it before it goes out.
   */
  readonly severity: 'error' | 'warning' | 'note';
  /** Values that would mend it, by the network's own word; offered where they are few. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** The next instant at which the rule would not be broken, where it is a matter of time. */
  readonly freeAt?: Date;
  /** The text as a thread: of a note how it goes out, of an error how it could. */
  readonly parts?: readonly string[];
}

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
  /** A fresh stream over the bytes from `start` (included) to `end` (excluded). */
  open(range?: { start: number; end: number }): Readable;
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
