/** What to say, to whom and when. */
import type { MediaItem, PictureFit } from './media.ts';
import type { MessageReference, Origin } from './people.ts';

/** The ways in which a post may stand on a network that has several of them. */
export type PostFormat = 'feed' | 'reel' | 'story';

/** `following`: accounts that the publishing account follows. `mentioned`: accounts that the post names. */
export type ReplyAudience = 'everyone' | 'following' | 'mentioned' | 'subscribers' | 'verified';

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
  /** The second of a video whose picture becomes its cover; absent: as the network has it. */
  readonly cover?: number;
}

export type Priority = 'low' | 'normal' | 'high';

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
