/** Which pin an address leads to: `https://www.pinterest.com/pin/123/`, `https://it.pinterest.com/pin/a-bell--123/`, `https://pin.it/abc`. */
import type { Located } from '../../core/publisher.ts';

export function locate({ hostname, pathname }: URL): Located {
  // A short one says nothing by itself, and the network tells apps nothing about it.
  if (hostname === 'pin.it') return 'not found';
  if (!/(?:^|\.)pinterest\.[a-z.]+$/.test(hostname)) return 'no address';
  const id = /^\/pin\/(?:[^/]*--)?(\d{1,30})(?:\/|$)/.exec(pathname)?.[1];
  return id === undefined ? 'no address' : { id };
}
