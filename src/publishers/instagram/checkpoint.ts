/** What is kept between two steps. Written by this folder and by nobody else, so its shape is known. */
import type { Checkpoint } from '../../core/words.ts';

/** A container: what Instagram has prepared, which nobody sees until it is published. */
export interface Container {
  readonly id: string;
  /** What it was made of: a container says nothing about other words or another file. */
  readonly madeOf: string;
  /** Milliseconds since 1970; Instagram keeps it for 24 hours. */
  readonly at: number;
  readonly state: 'made' | 'uploaded' | 'ready';
  /** When it was last seen ready. */
  readonly readyAt?: number;
  /** Where the bytes of a video go. */
  readonly url?: string;
  /** Times that it was looked at since it was made. */
  readonly looks: number;
  readonly renewals: number;
}

export interface InstagramCheckpoint {
  /** One for each medium. */
  readonly items?: readonly Container[];
  /** Of a carousel: the container of the whole. */
  readonly whole?: Container;
  /** The id of what was published. */
  readonly created?: string;
}

export function readCheckpoint(checkpoint: Checkpoint | undefined): InstagramCheckpoint {
  return (checkpoint ?? {}) as InstagramCheckpoint;
}

/** The container that is published: of the carousel, or of the only medium. */
export function publishable({ items = [], whole }: InstagramCheckpoint): Container | undefined {
  return whole ?? (items.length === 1 ? items[0] : undefined);
}
