/** What the page of the simulators knows of a network: one file of this folder for each. */
import type { Fault, Faults } from '../faults.ts';

/** One thing that was published and not deleted. */
export interface WallEntry {
  readonly id: string;
  readonly at: Date;
  readonly title?: string;
  readonly text: string;
  readonly link?: string;
  readonly media: readonly WallMedium[];
}

export interface WallMedium {
  readonly kind: 'image' | 'video';
  /** Absent while a video is still on its way. */
  readonly sha256?: string | undefined;
  readonly bytes?: number;
  readonly alt?: string | undefined;
}

/** Faults that meet the next calls, one each. */
export const CALL_FAULTS = [
  'rate limit',
  'server error',
  'HTML instead of JSON',
  'hang',
  'drop before the effect',
  'drop after the effect',
] as const;

/** Faults that last until everything is reset. */
export const LASTING_FAULTS = ['expired token', 'revoked token', 'slow processing', 'quota spent'] as const;

export type CallFault = (typeof CALL_FAULTS)[number];
export type LastingFault = (typeof LASTING_FAULTS)[number];

/** How long videos are processed: long enough to be seen. */
export const PROCESSING_MS = 5000;
/** The same while it is slow: long for who watches, not too long for any publisher. */
export const SLOW_PROCESSING_MS = 10 * 60_000;

export interface SimulatedNetwork {
  readonly network: string;
  readonly label: string;
  /** Variables that lead the program here. */
  readonly environment: Readonly<Record<string, string>>;
  readonly requests: readonly { readonly method: string; readonly path: string; readonly status?: number }[];
  /** Requests that the real network would not have liked, in words. */
  readonly violations: readonly string[];
  wall(): readonly WallEntry[];
  readonly faults: Faults;
  /** The calls that publish something. */
  readonly creating: RegExp;
  /** How the network says that a call comes too early, and until when. */
  rateLimited(until: Date): Extract<Fault, { do: 'answer' }>;
  /** A fault of its own, as the network words it. */
  readonly serverError: Extract<Fault, { do: 'answer' }>;
  /** Absent: the network has no such thing. */
  readonly lasting: Readonly<Partial<Record<LastingFault, () => void>>>;
  /** Ends what lasts. */
  restore(): void;
  stop(): Promise<void>;
}

/** Seconds of an instant since 1970, as headers name it. */
export const unixSeconds = (instant: Date): string => String(Math.ceil(instant.getTime() / 1000));

/** Seconds from now to an instant, as other headers name it. */
export const secondsUntil = (instant: Date): string =>
  String(Math.max(1, Math.ceil((instant.getTime() - Date.now()) / 1000)));
