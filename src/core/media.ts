/** Ports of media: where it comes from, what it is, how it is made fit, where its bytes live. */
import type { Readable } from 'node:stream';
import type { HeadBound } from './byte-limit.ts';
import type { ImageRule } from './capabilities.ts';
import type { Pieces } from './pieces.ts';
import type { VideoPlan } from './video-plan.ts';
import type { MediaFacts, PictureFit } from './words.ts';

/** What a person hands over with a command. */
export type IncomingMedia =
  /** A file that the chat itself delivers: the front-end opens it (its address may hold a token and is trusted). */
  | {
      readonly kind: 'attachment';
      readonly name: string;
      readonly declaredBytes?: number;
      readonly alt?: string;
      open(signal: AbortSignal): Promise<Readable>;
    }
  /** A web address that a person typed: never trusted; private and local addresses are refused. */
  | { readonly kind: 'link'; readonly url: string; readonly alt?: string }
  /** A path in the terminal chat, read from the working directory. */
  | { readonly kind: 'file'; readonly path: string; readonly alt?: string };

export interface OpenedMedia {
  readonly name: string;
  readonly declaredBytes?: number;
  readonly stream: Readable;
}

/** Opens links and files. Errors: MEDIA_LINK_REFUSED, MEDIA_UNREACHABLE, MEDIA_UNREADABLE, MEDIA_TOO_LARGE, FILE_NOT_FOUND. */
export interface MediaSource {
  openLink(url: string, signal: AbortSignal): Promise<OpenedMedia>;
  openFile(path: string, signal: AbortSignal): Promise<OpenedMedia>;
}

export interface StoredBytes {
  readonly sha256: string;
  readonly bytes: number;
}

/** Bytes that have arrived whole but are not part of the store yet. Exactly one of `keep` and `discard` ends them. */
export interface StagedBytes extends StoredBytes {
  read(range?: { start: number; end: number }): Readable;
  /** Makes them part of the store, durably; what is stored already stays as it is. */
  keep(): Promise<void>;
  /** Forgets them; the same content that is stored already is not touched. After `keep`: does nothing. */
  discard(): Promise<void>;
}

/** Bytes of media, stored once by content: files with the embedded database, GridFS with a MongoDB server; one contract suite for both. */
export interface BlobStore {
  /**
   * Streams to a place aside, so that bytes can be looked at before anything is stored (a broken picture leaves nothing
   * behind, and taking it back cannot hit the same bytes of another post). Past `maxBytes`: MEDIA_TOO_LARGE and nothing
   * is left. What a dead process left aside is cleared at the next start.
   */
  stage(stream: Readable, limits: { maxBytes: number; signal: AbortSignal }): Promise<StagedBytes>;
  /** Stages and keeps; the same content twice costs one copy. */
  write(stream: Readable, limits: { maxBytes: number; signal: AbortSignal }): Promise<StoredBytes>;
  /** The bytes from `start` (included) to `end` (excluded). Missing: MEDIA_MISSING. */
  read(sha256: string, range?: { start: number; end: number }): Readable;
  /** The same for who takes one piece at a time. */
  pieces(sha256: string, range?: { start: number; end: number }): Pieces;
  has(sha256: string): Promise<boolean>;
  remove(sha256: string): Promise<void>;
}

/** Random access to bytes without loading them whole. */
export interface ByteSource {
  readonly bytes: number;
  read(range?: { start: number; end: number }): Readable;
}

/** Tells what bytes are by the bytes alone. Errors: MEDIA_UNREADABLE, MEDIA_BOMB. */
export interface MediaProbe extends HeadBound {
  probe(source: ByteSource): Promise<MediaFacts>;
}

/** What is to be done to a picture so that a network takes it; pure data, made by `planImage`. */
export interface FitPlan {
  readonly width: number;
  readonly height: number;
  readonly format: 'jpeg' | 'png' | 'webp' | 'gif';
  readonly maxBytes: number;
  /** How the shape is reached when it must change. */
  readonly shape: 'keep' | PictureFit;
}

/** Carries out plans. `rule` bounds the quality search for `maxBytes`. Errors: MEDIA_UNREADABLE, MEDIA_TOO_LARGE. */
export interface MediaFitter {
  fit(
    source: ByteSource,
    facts: MediaFacts,
    plan: FitPlan,
    rule: ImageRule,
  ): Promise<{ facts: MediaFacts; data: Buffer }>;
}

/** A video that was made anew, in a temporary place. `discard` ends it. */
export interface ConvertedVideo extends ByteSource {
  discard(): Promise<void>;
}

/** Makes videos anew, by a plan and only when a person asks for it. A machine may have none. */
export interface VideoConverter {
  /** Whether it reads such a file at all. */
  takes(facts: MediaFacts): boolean;
  /** `progress` is told as a fraction of 1. Errors: VIDEO_CONVERSION_FAILED; the signal's reason when it is aborted. */
  convert(
    source: ByteSource,
    facts: MediaFacts,
    plan: VideoPlan,
    how: { readonly signal: AbortSignal; progress(fraction: number): void },
  ): Promise<ConvertedVideo>;
}

/** That a workspace has some stored bytes, and when it was last known to need them. */
export interface MediaUse extends StoredBytes {
  readonly workspaceId: string;
  readonly lastUsedAt: Date;
}

/**
 * Metadata documents of stored media, fitted copies among them; bytes live in the BlobStore. Who stores bytes remembers them
 * first: what no document names, no retention finds.
 */
export interface MediaIndex {
  /** Adds a use, or brings the one that is there up to date: used at `at`. */
  remember(workspaceId: string, stored: StoredBytes, facts: MediaFacts, at: Date): Promise<void>;
  find(workspaceId: string, sha256: string): Promise<MediaFacts | undefined>;
  /** Uses of every workspace that are older than `instant`; oldest first. */
  usedBefore(instant: Date, limit: number): Promise<readonly MediaUse[]>;
  /** Every workspace's use of these bytes. */
  usesOf(sha256: string): Promise<readonly MediaUse[]>;
  /** It was needed at `at`; a later use that is known stays. */
  touch(workspaceId: string, sha256: string, at: Date): Promise<void>;
  /** Forgets a use that is older than `instant` still. */
  forget(workspaceId: string, sha256: string, instant: Date): Promise<void>;
}
