/** An Instagram publisher against a simulator that lives for one test, and a server from which that fetches pictures. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MediaItem } from '../../../src/core/words.ts';
import { createInstagramPublisher } from '../../../src/publishers/instagram/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, content, fill, mediaItem } from '../../helpers/publishing.ts';
import { type InstagramSimulator, startInstagramSimulator } from '../../simulators/meta/instagram.ts';
import { type Network, runsOf, untilTestEnds } from '../network.ts';

export const picture = (name: string, patch: Partial<MediaItem> = {}): MediaItem =>
  mediaItem('image', { name, ...patch });
export const video = (name = 'reel.mp4', patch: Partial<MediaItem> = {}): MediaItem =>
  mediaItem('video', { name, fastStart: true, ...patch });

/** Serves pictures by the hash of their bytes, as the web pages do for signed links. */
export async function servePictures(names: readonly string[]) {
  const files = new Map(names.map((name) => [picture(name).sha256, fill(name, picture(name).bytes)]));
  const server = createServer((request, response) => {
    const bytes = files.get(request.url?.slice(1, 65) ?? '');
    if (!bytes) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'image/jpeg' }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let count = 0;
  return {
    // Another link each time, as a signature with an instant makes it.
    mediaLinks(sha256: string) {
      count += 1;
      return `http://127.0.0.1:${port}/${sha256}.jpg?n=${count}`;
    },
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

export function settingsFor(simulator: InstagramSimulator) {
  return {
    credentials: { userId: simulator.userId, accessToken: simulator.token },
    apiUrl: simulator.apiUrl,
    uploadUrl: simulator.uploadUrl,
  };
}

export const PICTURES = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'];

/** @param clockDifferenceMs how far the clock of Instagram is ahead of ours */
export async function startInstagram(
  settings: Parameters<typeof startInstagramSimulator>[0] = {},
  clockDifferenceMs = 0,
) {
  const clock = createManualClock();
  const simulator = untilTestEnds(
    await startInstagramSimulator({
      now: () => new Date(clock.now().getTime() + clockDifferenceMs),
      ...settings,
    }),
  );
  const pictures = untilTestEnds(await servePictures(PICTURES));
  const publisher = createInstagramPublisher(settingsFor(simulator), clock, pictures.mediaLinks);
  const who = account('instagram', { remoteId: simulator.userId });
  /** Requests as `POST media`: the method and the path, ids left out. */
  const calls = () =>
    simulator.requests.map(({ method, path }) => `${method} ${path.replace(/\d{6,}/g, ':id').slice(1)}`);
  return { simulator, publisher, clock, account: who, options: runsOf(who, clock), calls, pictures };
}

export const INSTAGRAM: Network<Awaited<ReturnType<typeof startInstagram>>> = {
  label: 'Instagram',
  start: startInstagram,
  smallest: content({}, [picture('a.jpg')]),
  creating: /media_publish$/,
  identifying: /\/me$/,
  created: ({ simulator }) => simulator.media(),
  permalink: (id) => `https://www.instagram.com/p/${id}/`,
  publisherAt(apiUrl, clock) {
    const credentials = { userId: '1', accessToken: 'token-1' };
    return createInstagramPublisher({ credentials, apiUrl }, clock, () => 'https://bells.example.org/a.jpg');
  },
};
