/** One HTTP request without redirects, through the address guard unless the operator trusts the address. */
import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { addressRefused, isPublicAddress, literalAddress } from './address-guard.ts';
import type { FetchLimits } from './limits.ts';

export interface WebClient {
  /** True for an address that the operator set. */
  trusts(url: URL): boolean;
  /** `trusted` goes round the guard. Errors are undici's and the system's; a refused address is MEDIA_LINK_REFUSED. */
  get(url: URL, options: { trusted: boolean; signal: AbortSignal }): Promise<Dispatcher.ResponseData>;
}

export interface WebClientOptions {
  readonly limits: FetchLimits;
  readonly trustedOrigins: ReadonlySet<string>;
  readonly lookup: LookupFunction;
}

const HEADERS = {
  'user-agent': 'Carillon (fetches media for a post that one of its people wrote)',
  // Named one by one, so that servers which choose by this header do not answer with AVIF.
  accept: 'image/jpeg, image/png, image/webp, image/gif, video/mp4, video/quicktime, */*;q=0.1',
  'accept-encoding': 'identity',
};

export function createWebClient({ limits, trustedOrigins, lookup }: WebClientOptions): WebClient {
  // undici is loaded with the first link: most posts have none.
  const agents = lazily(async () => {
    const { Agent, buildConnector } = await import('undici');
    const guarded = buildConnector({ timeout: limits.connectMs, lookup });
    return {
      open: new Agent({ connect: { timeout: limits.connectMs } }),
      guarded: new Agent({
        connect(target, done) {
          // Sockets do not ask `lookup` about a host that is an address already.
          const literal = literalAddress(target.hostname);
          if (literal !== undefined && !isPublicAddress(literal))
            done(addressRefused(target.hostname, literal), null);
          else guarded(target, done);
        },
      }),
    };
  });
  return {
    trusts: (url) => trustedOrigins.has(url.origin),
    async get(url, { trusted, signal }) {
      const { open, guarded } = await agents();
      return (trusted ? open : guarded).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'GET',
        headers: HEADERS,
        headersTimeout: limits.headersMs,
        bodyTimeout: limits.idleMs,
        signal,
        // No connection is kept: the next link most likely leads elsewhere, and nothing is left running.
        reset: true,
      });
    },
  };
}

function lazily<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
