/** What is kept between two steps. Written by this folder and by nobody else, so its shape is known. */
import type { Checkpoint } from '../../core/words.ts';

/** An unpublished photo, which Facebook keeps for about a day. */
export interface Photo {
  readonly id: string;
  readonly sha256: string;
  readonly alt?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How far the bytes of a video have come. */
export interface VideoUpload {
  readonly kind: 'video' | 'reel' | 'video story';
  /** The upload session of a feed video; the id of the video itself, of reels and stories. */
  readonly id: string;
  /** Where the bytes of a reel or story go. */
  readonly url?: string;
  /** Of the file: an upload says nothing about another one. */
  readonly sha256: string;
  /** The whole file is there; of a feed video this is its name in the creating call. */
  readonly handle?: string;
  readonly at: number;
  readonly renewals: number;
}

/** What is in a story. */
export interface StoryMedia {
  readonly kind: 'photo' | 'video';
  readonly id: string;
}

/** What the creating call made. */
export interface Created {
  readonly kind: 'post' | 'video' | 'reel' | 'story';
  readonly id: string;
  /** Of a story: the picture or video in it, by which its list and its video are looked up. */
  readonly media?: StoryMedia;
  /** Set once Facebook shows it. */
  readonly url?: string;
}

export interface FacebookCheckpoint {
  readonly photos?: readonly Photo[];
  readonly upload?: VideoUpload;
  readonly created?: Created;
}

/** What is in the story that these uploads are for; undefined before they are begun. */
export function storyMediaOf({ upload, photos = [] }: FacebookCheckpoint): StoryMedia | undefined {
  if (upload?.kind === 'video story') return { kind: 'video', id: upload.id };
  const [photo] = photos;
  return photo && { kind: 'photo', id: photo.id };
}

export function readCheckpoint(checkpoint: Checkpoint | undefined): FacebookCheckpoint {
  return (checkpoint ?? {}) as FacebookCheckpoint;
}

/** What JSON cannot keep must not be in it. */
export function written(checkpoint: FacebookCheckpoint): Checkpoint {
  return { ...checkpoint };
}
