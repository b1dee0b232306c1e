import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMediaLinks } from '../../src/app/media-links.ts';
import { createSecretKeys } from '../../src/app/secret-keys.ts';
import { readConfig } from '../../src/config.ts';
import type { BlobStore } from '../../src/core/media.ts';
import { createFileBlobStore } from '../../src/stores/blob-files.ts';
import { createMediaLinks, type MediaLinks } from '../../src/web/media-links.ts';
import { startWeb, type Web } from '../../src/web/server.ts';
import { createManualClock, createSeededRandom, type ManualClock } from '../helpers/manual-clock.ts';
import { createMemoryWall } from '../helpers/memory-wall.ts';
import { fill, recordingLog } from '../helpers/publishing.ts';

const PICTURE = fill('a.jpg', 300_000);
const KEY = Buffer.alloc(32, 7);
const { signal } = new AbortController();

let directory = '';
let blobs: BlobStore;
let clock: ManualClock;
let links: MediaLinks;
let web: Web;
let sha256 = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'carillon-links-'));
  blobs = await createFileBlobStore(join(directory, 'media'));
  ({ sha256 } = await blobs.write(Readable.from([PICTURE]), { maxBytes: 1_000_000, signal }));
  clock = createManualClock();
  links = createMediaLinks({ publicUrl: 'https://bot.example.org/carillon/', key: KEY, blobs, clock });
  web = await startWeb({
    host: '127.0.0.1',
    port: 0,
    health: async () => ({
      status: 'ok',
      database: 'ok',
      scheduler: { lastTick: null, overdue: 0 },
      frontends: {},
    }),
    wall: createMemoryWall(),
    blobs,
    media: links.handle,
    routes: {},
    log: recordingLog([]),
  });
});
afterEach(async () => {
  await web.stop();
  await rm(directory, { recursive: true, force: true });
});

/** The link as a proxy hands it on: without the part that only the outside has. */
const inside = (link: string | undefined): string =>
  `${web.address}${(link ?? '').replace('https://bot.example.org/carillon', '')}`;

describe('a link to a picture', () => {
  it('leads to its bytes, whole and with their length', async () => {
    const link = links.link(sha256, 'image/jpeg');
    expect(link).toMatch(
      new RegExp(`^https://bot\\.example\\.org/carillon/media/${sha256}\\.jpg\\?exp=\\d+&sig=[\\w-]{43}$`),
    );
    const answer = await fetch(inside(link));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(answer.headers.get('content-length')).toBe(String(PICTURE.length));
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await answer.arrayBuffer()).equals(PICTURE)).toBe(true);
  });

  it('answers a HEAD with the same head', async () => {
    const answer = await fetch(inside(links.link(sha256, 'image/jpeg')), { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      String(PICTURE.length),
      '',
    ]);
  });

  it('ends after an hour', async () => {
    const link = inside(links.link(sha256, 'image/jpeg'));
    clock.advance(3_599_000);
    expect((await fetch(link)).status).toBe(200);
    clock.advance(2_000);
    expect((await fetch(link)).status).toBe(404);
  });

  it.each([
    ['another file', (link: string) => link.replace(sha256, 'f'.repeat(64))],
    ['another ending', (link: string) => link.replace('.jpg', '.png')],
    ['a later end', (link: string) => link.replace(/exp=(\d+)/, (_all, end) => `exp=${Number(end) + 9999}`)],
    ['no end', (link: string) => link.replace(/exp=\d+&/, '')],
    ['no signature', (link: string) => link.replace(/&sig=.*/, '')],
    ['a cut signature', (link: string) => link.slice(0, -1)],
    ['a path beside it', (link: string) => link.replace('/media/', '/media/../media/x/')],
  ])('with %s leads nowhere', async (_name, change) => {
    const link = inside(links.link(sha256, 'image/jpeg'));
    const answer = await fetch(change(link));
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain(sha256);
  });

  it('of another key leads nowhere', async () => {
    const others = createMediaLinks({
      publicUrl: 'https://bot.example.org/carillon',
      key: Buffer.alloc(32, 8),
      blobs,
      clock,
    });
    expect((await fetch(inside(others.link(sha256, 'image/jpeg')))).status).toBe(404);
  });

  it('to a file that is gone leads nowhere', async () => {
    const link = inside(links.link(sha256, 'image/jpeg'));
    await blobs.remove(sha256);
    expect((await fetch(link)).status).toBe(404);
  });

  it('is for pictures only', () => {
    expect(links.link(sha256, 'video/mp4')).toBeUndefined();
    expect(links.link(sha256, 'image/png')).toContain('.png?');
  });
});

describe('whether there are links', () => {
  const environment = {
    PUBLIC_URL: 'https://bot.example.org',
    INSTAGRAM_USER_ID: '1',
    INSTAGRAM_ACCESS_TOKEN: 'IG-1',
  };
  const open = (more: Record<string, string | undefined> = {}, seed = 1) => {
    const config = readConfig({ DATA_DIR: directory, ...environment, ...more });
    return openMediaLinks(config, blobs, { clock, keys: createSecretKeys(config, createSeededRandom(seed)) });
  };
  const linkOf = async (opened: ReturnType<typeof open>) => (await opened)?.link(sha256, 'image/jpeg');

  it('needs a public address and a network that fetches', async () => {
    expect(await open({ PUBLIC_URL: undefined })).toBeUndefined();
    expect(await open({ INSTAGRAM_USER_ID: undefined, INSTAGRAM_ACCESS_TOKEN: undefined })).toBeUndefined();
    expect(await linkOf(open())).toContain('https://bot.example.org/media/');
  });

  it('the key is made once, and nobody else may read it', async () => {
    const first = await linkOf(open());
    expect(await linkOf(open({}, 2))).toBe(first);
    const path = join(directory, 'secrets.key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toMatch(/^[0-9a-f]{64}$/);
    expect((await readdir(directory)).filter((name) => name.startsWith('secrets.key'))).toEqual([
      'secrets.key',
    ]);
  });

  it('processes that share SECRETS_KEY share the links', async () => {
    const shared = { SECRETS_KEY: 'ab'.repeat(32) };
    expect(await linkOf(open(shared, 1))).toBe(await linkOf(open(shared, 2)));
    expect(await linkOf(open(shared))).not.toBe(await linkOf(open({ SECRETS_KEY: 'cd'.repeat(32) })));
  });
});
