/**
 * Keeps links that a person typed away from this machine and its network. The check is made on the address that is
 * really connected to, not on the name: a name that answers with a public address first and a private one later
 * (DNS rebinding) is refused like any other.
 */

import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type CarillonError, failure } from '../core/errors.ts';

/** The part of IPv6 that is given out for the public internet (RFC 4291 and the IANA registry); the rest is no place for media. */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/**
 * True for an address of the public internet. Private, loopback, link-local (with the clouds' metadata service), shared
 * (CGNAT), multicast, reserved and documentation ranges are not, nor are the forms that carry an IPv4 address inside
 * (mapped, NAT64, 6to4, Teredo): what they lead to depends on the network, so they are refused whole.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(PUBLIC_IPV6);
}

/** The error for an address that may not be reached; the address itself is for the log alone. */
export function addressRefused(host: string, address: string): CarillonError {
  return failure('ContentError', {
    code: 'MEDIA_LINK_REFUSED',
    message: `${host} is an address inside a private network; only public web addresses are fetched.`,
    hint: 'Attach the file itself, or give a link that everybody on the internet can open.',
    context: { host, address },
  });
}

/** The host of a URL as an IP address, or undefined when it is a name. `[::1]` loses its brackets. */
export function literalAddress(host: string): string | undefined {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return isIP(bare) === 0 ? undefined : bare;
}

type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for sockets that answers public addresses only. One private address among several refuses the name: a
 * public site has none, and a mixed answer is how the check would be slipped past.
 */
export function guardedLookup(resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const refused = addresses.find(({ address }) => !isPublicAddress(address));
      if (refused) return done(addressRefused(hostname, refused.address), []);
      const [first] = addresses;
      if (options.all || !first) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}
