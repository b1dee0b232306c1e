/**
 * The words of the product as types (docs/architecture.md explains them). Documents in the database have these shapes;
 * every one of them knows its workspace.
 */

export type Role = 'owner' | 'editor' | 'approver' | 'viewer';

/** Where people talk: a channel or thread, a chat or topic, the terminal. `frontend` names the chat adapter that serves it. */
export interface Conversation {
  readonly frontend: string;
  readonly id: string;
  /** A topic inside the conversation; part of the route of an answer, never of who may. */
  readonly topic?: string;
  /** The conversation that this one hangs under (a thread's channel); belonging to a workspace is inherited from it. */
  readonly parent?: string;
  readonly kind: 'direct' | 'group';
  readonly title?: string;
}

/** One message that a front-end wrote, so that it can be edited or answered later. */
export interface MessageReference {
  readonly conversation: Conversation;
  readonly messageId: string;
}

/** `frontend:id` of a chat identity, such as `terminal:local`. */
export type Identity = string;

export interface Person {
  readonly identity: Identity;
  readonly workspaceId: string;
  readonly role: Role;
  readonly name: string;
  readonly addedAt: Date;
  readonly addedBy?: Identity;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** IANA zone in which people type times. */
  readonly timeZone: string;
  /** BCP 47 tag: the language in which dates are read and shown. */
  readonly locale: string;
  /** What `to` means when it is left out: account ids; empty means every account. */
  readonly defaultTargets: readonly string[];
  /** `frontend:id` of each conversation that belongs here. */
  readonly conversations: readonly string[];
  /** Shown at start while there is no owner. */
  readonly claimCode?: string;
  readonly createdAt: Date;
}

export type AccountHealth = 'ok' | 'expired' | 'revoked' | 'permission' | 'billing';

/** A profile on a network. */
export interface Account {
  readonly id: string;
  readonly workspaceId: string;
  readonly network: string;
  readonly mode: 'live' | 'rehearsal';
  readonly handle: string;
  readonly name: string;
  /** The network's own id of the profile; absent for rehearsal accounts. */
  readonly remoteId?: string;
  readonly profileUrl?: string;
  readonly source: 'environment' | 'rehearsal';
  /** False when its credentials are gone from the configuration: kept for history, never offered. */
  readonly active: boolean;
  readonly health: AccountHealth;
  /** What is wrong and what a person does about it, when health is not ok. */
  readonly healthMessage?: string;
  /** A rate limit of the whole account: nothing is sent before this instant. */
  readonly heldUntil?: Date;
  readonly holdReason?: string;
  readonly createdAt: Date;
}

/** `gif` means every animated picture (GIF or WebP); one with a single frame is an `image`. */
export type MediaKind = 'image' | 'gif' | 'video';

/** What the bytes of a stored file are, measured and never believed from its name. */
export interface MediaFacts {
  readonly kind: MediaKind;
  readonly mime: string;
  readonly bytes: number;
  /** Pixels as displayed (after the orientation recorded in the file). */
  readonly width: number;
  readonly height: number;
  /** True when the file asks its viewer to turn it. */
  readonly oriented?: boolean;
  /** True when parts of the picture are, or may be, transparent. */
  readonly alpha?: boolean;
  /** True when the file carries EXIF, XMP or IPTC: camera, names, often the place where it was taken. */
  readonly metadata?: boolean;
  /** True when the colours are of a kind that screens do not show as they are (CMYK, 16 bits). */
  readonly printColours?: boolean;
  /** Animated pictures only. */
  readonly frames?: number;
  readonly durationMs?: number;
  /** `mp4`, `mov`, `m4v`, `webm`, or another container's usual file ending. */
  readonly container?: string;
  /** `h264`, `hevc`, `vp8`, `vp9`, `av1`, `prores`, `mpeg4`, or the name in the file in lower case. */
  readonly videoCodec?: string;
  /** `aac`, `mp3`, `opus`, `vorbis`, `ac3`, `pcm`, or the name in the file in lower case; absent: no sound. */
  readonly audioCodec?: string;
  readonly framesPerSecond?: number;
  /** Bits per second of the whole file. */
  readonly bitRate?: number;
  /** How finely colour is kept: `4:2:0`, `4:2:2`, `4:4:4`. */
  readonly chroma?: string;
  /** MP4 and its kin: true when the index stands before the picture data, so that playing can begin while it loads. */
  readonly fastStart?: boolean;
}

/** One medium of a post; its bytes are stored once by content under `sha256`. */
export interface MediaItem extends MediaFacts {
  readonly sha256: string;
  readonly name: string;
  readonly alt?: string;
  /** Copies that a person had made for accounts whose network does not take the original, by account id. */
  readonly conversions?: Readonly<Record<string, StoredMedia>>;
}

/** Bytes in the store, and what they are. */
export interface StoredMedia extends MediaFacts {
  readonly sha256: string;
}

/** The ways in which a post may stand on a network that has several of them. */
export type PostFormat = 'feed' | 'reel' | 'story';

/** What is done to a picture of a shape that a network does not take: cut around what draws the eye, or given margins. */
export type PictureFit = 'crop' | 'pad';

/** What is said, and how it shall stand; the parts that a network knows differ. */
export interface Words {
  readonly text: string;
  readonly link?: string;
  readonly title?: string;
  readonly board?: string;
  readonly firstComment?: string;
  /** True: a text that is too long for one post goes out as several, where the network has threads. */
  readonly thread?: boolean;
  /** The answers of a poll, in their order; absent: no poll. */
  readonly poll?: readonly string[];
  /** How long the poll is open; absent: POLL_MINUTES_DEFAULT. */
  readonly pollMinutes?: number;
  /** Who may reply; absent: what the network does when nothing is said. */
  readonly replies?: ReplyAudience;
  /** Chosen by a person; absent: as the network has it for such media. */
  readonly format?: PostFormat;
  /** Chosen by a person; absent: margins, since they take nothing away. */
  readonly fit?: PictureFit;
}

/** `following`: accounts that the publishing account follows. `mentioned`: accounts that the post names. */
export type ReplyAudience = 'everyone' | 'following' | 'mentioned' | 'subscribers' | 'verified';

export type Priority = 'low' | 'normal' | 'high';

/** Where a post came from, so that its outcome finds the way back. */
export interface Origin {
  readonly conversation: Conversation;
  readonly person: Identity;
  readonly personName: string;
  readonly messageId?: string;
}

/**
 * How a post stands as a whole, derived from its deliveries:
 * draft (nothing is scheduled yet, a person decides) · waiting · working · attention (a person is needed) · done · cancelled.
 */
export type PostStanding = 'draft' | 'waiting' | 'working' | 'attention' | 'done' | 'cancelled';

export interface Post {
  /** Short and unique, such as `K7QPD`; shown as `#K7QPD`. */
  readonly id: string;
  readonly workspaceId: string;
  readonly standing: PostStanding;
  /** Counts changes by people; two edits at once are told apart by it. */
  readonly revision: number;
  /** Counts roll-ups of the deliveries, so that concurrent ones cannot overwrite a newer state with an older. */
  readonly rollUps: number;
  readonly words: Words;
  /** Words for one network or one account only, by network name or account id. */
  readonly variants: Readonly<Record<string, Partial<Words>>>;
  readonly media: readonly MediaItem[];
  readonly targets: readonly string[];
  readonly dueAt: Date;
  /** True for a post that goes out at once: a draft of it goes out when it is confirmed. */
  readonly immediate: boolean;
  readonly timeZone: string;
  readonly priority: Priority;
  readonly expiresAt?: Date;
  readonly origin: Origin;
  /** The message that asked for it: the same message handled twice makes one post. Unique where present. */
  readonly originKey?: string;
  readonly card?: MessageReference;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

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
