/**
 * The wall: where rehearsal accounts publish. It stands in for a network, so it behaves like one: adding the same
 * delivery twice gives two entries. Hiding a double here would hide the very fault that rehearsals are there to show.
 */
import type { MediaKind, PostFormat, ReplyAudience } from './words.ts';

/** A medium as it was published; its bytes are in the blob store under `sha256`. */
export interface WallMedia {
  readonly sha256: string;
  readonly kind: MediaKind;
  readonly mime: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly alt?: string;
  /** True for the picture that is the cover of the video beside it. */
  readonly isCover?: boolean;
  /** Of a video: the second that was chosen as its cover. */
  readonly coverSecond?: number;
}

export interface WallPoll {
  readonly options: readonly string[];
  readonly minutes: number;
}

export interface WallEntry {
  readonly id: string;
  readonly workspaceId: string;
  readonly network: string;
  /** The id of the account. */
  readonly account: string;
  readonly handle: string;
  /** The id of the post, such as `K7QPD`. */
  readonly post: string;
  readonly delivery: string;
  /** Where the network has several. */
  readonly format?: PostFormat;
  readonly text: string;
  readonly title?: string;
  readonly link?: string;
  readonly board?: string;
  readonly firstComment?: string;
  readonly poll?: WallPoll;
  /** Which part of a thread it is, from 1; absent: the whole post. */
  readonly part?: { readonly number: number; readonly of: number };
  /** The id of the part that it answers. */
  readonly answers?: string;
  /** Who may reply, where it was chosen. */
  readonly replies?: ReplyAudience;
  readonly media: readonly WallMedia[];
  readonly at: Date;
}

export interface Wall {
  /** Durable once it resolves. A rejection tells nothing about whether the entry is there. */
  add(entry: WallEntry): Promise<void>;
  /** The first entry of a delivery; of a thread that of one part. */
  findByDelivery(deliveryId: string, part?: number): Promise<WallEntry | undefined>;
  /** Newest first. */
  newest(limit: number): Promise<readonly WallEntry[]>;
  /** Already gone is success. */
  remove(id: string): Promise<void>;
  /** Removes up to `limit` entries from before `instant`, oldest first; how many there were. */
  removeBefore(instant: Date, limit: number): Promise<number>;
  /** One entry of the workspace that shows this medium; undefined when there is none. */
  withMedium(workspaceId: string, sha256: string): Promise<WallEntry | undefined>;
}
