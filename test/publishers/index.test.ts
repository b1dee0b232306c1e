import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createPublishers } from '../../src/publishers/index.ts';
import { createManualClock, createSeededRandom } from '../helpers/manual-clock.ts';
import { createMemoryBlobs, createMemoryWall } from '../helpers/memory-wall.ts';
import { content, mediaItem } from '../helpers/publishing.ts';

const NETWORKS = ['facebook', 'instagram', 'pinterest', 'tumblr', 'x'];
const ports = () => ({
  wall: createMemoryWall(),
  blobs: createMemoryBlobs(),
  clock: createManualClock(),
  random: createSeededRandom(),
  tokenVault: () => ({ load: async () => undefined, save: async () => undefined }),
});
const credentials = {
  apiKey: 'key-1',
  apiSecret: 'secret-1',
  accessToken: 'token-1',
  accessSecret: 'hidden-1',
};

describe('createPublishers', () => {
  it('gives a rehearsal of every network, and nothing live without credentials', async () => {
    const { live, rehearsal, rules } = await createPublishers({}, ports());
    expect([...rehearsal.keys()]).toEqual(NETWORKS);
    expect([...rules.keys()]).toEqual(NETWORKS);
    expect([...live.keys()]).toEqual([]);
    for (const network of NETWORKS) expect(rehearsal.get(network)?.label).toBe(rules.get(network)?.label);
  });

  it('gives the real X when it is configured', async () => {
    const { live } = await createPublishers({ x: { credentials } }, ports());
    expect([...live.keys()]).toEqual(['x']);
    expect(live.get('x')?.capabilities.text.limit).toBe(280);
  });

  it('opens the budget of each set of credentials, under an id without a secret', async () => {
    const opened: string[] = [];
    const openBudget = async (id: string) => {
      opened.push(id);
      return { known: [], keep: () => undefined };
    };
    const facebook = { credentials: { pageId: '1', pageToken: 'token-1' } };
    for (const accessToken of ['token-1', 'token-2']) {
      await createPublishers(
        { facebook, x: { credentials: { ...credentials, accessToken } } },
        { ...ports(), openBudget },
      );
    }
    expect(new Set(opened).size).toBe(3);
    expect(opened.every((id) => /^(?:x|facebook)\.[0-9a-f]{16}$/.test(id))).toBe(true);
  });
});

it('gives the real Facebook page when it is configured', async () => {
  const facebook = { credentials: { pageId: '1', pageToken: 'token-1' } };
  const { live } = await createPublishers({ facebook }, ports());
  expect([...live.keys()]).toEqual(['facebook']);
});

it('gives the real Pinterest when it is configured; with a board of its own none need be named', async () => {
  const pinterest = { credentials: { accessToken: 'token-1' }, boardId: '549755885175001' };
  const { live, rules } = await createPublishers({ pinterest }, ports());
  expect([...live.keys()]).toEqual(['pinterest']);
  expect(live.get('pinterest')?.capabilities.board).toEqual({ required: false });
  expect(rules.get('pinterest')?.capabilities.board).toEqual({ required: true });
});

describe('the real Tumblr', () => {
  it('is there when it is configured', async () => {
    const tumblr = {
      credentials: { consumerKey: 'k', consumerSecret: 's', token: 't', tokenSecret: 'h' },
      blogs: ['acme'],
    };
    const { live } = await createPublishers({ tumblr }, ports());
    expect([...live.keys()]).toEqual(['tumblr']);
  });
});

it('gives the real Instagram account when it is configured; pictures need links', async () => {
  const instagram = { credentials: { userId: '1', accessToken: 'IG-1' } };
  const picture = content({}, [mediaItem('image')]);
  const without = await createPublishers({ instagram }, ports());
  expect([...without.live.keys()]).toEqual(['instagram']);
  expect(without.live.get('instagram')?.validate(picture)[0]?.code).toBe('PUBLIC_ADDRESS_NEEDED');
  const mediaLinks = () => 'https://bot.example.org/media/1.jpg';
  const { live } = await createPublishers({ instagram }, { ...ports(), mediaLinks });
  expect(live.get('instagram')?.validate(picture)).toEqual([]);
});

/** What is loaded when a file is imported: its imports, theirs, and so on; types and `import()` load nothing. */
function loadedBy(file: URL, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file.href)) return seen;
  seen.add(file.href);
  const source = readFileSync(file, 'utf8');
  for (const [, name = ''] of source.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gms)) {
    if (name.startsWith('.')) loadedBy(new URL(name, file), seen);
    else seen.add(name);
  }
  return seen;
}

describe('what a start pays for', () => {
  const packages = (path: string) =>
    [...loadedBy(new URL(path, import.meta.url))].filter((name) => !/^(node|file):/.test(name));

  it('no client library without credentials, and none before the first call', () => {
    expect(packages('../../src/publishers/index.ts')).toEqual([]);
    expect(packages('../../src/publishers/x/publisher.ts')).toEqual(['zod']);
    expect(packages('../../src/publishers/tumblr/publisher.ts')).toEqual(['zod']);
    expect(packages('../../src/publishers/pinterest/publisher.ts')).toEqual(['zod']);
    expect(packages('../../src/publishers/facebook/publisher.ts')).toEqual(['zod']);
    expect(packages('../../src/publishers/instagram/publisher.ts')).toEqual(['zod']);
  });
});
