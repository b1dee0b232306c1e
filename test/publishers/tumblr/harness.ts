/** A Tumblr publisher against a simulator that lives for one test. */
import { createTumblrPublisher } from '../../../src/publishers/tumblr/publisher.ts';
import type { TumblrSettings } from '../../../src/publishers/tumblr/settings.ts';
import { createManualClock, createSeededRandom } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, content } from '../../helpers/publishing.ts';
import { startTumblrSimulator } from '../../simulators/tumblr/server.ts';
import { type Network, runsOf, untilTestEnds } from '../network.ts';

/** @param clockDifferenceMs how far the clock of Tumblr is ahead of ours */
export async function startTumblr(
  settings: Parameters<typeof startTumblrSimulator>[0] = {},
  clockDifferenceMs = 0,
) {
  const clock = createManualClock();
  const simulator = untilTestEnds(
    await startTumblrSimulator({
      now: () => new Date(clock.now().getTime() + clockDifferenceMs),
      ...settings,
    }),
  );
  const { credentials, url: apiUrl, blog } = simulator;
  const vault = memoryVault();
  const create = (patch: Partial<TumblrSettings> = {}) =>
    createTumblrPublisher(
      { credentials, blogs: [blog.name], apiUrl, ...patch },
      vault,
      clock,
      createSeededRandom(1),
    );
  const publisher = create();
  const who = account('tumblr', { remoteId: blog.uuid, handle: blog.name });
  /** Requests to one route, such as `POST posts`. */
  const calls = (route: string) =>
    simulator.requests.filter(
      (each) => `${each.method} ${each.path.replace(/^\/v2\/(blog\/[^/]+\/)?/, '')}` === route,
    );
  return { simulator, publisher, create, vault, clock, account: who, options: runsOf(who, clock), calls };
}

export const TUMBLR: Network<Awaited<ReturnType<typeof startTumblr>>> = {
  label: 'Tumblr',
  start: startTumblr,
  smallest: content({ text: 'Hello' }),
  creating: /\/posts$/,
  identifying: /\/user\/info$/,
  created: ({ simulator }) => simulator.posts(),
  permalink: (id) => `https://acme-bells.tumblr.com/post/${id}`,
  publisherAt(apiUrl, clock) {
    const credentials = {
      consumerKey: 'key-1',
      consumerSecret: 'secret-1',
      token: 'token-1',
      tokenSecret: 'hidden-1',
    };
    const settings = { credentials, blogs: ['acme'], apiUrl };
    return createTumblrPublisher(settings, memoryVault(), clock, createSeededRandom(1));
  },
};
