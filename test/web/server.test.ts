// The web pages over real HTTP: what a supervisor, a browser and a script rely on, and what nobody gets.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BlobStore } from '../../src/core/media.ts';
import type { WallEntry, WallMedia } from '../../src/core/wall.ts';
import { createFileBlobStore } from '../../src/stores/blob-files.ts';
import { type Health, startWeb, type Web, type WebOptions } from '../../src/web/server.ts';
import { createMemoryWall, type MemoryWall } from '../helpers/memory-wall.ts';
import { fill, type LogLine, recordingLog } from '../helpers/publishing.ts';

/** Not every machine has it. */
const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ address }) => address === '::1'),
);

const HEALTHY: Health = {
  status: 'ok',
  database: 'ok',
  scheduler: { lastTick: '2026-11-24T09:00:00.000Z', overdue: 0 },
  frontends: { terminal: { state: 'ready' } },
};
const VIDEO = fill('clip.mp4', 200_000);
const SECRET = fill('private.png', 500);

let directory = '';
let blobs: BlobStore;
let video: WallMedia;
let secret = '';
let wall: MemoryWall;
let web: Web;
let health: () => Promise<Health>;
let log: LogLine[];
const opened: Web[] = [];

const keep = async (bytes: Buffer) =>
  (await blobs.write(Readable.from([bytes]), { maxBytes: 1_000_000, signal: new AbortController().signal }))
    .sha256;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'carillon-web-'));
  blobs = await createFileBlobStore(directory);
  const sha256 = await keep(VIDEO);
  video = {
    sha256,
    kind: 'video',
    mime: 'video/mp4',
    bytes: VIDEO.length,
    width: 720,
    height: 1280,
    alt: 'A clip',
  };
  secret = await keep(SECRET);
});
afterAll(() => rm(directory, { recursive: true, force: true }));
beforeEach(async () => {
  wall = createMemoryWall();
  health = async () => HEALTHY;
  log = [];
  web = await serve();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.stop();
});

async function serve(options: Partial<WebOptions> = {}): Promise<Web> {
  const started = await startWeb({
    host: '127.0.0.1',
    port: 0,
    health: () => health(),
    wall,
    blobs,
    routes: {},
    log: recordingLog(log),
    ...options,
  });
  opened.push(started);
  return started;
}

const get = (path: string, init: RequestInit = {}) =>
  fetch(`${web.address}${path}`, { redirect: 'manual', ...init });

/** A request line as it stands: fetch would tidy the path up before it is sent. */
async function raw(requestLine: string, headers = ''): Promise<string> {
  const { hostname, port } = new URL(web.address);
  const socket = createConnection(Number(port), hostname);
  socket.end(`${requestLine}\r\nhost: ${hostname}\r\nconnection: close\r\n${headers}\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

function entry(id: string, patch: Partial<WallEntry> = {}): WallEntry {
  return {
    id,
    workspaceId: 'W1',
    network: 'x',
    account: 'A1',
    handle: '@rehearsal',
    post: 'K7QPD',
    delivery: `K7QPD.${id}`,
    text: `Text of ${id}`,
    media: [],
    at: new Date('2026-11-24T09:00:00Z'),
    ...patch,
  };
}

describe('/health', () => {
  it('is 200 with its shape when all is well', async () => {
    const answer = await get('/health');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toEqual(HEALTHY);
  });

  it('is 503 with the same shape when something is not', async () => {
    health = async () => ({
      status: 'failing',
      database: 'unreachable',
      scheduler: { lastTick: null, overdue: null },
      frontends: {},
    });
    const answer = await get('/health?verbose=1');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      status: 'failing',
      database: 'unreachable',
      scheduler: { lastTick: null, overdue: null },
      frontends: {},
    });
  });

  it('that breaks is 500, says nothing of its insides, and the next one is answered', async () => {
    health = () => Promise.reject(new Error('secret insides'));
    const answer = await get('/health');
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('Something went wrong; the log has the details.\n');
    expect(log).toMatchObject([{ level: 'error', facts: { path: '/health' } }]);
    health = async () => HEALTHY;
    expect((await get('/health')).status).toBe(200);
  });
});

describe('/wall', () => {
  it('is one page whose script and style are the ones that its policy allows, and that calls nobody else', async () => {
    const answer = await get('/wall');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await answer.text();
    const policy = answer.headers.get('content-security-policy')!;
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const only = (tag: string) => {
      const found = [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))];
      expect(found, tag).toHaveLength(1);
      return found[0]![1]!;
    };
    expect(policy).toContain(`script-src ${hash(only('script'))};`);
    expect(policy).toContain(`style-src ${hash(only('style'))};`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toMatch(/https?:|\*/);
    expect(page).not.toMatch(
      /(?:src|href|action|content|url\(|import|fetch\()\s*[=(]?\s*["']?(?:https?:)?\/\/[a-z]/i,
    );
    expect(page).not.toMatch(/\son[a-z]+=|style="/i);
  });

  it('is where the root leads', async () => {
    const answer = await get('/');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/wall']);
  });
});

describe('/wall.json', () => {
  it('has what the network would show beside the words: format, board, first comment, the cover with its video', async () => {
    const still: WallMedia = {
      ...video,
      kind: 'image',
      mime: 'image/png',
      sha256: 'f'.repeat(64),
      isCover: true,
    };
    const said = { format: 'reel', board: 'Towers', firstComment: 'First' } as const;
    await wall.add(entry('e1', { ...said, media: [still, video] }));
    await wall.add(entry('e2', { media: [{ ...video, coverSecond: 3 }] }));
    const [second, first] = (await (await get('/wall.json')).json()) as [
      { media: object[] },
      { media: object[] },
    ];
    expect(first).toMatchObject(said);
    expect(first.media).toMatchObject([{ kind: 'video', cover: { url: `/wall/media/${'f'.repeat(64)}` } }]);
    expect(first.media).toHaveLength(1);
    expect(second.media).toMatchObject([{ cover: { second: 3 } }]);
  });

  it('has every field that scripts rely on, newest first, with null for what is not there', async () => {
    const { alt: _none, ...bare } = video;
    const picture: WallMedia = { ...bare, kind: 'image', mime: 'image/png', sha256: 'f'.repeat(64) };
    const poll = { options: ['Yes', 'No'], minutes: 60 };
    const part = { number: 2, of: 3 };
    await wall.add(entry('e1', { poll, replies: 'verified', part, answers: 'e0' }));
    await wall.add(
      entry('e2', {
        network: 'pinterest',
        title: 'A title',
        link: 'https://a.example',
        media: [video, picture],
        at: new Date('2026-11-24T10:00:00Z'),
      }),
    );
    const answer = await get('/wall.json');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toEqual([
      {
        id: 'e2',
        network: 'pinterest',
        account: '@rehearsal',
        post: 'K7QPD',
        title: 'A title',
        text: 'Text of e2',
        link: 'https://a.example',
        media: [
          {
            kind: 'video',
            bytes: 200_000,
            width: 720,
            height: 1280,
            alt: 'A clip',
            url: `/wall/media/${video.sha256}`,
          },
          {
            kind: 'image',
            bytes: 200_000,
            width: 720,
            height: 1280,
            alt: null,
            url: `/wall/media/${'f'.repeat(64)}`,
          },
        ],
        at: '2026-11-24T10:00:00.000Z',
      },
      {
        id: 'e1',
        network: 'x',
        account: '@rehearsal',
        post: 'K7QPD',
        text: 'Text of e1',
        link: null,
        poll,
        part,
        answers: 'e0',
        replies: 'verified',
        media: [],
        at: '2026-11-24T09:00:00.000Z',
      },
    ]);
  });

  it('is an empty list at first', async () => {
    expect(await (await get('/wall.json')).json()).toEqual([]);
  });

  it.each([
    ['?limit=2', 2],
    ['?limit=0', 0],
    ['?limit=99999', 3],
    ['?limit=-1', 3],
    ['?limit=two', 3],
    ['?limit=1e9', 3],
    ['?limit=', 3],
    ['?other=1', 3],
  ])('with %s answers %i of three', async (query, count) => {
    for (const id of ['e1', 'e2', 'e3']) await wall.add(entry(id));
    const found = (await (await get(`/wall.json${query}`)).json()) as { id: string }[];
    expect(found.map(({ id }) => id)).toEqual(['e3', 'e2', 'e1'].slice(0, count));
  });

  it('answers 304 to who has this version, and anew when something came', async () => {
    await wall.add(entry('e1'));
    const etag = (await get('/wall.json')).headers.get('etag')!;
    const same = await get('/wall.json', { headers: { 'if-none-match': etag } });
    expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, etag, '']);
    await wall.add(entry('e2'));
    const next = await get('/wall.json', { headers: { 'if-none-match': etag } });
    expect(next.status).toBe(200);
    expect(next.headers.get('etag')).not.toBe(etag);
  });
});

describe('/wall/media', () => {
  beforeEach(() => wall.add(entry('e1', { media: [video] })));
  const part = (range: string) => get(`/wall/media/${video.sha256}`, { headers: { range } });

  it('gives the bytes, for ever the same, and lets them run nothing', async () => {
    const answer = await get(`/wall/media/${video.sha256}`);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '200000',
      'accept-ranges': 'bytes',
      'cache-control': expect.stringContaining('immutable'),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(VIDEO)).toBe(true);
  });

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, 200_000],
    ['bytes=199999-', 199_999, 200_000],
    ['bytes=-500', 199_500, 200_000],
    ['bytes=-999999', 0, 200_000],
    ['bytes=5-999999', 5, 200_000],
    ['bytes=7-7', 7, 8],
  ])('gives the part %s', async (range, start, end) => {
    const answer = await part(range);
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/200000`);
    expect(answer.headers.get('content-length')).toBe(String(end - start));
    expect(Buffer.from(await answer.arrayBuffer()).equals(VIDEO.subarray(start, end))).toBe(true);
  });

  it.each(['bytes=200000-', 'bytes=999999-1000000', 'bytes=-0'])('has no part %s', async (range) => {
    const answer = await part(range);
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */200000']);
  });

  it.each(['bytes=9-5', 'bytes=-', 'bytes=0-1,5-6', 'lines=0-1', 'bytes=a-b', ''])(
    'answers the whole to the range “%s” that it does not know',
    async (range) => {
      const answer = await part(range);
      expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 200_000]);
    },
  );

  it('HEAD tells the same without the bytes', async () => {
    const answer = await get(`/wall/media/${video.sha256}`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '200000',
      '',
    ]);
  });

  it('serves nothing that is not on the wall, though it is stored', async () => {
    expect(await blobs.has(secret)).toBe(true);
    expect((await get(`/wall/media/${secret}`)).status).toBe(404);
    await wall.add(
      entry('e2', { media: [{ ...video, sha256: secret, bytes: 500, kind: 'image', mime: 'image/png' }] }),
    );
    expect((await get(`/wall/media/${secret}`)).status).toBe(200);
  });

  it.each([
    '/wall/media/',
    '/wall/media/x',
    `/wall/media/${'0'.repeat(64)}`,
    `/wall/media/${'F'.repeat(64)}`,
    '/wall/media/../../../../etc/passwd',
    '/wall/media/..%2f..%2f..%2fetc%2fpasswd',
    '/wall/media/%2e%2e/%2e%2e/etc/passwd',
    '/wall/media//etc/passwd',
    '/wall/media/\\..\\..\\secret',
    '/../package.json',
    '/wall/../../package.json',
    '//evil.example/wall/media/x',
    '/%00',
    '/__proto__',
    '/constructor',
    '/toString',
    '/nothing',
  ])('%s is 404', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1`);
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 404 Not Found');
    expect(answer).not.toContain('root:');
  });

  it('a browser that goes away in the middle is no fault', async () => {
    const control = new AbortController();
    const answer = await get(`/wall/media/${video.sha256}`, { signal: control.signal });
    await answer.body!.getReader().read();
    control.abort();
    expect((await get('/health')).status).toBe(200);
    expect(log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('a file that is gone ends the answer, not the process', async () => {
    const gone = { ...video, sha256: 'a'.repeat(64) };
    await wall.add(entry('e2', { media: [gone] }));
    await expect(get(`/wall/media/${gone.sha256}`).then((answer) => answer.arrayBuffer())).rejects.toThrow();
    expect((await get('/health')).status).toBe(200);
    expect(log.some(({ level }) => level === 'error')).toBe(true);
  });
});

describe('the server', () => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'refuses %s with what is possible',
    async (method) => {
      for (const path of ['/health', '/wall', '/wall.json', `/wall/media/${video.sha256}`]) {
        const answer = await get(path, { method });
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      }
    },
  );

  it.each(['/health', '/wall', '/wall.json'])('HEAD %s has the headers of GET and no body', async (path) => {
    const [head, full] = [await get(path, { method: 'HEAD' }), await get(path)];
    expect([head.status, head.headers.get('content-type')]).toEqual([
      full.status,
      full.headers.get('content-type'),
    ]);
    expect(await head.text()).toBe('');
    await full.text();
  });

  it('gives the whole of a route to who added it, every method', async () => {
    web = await serve({
      routes: {
        '/hook': async (request, response) => {
          let body = '';
          for await (const chunk of request) body += String(chunk);
          response.writeHead(201).end(`${request.method} ${body}`);
        },
      },
    });
    const answer = await get('/hook?x=1', { method: 'POST', body: 'hello' });
    expect([answer.status, await answer.text()]).toEqual([201, 'POST hello']);
    expect((await get('/hook/more')).status).toBe(404);
  });

  it('a route that breaks is 500, or a broken connection when it had begun', async () => {
    web = await serve({
      routes: {
        '/early': () => Promise.reject(new Error('early')),
        '/late': async (_request, response) => {
          response.writeHead(200).write('half');
          throw new Error('late');
        },
      },
    });
    expect((await get('/early')).status).toBe(500);
    await expect(get('/late').then((answer) => answer.text())).rejects.toThrow();
    expect((await get('/health')).status).toBe(200);
  });

  it('says which port is taken and what to do', async () => {
    const { port } = new URL(web.address);
    await expect(serve({ port: Number(port) })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: `Port ${port} on 127.0.0.1 is taken by another program.`,
      hint: 'Set PORT to a free one (PORT=0 takes any), or stop the other program.',
    });
  });

  it('says when it cannot listen at an address at all', async () => {
    await expect(serve({ host: '203.0.113.1' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: 'Correct HOST and PORT.',
    });
  });

  it('stops at once, though a connection is open, and gives its port free', async () => {
    const { hostname, port } = new URL(web.address);
    const idle = createConnection(Number(port), hostname);
    await once(idle, 'connect');
    const closed = once(idle, 'close');
    await web.stop();
    await closed;
    const next = createServer();
    next.listen(Number(port), hostname);
    await once(next, 'listening');
    next.close();
    await once(next, 'close');
  });

  it.skipIf(!hasIpv6)('names an IPv6 host in brackets', async () => {
    const started = await serve({ host: '::1' });
    expect(started.address).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${started.address}/health`)).status).toBe(200);
  });
});
