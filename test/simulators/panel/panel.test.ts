/** The simulators as `npm run simulators` starts them, broken through the page's own endpoint and met by the real publishers. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { publisherSettings } from '../../../src/app/publisher-settings.ts';
import { readConfig } from '../../../src/config.ts';
import type { Publisher } from '../../../src/core/publisher.ts';
import type { Account, MediaItem } from '../../../src/core/words.ts';
import { systemClock, systemRandom } from '../../../src/lib/system-clock.ts';
import { createPublishers } from '../../../src/publishers/index.ts';
import type { TokenVault } from '../../../src/publishers/token-vault.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { createMemoryBlobs, createMemoryWall } from '../../helpers/memory-wall.ts';
import { account, content, mediaItem, publishAll, sha256 } from '../../helpers/publishing.ts';
import { type Simulators, shell, startSimulators } from './start.ts';

let simulators: Simulators;
let live: ReadonlyMap<string, Publisher>;
const accounts = new Map<string, Account>();

beforeAll(async () => {
  simulators = await startSimulators(0);
  live = await connect();
  for (const [network, publisher] of live) {
    const who = await publisher.identify(new AbortController().signal);
    accounts.set(network, account(network, { remoteId: who.remoteId, handle: who.handle }));
  }
});
// New ones each time, since a publisher keeps to what a network told it about its limits.
beforeEach(async () => {
  live = await connect();
});
afterEach(() => post('/reset'));
afterAll(() => simulators.stop());

const vaults = new Map<string, TokenVault>();
function keepVault(network: string): TokenVault {
  const vault = memoryVault();
  vaults.set(network, vault);
  return vault;
}

async function connect(): Promise<ReadonlyMap<string, Publisher>> {
  const settings = publisherSettings(readConfig(simulators.environment));
  const tokenVault = (network: string) => vaults.get(network) ?? keepVault(network);
  const ports = { clock: systemClock, random: systemRandom, tokenVault };
  const publishers = await createPublishers(settings, {
    ...ports,
    wall: createMemoryWall(),
    blobs: createMemoryBlobs(),
  });
  return publishers.live;
}

function post(path: string, body: unknown = {}, type = 'application/json'): Promise<Response> {
  return fetch(simulators.url + path, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });
}

const breakNext = async (network: string, order: object): Promise<void> =>
  expect((await post(`/faults/${network}`, order)).status).toBe(204);

async function shown(network: string) {
  const state = (await (await fetch(`${simulators.url}/state.json`)).json()) as {
    networks: {
      network: string;
      lasting: string[];
      waiting: number;
      wall: { text: string; media: { sha256: string }[] }[];
      requests: { method: string; path: string; status?: number }[];
    }[];
  };
  return state.networks.find((each) => each.network === network)!;
}

/** Where words alone make no post, a picture or a video is with them. */
const MEDIA: Readonly<Record<string, readonly MediaItem[]>> = {
  pinterest: [mediaItem('image', { name: 'panel.jpg' })],
  instagram: [mediaItem('video', { name: 'panel.mp4', fastStart: true })],
};

function publish(network: string, text: string): ReturnType<typeof publishAll> {
  return publishAll(live.get(network)!, {
    account: accounts.get(network)!,
    content: content({ text }, MEDIA[network]),
    clock: systemClock,
  });
}

const NETWORKS = ['facebook', 'instagram', 'pinterest', 'tumblr', 'x'];

describe.each(NETWORKS)('%s', (network) => {
  it('is reached by the variables that are printed', async () => {
    const who = await live.get(network)?.identify(new AbortController().signal);
    expect(who?.handle).toMatch(/acme/);
  });

  it('refuses the next calls for the rate, and names the instant', async () => {
    await breakNext(network, { fault: 'rate limit', calls: 'any' });
    const before = Date.now();
    const error = await publish(network, 'Too soon').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'RateLimited', next: { do: 'at' } });
    const { at } = (error as { next: { at: Date } }).next;
    expect(at.getTime() - before).toBeGreaterThan(30_000);
    expect(at.getTime() - before).toBeLessThan(130_000);
  });

  it('refuses its tokens until all is reset', async () => {
    await breakNext(network, { fault: 'revoked token' });
    await expect(publish(network, 'Not allowed')).rejects.toMatchObject({ kind: 'AuthRevoked' });
    expect((await shown(network)).lasting).toEqual(['revoked token']);
    await post('/reset');
    await live.get(network)?.identify(new AbortController().signal);
    expect((await shown(network)).lasting).toEqual([]);
  });
});

describe.each(NETWORKS.filter((each) => each !== 'instagram'))('the wall of %s', (network) => {
  it('has what was published although the connection broke', async () => {
    await breakNext(network, { fault: 'drop after the effect' });
    await expect(publish(network, 'Cut off')).rejects.toMatchObject({ kind: 'OutcomeUnknown' });
    const { wall, requests, waiting } = await shown(network);
    expect(wall.map(({ text }) => text)).toContain('Cut off');
    expect(requests[0]).toMatchObject({ method: 'POST' });
    expect(waiting).toBe(0);
  });

  it('has nothing of a call that met a fault of the network', async () => {
    await breakNext(network, { fault: 'server error' });
    await expect(publish(network, 'Lost')).rejects.toMatchObject({ kind: 'OutcomeUnknown' });
    const { wall, requests } = await shown(network);
    expect(wall.map(({ text }) => text)).not.toContain('Lost');
    expect(requests[0]?.status).toBe(500);
  });
});

it.each(['pinterest', 'tumblr'])('%s takes a new token for one that has expired', async (network) => {
  await breakNext(network, { fault: 'expired token' });
  await live.get(network)?.identify(new AbortController().signal);
  const { requests } = await shown(network);
  expect(requests.map(({ method, status }) => `${method} ${status}`)).toEqual(
    expect.arrayContaining(['GET 401', 'POST 200']),
  );
});

it('a call that hangs goes on when all is reset', async () => {
  await breakNext('x', { fault: 'hang' });
  const published = publish('x', 'Held');
  await expect.poll(async () => (await shown('x')).requests[0]?.path).toBe('/2/tweets');
  expect((await shown('x')).wall.map(({ text }) => text)).not.toContain('Held');
  await post('/reset');
  expect(await published).toMatchObject({ state: 'published' });
});

it('pictures are shown as they were sent', async () => {
  await publish('pinterest', 'A picture');
  const [medium] = (await shown('pinterest')).wall[0]?.media ?? [];
  const file = await fetch(`${simulators.url}/files/${medium?.sha256}`);
  expect(file.headers.get('content-type')).toBe('image/jpeg');
  expect(sha256(Buffer.from(await file.arrayBuffer()))).toBe(MEDIA.pinterest?.[0]?.sha256);
});

it('says what is possible when it is asked for something else', async () => {
  const refused = await post('/faults/x', { fault: 'expired token' });
  expect([refused.status, await refused.text()]).toEqual([
    400,
    expect.stringContaining('possible: rate limit'),
  ]);
  expect((await post('/faults/x', { fault: 'rain' })).status).toBe(400);
  expect((await post('/faults/myspace', { fault: 'hang' })).status).toBe(404);
  expect((await post('/faults/x', { fault: 'hang' }, 'text/plain')).status).toBe(415);
});

it('quotes every variable for a shell', () => {
  expect(shell({ NAME: "it's $HOME" })).toBe("export NAME='it'\\''s $HOME'\n");
});
