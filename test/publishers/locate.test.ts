/** Which post an address leads to, where the address alone tells. */
import { describe, expect, it } from 'vitest';
import { locate as pinterest } from '../../src/publishers/pinterest/locate.ts';
import { locate as tumblr } from '../../src/publishers/tumblr/locate.ts';
import { locate as x } from '../../src/publishers/x/locate.ts';

const ID = '1234567890';

describe.each([
  ['X', x],
  ['Pinterest', pinterest],
  ['Tumblr', tumblr],
])('an address on %s', (network, locate) => {
  const cases: Record<string, readonly [string, ReturnType<typeof locate>][]> = {
    X: [
      [`https://x.com/acme/status/${ID}`, { id: ID }],
      [`https://x.com/acme/status/${ID}/photo/1?s=20`, { id: ID }],
      [`https://mobile.twitter.com/acme/statuses/${ID}/`, { id: ID }],
      [`https://x.com/i/web/status/${ID}`, { id: ID }],
      ['https://x.com/acme', 'no address'],
      [`https://example.com/acme/status/${ID}`, 'no address'],
    ],
    Pinterest: [
      [`https://www.pinterest.com/pin/${ID}/`, { id: ID }],
      [`https://it.pinterest.com/pin/a-bell-of-bronze--${ID}/?mt=login`, { id: ID }],
      [`https://www.pinterest.co.uk/pin/${ID}/sent/`, { id: ID }],
      ['https://pin.it/3xYz', 'not found'],
      ['https://www.pinterest.com/acme/bells/', 'no address'],
      [`https://example.com/pin/${ID}/`, 'no address'],
    ],
    Tumblr: [
      [`https://www.tumblr.com/acme/${ID}`, { id: ID }],
      [`https://www.tumblr.com/acme/${ID}/ring-2026-out`, { id: ID }],
      [`https://acme.tumblr.com/post/${ID}/ring-out`, { id: ID }],
      [`https://bells.example/post/${ID}`, { id: ID }],
      [`https://www.tumblr.com/blog/view/acme/${ID}`, { id: ID }],
      ['https://www.tumblr.com/acme', 'no address'],
    ],
  };
  it.each(cases[network] ?? [])('%s', (address, located) => {
    expect(locate(new URL(address))).toEqual(located);
  });
});
