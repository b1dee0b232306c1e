/** One HTTP request without redirects, through the address guard unless the operator trusts the address. */
import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { download } from '../lib/download.ts';
import { addressRefused, isPublicAddress, literalAddress } from './address-guard.ts';
import type { FetchLimits } from './limits.ts';

export interface WebClient {
  /** True for an address that the operator set. */
  trusts(url: URL): boolean;
  /** `trusted` goes round the guard. Errors: MEDIA_LINK_REFUSED, and those of `download`. */
  get(url: URL, options: { trusted: boolean; signal: AbortSignal }): Promise<IncomingMessage>;
}

export interface WebClientOptions {
  readonly limits: FetchLimits;
  readonly trustedOrigins: ReadonlySet<string>;
  /** Answers public addresses only. */
  readonly lookup: LookupFunction;
}

const HEADERS = {
  'user-agent': 'Carillon (fetches media for a post that one of its people wrote)',
  // Named one by one, so that servers which choose by this header do not answer with AVIF.
  accept: 'image/jpeg, image/png, image/webp, image/gif, video/mp4, video/quicktime, */*;q=0.1',
  'accept-encoding': 'identity',
};

export function createWebClient({ limits, trustedOrigins, lookup }: WebClientOptions): WebClient {
  const { answerMs, idleMs } = limits;
  return {
    trusts: (url) => trustedOrigins.has(url.origin),
    async get(url, { trusted, signal }) {
      const common = { headers: HEADERS, answerMs, idleMs, signal };
      if (trusted) return download(url, common);
      // A socket asks `lookup` about names only.
      const literal = literalAddress(url.hostname);
      if (literal !== undefined && !isPublicAddress(literal)) throw addressRefused(url.hostname, literal);
      return download(url, { ...common, lookup });
    },
  };
}
