/** Where media come from when a person names them: a link on the web, or a file (terminal chat only). */
import type { Clock } from '../core/clock.ts';
import type { MediaSource } from '../core/media.ts';
import { guardedLookup } from './address-guard.ts';
import { FETCH_LIMITS, type FetchLimits } from './limits.ts';
import { openFile } from './open-file.ts';
import { openLink } from './open-link.ts';
import { createWebClient } from './web-client.ts';

export interface MediaSourceOptions {
  readonly clock: Clock;
  /** The folder that relative paths start from. */
  readonly workingDirectory: string;
  /**
   * Addresses that the operator set (`*_API_URL`: a proxy, a local Bot API server): scheme, host and port. They may be
   * private, because a person in the chat cannot choose them; every other link is checked.
   */
  readonly trustedOrigins?: readonly string[];
  readonly limits?: Partial<FetchLimits>;
  /** How names are looked up; the system's way unless told otherwise. The guard applies to its answers all the same. */
  readonly resolve?: Parameters<typeof guardedLookup>[0];
}

/** Errors of what it opens: MEDIA_LINK_REFUSED, MEDIA_UNREACHABLE, MEDIA_UNREADABLE, MEDIA_TOO_LARGE, FILE_NOT_FOUND. */
export function createMediaSource(options: MediaSourceOptions): MediaSource {
  const limits: FetchLimits = { ...FETCH_LIMITS, ...options.limits };
  const web = createWebClient({
    limits,
    trustedOrigins: new Set((options.trustedOrigins ?? []).map((address) => new URL(address).origin)),
    lookup: guardedLookup(options.resolve),
  });
  return {
    openLink: (url, signal) => openLink(url, { web, limits, clock: options.clock, signal }),
    openFile: (path) => openFile(path, options.workingDirectory, limits.maxBytes),
  };
}
