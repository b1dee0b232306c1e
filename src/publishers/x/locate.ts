/** Which post an address leads to: X has its id in it, such as `https://x.com/acme/status/123/photo/1`. */
import type { Located } from '../../core/publisher.ts';

export function locate({ hostname, pathname }: URL): Located {
  if (!/(?:^|\.)(?:x|twitter)\.com$/.test(hostname)) return 'no address';
  const id = /\/status(?:es)?\/(\d{1,20})(?:\/|$)/.exec(pathname)?.[1];
  return id === undefined ? 'no address' : { id };
}
