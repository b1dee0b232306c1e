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
  readonly kind: 'video' | 'reel';
  /** The upload session of a feed video, the id of a reel. */
  readonly id: string;
  /** Where the bytes of a reel go. */
  readonly url?: string;
  /** Of the file: an upload says nothing about another one. */
  readonly sha256: string;
  /** The whole file is there; of a feed video this is its name in the creating call. */
  readonly handle?: string;
  readonly at: number;
  readonly renewals: number;
}

/** What the creating call made. */
export interface Created {
  readonly kind: 'post' | 'video' | 'reel';
  readonly id: string;
  /** Set once Facebook shows it. */
  readonly url?: string;
}

export interface FacebookCheckpoint {
  readonly photos?: readonly Photo[];
  readonly upload?: VideoUpload;
  readonly created?: Created;
}

export function readCheckpoint(checkpoint: Checkpoint | undefined): FacebookCheckpoint {
  return (checkpoint ?? {}) as FacebookCheckpoint;
}

/** What JSON cannot keep must not be in it. */
export function written(checkpoint: FacebookCheckpoint): Checkpoint {
  return { ...checkpoint };
}
