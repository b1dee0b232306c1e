/** A Facebook publisher against a simulator that lives for one test. */
import { createFacebookPublisher } from '../../../src/publishers/facebook/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, content } from '../../helpers/publishing.ts';
import { type FacebookSimulator, startFacebookSimulator } from '../../simulators/meta/facebook.ts';
import { type Network, runsOf, untilTestEnds } from '../network.ts';

export function settingsFor(simulator: FacebookSimulator) {
  return {
    credentials: { pageId: simulator.pageId, pageToken: simulator.token },
    apiUrl: simulator.apiUrl,
    uploadUrl: simulator.uploadUrl,
  };
}

/** @param clockDifferenceMs how far the clock of Facebook is ahead of ours */
export async function startFacebook(
  settings: Parameters<typeof startFacebookSimulator>[0] = {},
  clockDifferenceMs = 0,
) {
  const clock = createManualClock();
  const simulator = untilTestEnds(
    await startFacebookSimulator({
      now: () => new Date(clock.now().getTime() + clockDifferenceMs),
      ...settings,
    }),
  );
  const publisher = createFacebookPublisher(settingsFor(simulator), clock);
  const who = account('facebook', { remoteId: simulator.pageId });
  /** Requests as `POST feed`: the method and the last part of the path, ids left out. */
  const calls = () => simulator.requests.map(({ method, path }) => `${method} ${nameOf(path)}`);
  return { simulator, publisher, clock, account: who, options: runsOf(who, clock), calls };
}

function nameOf(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => (/^[\d_]+$/.test(part) ? ':id' : part.startsWith('upload:') ? 'upload:' : part))
    .join('/');
}

export const FACEBOOK: Network<Awaited<ReturnType<typeof startFacebook>>> = {
  label: 'Facebook',
  start: startFacebook,
  smallest: content({ text: 'Hello' }),
  creating: /feed$/,
  creatingOf({ media: [first, ...more] }) {
    if (first?.kind === 'image' && more.length === 0) return { path: /photos$/ };
    if (first?.kind !== 'video') return { path: /feed$/ };
    // An upload begins with a call to the path that ends it.
    return first.width > first.height ? { path: /videos$/ } : { path: /video_reels$/, before: 1 };
  },
  identifying: /\/me$/,
  created: ({ simulator }) => simulator.posts(),
  permalink: (id) => `https://www.facebook.com/${id}`,
  publisherAt(apiUrl, clock) {
    const credentials = { pageId: '1', pageToken: 'token-1' };
    return createFacebookPublisher({ credentials, apiUrl }, clock);
  },
};
