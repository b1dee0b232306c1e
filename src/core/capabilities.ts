/**
 * What a network takes, as data: how long a text may be and how it is counted, which media, how many and of what shape.
 * The checks, the plans for pictures and videos and the words of the chat are made from it; what is absent is not possible.
 */
import type { Quota } from './quota.ts';
import type { Stretch } from './split-text.ts';
import type { MediaItem, PostFormat, ReplyAudience } from './words.ts';

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
    readonly video?: {
      readonly max: number;
      readonly rule: VideoRule;
      /** Absent: the network chooses the cover of a video itself. */
      readonly cover?: CoverRule;
    };
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

/** How the picture is chosen that stands for a video until it is played. */
export interface CoverRule {
  /** For a picture that is sent with the one video; absent: there cannot be one. */
  readonly picture?: ImageRule;
  /** True when a moment of the video can be named, in whole seconds. */
  readonly moment: boolean;
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
