/** Pictures and videos: what their bytes are, and how they hang on a post. */

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

/** Bytes in the store, and what they are. */
export interface StoredMedia extends MediaFacts {
  readonly sha256: string;
}

/** One medium of a post; its bytes are stored once by content under `sha256`. */
export interface MediaItem extends MediaFacts {
  readonly sha256: string;
  readonly name: string;
  readonly alt?: string;
  /** Copies that a person had made for accounts whose network does not take the original, by account id. */
  readonly conversions?: Readonly<Record<string, StoredMedia>>;
}

/** What is done to a picture of a shape that a network does not take: cut around what draws the eye, or given margins. */
export type PictureFit = 'crop' | 'pad';
