/** Each real publisher at its simulator, in this process and on a clock that is moved by hand, and what it is given to publish. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Content, Publisher } from '../../../src/core/publisher.ts';
import type { Account, MediaItem } from '../../../src/core/words.ts';
import { createFacebookPublisher } from '../../../src/publishers/facebook/publisher.ts';
import { createInstagramPublisher } from '../../../src/publishers/instagram/publisher.ts';
import { createPinterestPublisher } from '../../../src/publishers/pinterest/publisher.ts';
import { createTumblrPublisher } from '../../../src/publishers/tumblr/publisher.ts';
import { createXPublisher } from '../../../src/publishers/x/publisher.ts';
import { createManualClock, createSeededRandom, type ManualClock } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, content, fill, mediaItem } from '../../helpers/publishing.ts';
import { startFacebookSimulator } from '../../simulators/meta/facebook.ts';
import { startInstagramSimulator } from '../../simulators/meta/instagram.ts';
import { startPinterestSimulator } from '../../simulators/pinterest/server.ts';
import { startTumblrSimulator } from '../../simulators/tumblr/server.ts';
import { startXSimulator } from '../../simulators/x/server.ts';
import { ALBUM_PICTURES, type Kind, VIDEO_BYTES } from './least.ts';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly bytes: number;
}

export interface Stand {
  readonly network: string;
  readonly publisher: Publisher;
  readonly account: Account;
  readonly clock: ManualClock;
  readonly requests: readonly Request[];
  stop(): Promise<void>;
}

const PICTURE_BYTES = 400_000;

const picture = (index: number): MediaItem =>
  mediaItem('image', { name: `picture-${index}.jpg`, bytes: PICTURE_BYTES, alt: `Picture ${index}` });
const PICTURES = Array.from({ length: ALBUM_PICTURES }, (_, index) => picture(index));
/** Too wide for a reel, so that Facebook gets it as a video. */
const VIDEO = mediaItem('video', { bytes: VIDEO_BYTES, width: 1280, height: 720 });
const REEL = mediaItem('video', { bytes: VIDEO_BYTES, name: 'reel.mp4', fastStart: true });

let posts = 0;

/** What a post of this kind says; other words each time, since networks refuse to say the same twice. */
export function contentOf(kind: Kind): Content {
  posts += 1;
  const text = `Post ${posts}: the doors open at nine, the first bell rings at ten, and everybody is welcome.`;
  switch (kind) {
    case 'text':
      return content({ text });
    case 'link':
      return content({ text, link: `https://example.org/posts/${posts}` });
    case 'picture':
      return content({ text }, PICTURES.slice(0, 1));
    case 'album':
      return content({ text }, PICTURES);
    case 'video':
      return content({ text }, [VIDEO]);
    case 'reel':
      return content({ text }, [REEL]);
  }
}

export async function startStands(): Promise<readonly Stand[]> {
  return [await facebook(), await instagram(), await pinterest(), await tumblr(), await x()];
}

async function facebook(): Promise<Stand> {
  const clock = createManualClock();
  const simulator = await startFacebookSimulator({ now: clock.now, processingMs: 0, reelsPerDay: 1e6 });
  const { apiUrl, uploadUrl, pageId, token } = simulator;
  const settings = { credentials: { pageId, pageToken: token }, apiUrl, uploadUrl };
  return stand('facebook', createFacebookPublisher(settings, clock), clock, simulator, pageId);
}

async function instagram(): Promise<Stand> {
  const clock = createManualClock();
  const files = await servePictures();
  const simulator = await startInstagramSimulator({ now: clock.now, processingMs: 0, quotaTotal: 1e6 });
  const { apiUrl, uploadUrl, userId, token } = simulator;
  const settings = { credentials: { userId, accessToken: token }, apiUrl, uploadUrl };
  const publisher = createInstagramPublisher(settings, clock, (sha256) => `${files.url}/${sha256}`);
  const made = stand('instagram', publisher, clock, simulator, userId);
  return { ...made, stop: async () => void (await Promise.all([simulator.stop(), files.stop()])) };
}

async function pinterest(): Promise<Stand> {
  const clock = createManualClock();
  const simulator = await startPinterestSimulator({ now: clock.now, processingMs: 0 });
  simulator.setLimit(1e6);
  const { accessToken } = simulator.tokens();
  const boardId = simulator.options.boards[0]?.id ?? '';
  const settings = { credentials: { accessToken }, boardId, apiUrl: simulator.url };
  const publisher = createPinterestPublisher(settings, memoryVault(), clock);
  return stand('pinterest', publisher, clock, simulator, simulator.user.id);
}

async function tumblr(): Promise<Stand> {
  const clock = createManualClock();
  const simulator = await startTumblrSimulator({ now: clock.now, transcodingMs: 0 });
  simulator.setLimit('perhour', 1e6);
  simulator.setLimit('perday', 1e6);
  const settings = {
    credentials: simulator.credentials,
    blogs: [simulator.blog.name],
    apiUrl: simulator.url,
  };
  const publisher = createTumblrPublisher(settings, memoryVault(), clock, createSeededRandom());
  return stand('tumblr', publisher, clock, simulator, simulator.blog.uuid);
}

async function x(): Promise<Stand> {
  const clock = createManualClock();
  const simulator = await startXSimulator({ now: clock.now, processingMs: 1 });
  const publisher = createXPublisher({ credentials: simulator.credentials, apiUrl: simulator.url }, clock);
  return stand('x', publisher, clock, simulator, simulator.user.id);
}

function stand(
  network: string,
  publisher: Publisher,
  clock: ManualClock,
  simulator: { readonly requests: readonly Request[]; stop(): Promise<void> },
  remoteId: string,
): Stand {
  const { requests, stop } = simulator;
  return { network, publisher, clock, requests, stop, account: account(network, { remoteId }) };
}

/** Where Instagram fetches pictures. */
async function servePictures(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const found = PICTURES.find(({ sha256 }) => request.url === `/${sha256}`);
    if (!found) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': found.mime }).end(fill(found.name, found.bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
