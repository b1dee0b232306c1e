/** What is kept between two steps of a post on Tumblr. */
import { HOUR, MINUTE } from '../../core/clock.ts';
import type { Content, PreparedContent } from '../../core/publisher.ts';
import { MEGABYTE } from '../../core/quantities.ts';

export interface Checkpoint {
  /** When the day's room was looked at, or the post was made; milliseconds since 1970. */
  readonly at: number;
  /** Of the files that were looked at: a checkpoint says nothing about others. */
  readonly files: string;
  readonly hasVideo: boolean;
  /** The id of a post that was made and whose video is being transcoded. */
  readonly created?: string;
}

/** From here on the files are heavy enough. */
const LOOK_BYTES_MIN = 8 * MEGABYTE;
/** Others use up the day's room as well. */
const CHECK_MS = 10 * MINUTE;
/** After two hours a person is asked; a post that is sent again after that is a new one. */
const FOLLOW_MS = 3 * HOUR;

export function newCheckpoint(content: Content, now: Date): Checkpoint {
  return {
    at: now.getTime(),
    files: filesOf(content),
    hasVideo: content.media.some(({ kind }) => kind === 'video'),
  };
}

export function checkpointOf(value: unknown): Checkpoint | undefined {
  // Written by `publish` and by nobody else, so its shape is known.
  return value === undefined ? undefined : (value as Checkpoint);
}

/**
 * True when a refusal for the day would cost more than the call that asks. A video always is: that its checkpoint says so is what
 * `reconcile` knows of it.
 */
export function isWorthALook({ media }: PreparedContent): boolean {
  const bytes = media.reduce((sum, each) => sum + each.bytes, 0);
  return bytes >= LOOK_BYTES_MIN || media.some(({ kind }) => kind === 'video');
}

/** True when the day has room for these files, as far as is known. */
export function isChecked(known: Checkpoint | undefined, content: Content, now: Date): boolean {
  return known?.files === filesOf(content) && now.getTime() - known.at < CHECK_MS;
}

/** The id to follow, unless it is so old that it is given up. */
export function followedId(known: Checkpoint | undefined, now: Date): string | undefined {
  return known && now.getTime() - known.at < FOLLOW_MS ? known.created : undefined;
}

function filesOf({ media }: Content): string {
  return media.map(({ sha256 }) => sha256).join(' ');
}
