/** Which post an address leads to: `https://www.tumblr.com/acme/123/a-slug`, `https://acme.tumblr.com/post/123/a-slug`. */
import type { Located } from '../../core/publisher.ts';

/** A blog may have a domain of its own, so the host says nothing; a slug may end the address, so its end does not either. */
export function locate({ pathname }: URL): Located {
  const id = /^\/(?:[^/]+\/){1,3}(\d{4,25})(?:\/|$)/.exec(pathname)?.[1];
  return id === undefined ? 'no address' : { id };
}
