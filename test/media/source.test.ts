import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/lib/system-clock.ts';
import { FETCH_LIMITS } from '../../src/media/limits.ts';
import { openLink } from '../../src/media/open-link.ts';
import type { MediaSourceOptions } from '../../src/media/source.ts';
import { createMediaSource } from '../../src/media/source.ts';
import type { WebClient } from '../../src/media/web-client.ts';
import { type Loopback, serve } from './loopback.ts';

const running: Loopback[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function server(listener: RequestListener): Promise<Loopback> {
  const started = await serve(listener);
  running.push(started);
  return started;
}

const source = (options: Partial<MediaSourceOptions> = {}) =>
  createMediaSource({ clock: systemClock, workingDirectory: tmpdir(), ...options });

/** A source that trusts the servers of this test, as `*_API_URL` would. */
const trusting = (servers: readonly Loopback[], options: Partial<MediaSourceOptions> = {}) =>
  source({ trustedOrigins: servers.map(({ origin }) => origin), ...options });

describe('links', () => {
  it('gives the bytes, the announced size and a name', async () => {
    const web = await server((_request, response) =>
      response.writeHead(200, { 'content-length': 5 }).end('bytes'),
    );
    const opened = await trusting([web]).openLink(
      `${web.origin}/pictures/summer%20sun.jpg?width=5#top`,
      never,
    );
    expect(opened).toMatchObject({ name: 'summer sun.jpg', declaredBytes: 5 });
    expect((await buffer(opened.stream)).toString()).toBe('bytes');
    expect(web.requests).toEqual(['/pictures/summer%20sun.jpg?width=5']);
  });

  it.each([
    ['attachment; filename="../../a \\"b\\".png"', 'a "b".png'],
    ["attachment; filename*=UTF-8''..%2Fevil%E2%80%AEgpj.png", 'evilgpj.png'],
    ["attachment; filename=x.png; filename*=UTF-8''sch%C3%B6n.png", 'schön.png'],
    ['inline', 'a.jpg'],
  ])('takes the name from %s', async (disposition, name) => {
    const web = await server((_request, response) => {
      response.writeHead(200, { 'content-disposition': disposition }).end('x');
    });
    const opened = await trusting([web]).openLink(`${web.origin}/a.jpg`, never);
    await buffer(opened.stream);
    expect(opened.name).toBe(name);
  });

  it('leaves no connection open', async () => {
    const web = await server((_request, response) => response.end('x'));
    const media = trusting([web]);
    await buffer((await media.openLink(web.origin, never)).stream);
    (await media.openLink(web.origin, never)).stream.destroy();
    await vi.waitFor(async () => expect(await web.open()).toBe(0));
  });
});

describe('links that are refused', () => {
  it.each([
    ['file:///etc/passwd', 'file:'],
    ['ftp://example.com/a.jpg', 'ftp:'],
    ['data:image/png;base64,AAAA', 'data:'],
    ['not a link', 'no web address'],
    ['https://name:password@example.com/a.jpg', 'name and password'],
  ])('%s', async (url, words) => {
    await expect(source().openLink(url, never)).rejects.toMatchObject({
      code: 'MEDIA_LINK_REFUSED',
      message: expect.stringContaining(words),
      hint: expect.stringContaining('https://'),
    });
  });

  it('never shows the password or the query', async () => {
    const error = await source()
      .openLink('https://name:hunter2@example.com/a.jpg?sig=secret', never)
      .catch((e: unknown) => e);
    expect(JSON.stringify([String(error), error])).not.toMatch(/hunter2|secret/);
  });

  const spelled = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    'localhost',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
  ];
  it.each(spelled)('this machine written as %s: nothing arrives there', async (host) => {
    const web = await server((_request, response) => response.end('secret'));
    await expect(source().openLink(`http://${host}:${web.port}/`, never)).rejects.toMatchObject({
      code: 'MEDIA_LINK_REFUSED',
    });
    expect(web.requests).toEqual([]);
  });

  it('a name that turns to this machine after the first look (DNS rebinding)', async () => {
    const web = await server((_request, response) => response.end('secret'));
    let asked = 0;
    const media = source({
      resolve: (_name, _options, done) => {
        asked += 1;
        done(null, [{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]);
      },
    });
    for (const _try of [1, 2]) {
      await expect(media.openLink(`http://rebinding.example:${web.port}/`, never)).rejects.toMatchObject({
        code: 'MEDIA_LINK_REFUSED',
      });
    }
    expect(asked).toBe(2);
    expect(web.requests).toEqual([]);
  });

  it('a redirect from a trusted address to a private one', async () => {
    const inside = await server((_request, response) => response.end('secret'));
    const web = await server((_request, response) =>
      response.writeHead(302, { location: `${inside.origin}/admin` }).end(),
    );
    await expect(trusting([web]).openLink(web.origin, never)).rejects.toMatchObject({
      code: 'MEDIA_LINK_REFUSED',
    });
    expect(inside.requests).toEqual([]);
  });

  it('a redirect from outside to a trusted address: it is fetched with the guard on', async () => {
    const asked: [string, boolean][] = [];
    const next: Record<string, string> = {
      'http://inside/': 'http://outside/',
      'http://outside/': 'http://inside/admin',
    };
    const web: WebClient = {
      trusts: (url) => url.host === 'inside',
      get(url, { trusted }) {
        asked.push([url.href, trusted]);
        const answer = { statusCode: next[url.href] ? 302 : 404, headers: { location: next[url.href] } };
        return Promise.resolve(Object.assign(new Readable({ read() {} }), answer) as never);
      },
    };
    const setting = { web, limits: FETCH_LIMITS, clock: systemClock, signal: never };
    await expect(openLink('http://inside/', setting)).rejects.toMatchObject({ code: 'MEDIA_UNREACHABLE' });
    expect(asked).toEqual([
      ['http://inside/', true],
      ['http://outside/', false],
      ['http://inside/admin', false],
    ]);
  });

  it('a redirect to a file', async () => {
    const web = await server((_request, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );
    await expect(trusting([web]).openLink(web.origin, never)).rejects.toMatchObject({
      code: 'MEDIA_LINK_REFUSED',
      message: expect.stringContaining('redirects to a file: address'),
    });
  });
});

describe('redirects', () => {
  it('are followed, relative ones too', async () => {
    const web = await server((request, response) => {
      const hop = Number(request.url?.slice(1));
      if (hop < 5) response.writeHead(302, { location: String(hop + 1) }).end('moved');
      else response.end('there');
    });
    const opened = await trusting([web]).openLink(`${web.origin}/0`, never);
    expect((await buffer(opened.stream)).toString()).toBe('there');
  });

  it('end after five', async () => {
    const web = await server((request, response) => {
      response.writeHead(302, { location: String(Number(request.url?.slice(1)) + 1) }).end();
    });
    await expect(trusting([web]).openLink(`${web.origin}/0`, never)).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: expect.stringContaining('more than 5 times'),
    });
    expect(web.requests).toHaveLength(6);
  });

  it('in a circle are told', async () => {
    const web = await server((request, response) =>
      response.writeHead(301, { location: request.url === '/a' ? '/b' : '/a' }).end(),
    );
    await expect(trusting([web]).openLink(`${web.origin}/a`, never)).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: expect.stringContaining('in a circle'),
    });
    expect(web.requests).toEqual(['/a', '/b']);
  });

  it('without an address are told', async () => {
    const web = await server((_request, response) => response.writeHead(302).end());
    await expect(trusting([web]).openLink(web.origin, never)).rejects.toMatchObject({
      message: expect.stringContaining('without saying where'),
    });
  });
});

describe('answers', () => {
  it.each([
    [401, 'login'],
    [403, 'may not be fetched'],
    [404, 'is not there'],
    [410, 'is not there'],
    [418, '418'],
    [429, 'slow down'],
    [503, 'trouble on its side'],
  ])('with status %i are told in words', async (status, words) => {
    const web = await server((_request, response) => response.writeHead(status).end('no'));
    await expect(trusting([web]).openLink(`${web.origin}/a.jpg`, never)).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: expect.stringContaining(words),
      hint: expect.stringMatching(/\w/),
    });
  });

  it('that are a web page are told', async () => {
    const web = await server((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>'),
    );
    await expect(trusting([web]).openLink(`${web.origin}/photo`, never)).rejects.toMatchObject({
      code: 'MEDIA_UNREADABLE',
      message: expect.stringContaining('web page'),
    });
  });

  it('that announce too much are refused before a byte is read', async () => {
    const web = await server((_request, response) =>
      response.writeHead(200, { 'content-length': 5000 }).write('x'),
    );
    await expect(
      trusting([web], { limits: { maxBytes: 1024 } }).openLink(web.origin, never),
    ).rejects.toMatchObject({
      code: 'MEDIA_TOO_LARGE',
      message: 'It has 4.9 kB, more than can be taken: at most 1 kB.',
    });
    await vi.waitFor(async () => expect(await web.open()).toBe(0));
  });

  it('that never end are cut at the bound', async () => {
    const web = await server((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(4096)));
      };
      response.on('drain', more);
      more();
    });
    const { stream } = await trusting([web], { limits: { maxBytes: 1_000_000 } }).openLink(web.origin, never);
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'MEDIA_TOO_LARGE' });
    await vi.waitFor(async () => expect(await web.open()).toBe(0));
  });

  it('that break off are told', async () => {
    const web = await server((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
    });
    const { stream } = await trusting([web]).openLink(web.origin, never);
    await expect(buffer(stream)).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: expect.stringContaining('broke off'),
    });
  });

  it('whose server is faster than the reader and hangs up (this ends a process that uses undici 7)', async () => {
    const web = await server((_request, response) => {
      response
        .writeHead(200, { 'content-length': 3_000_000, connection: 'close' })
        .end(Buffer.alloc(3_000_000));
    });
    const { stream } = await trusting([web]).openLink(web.origin, never);
    await vi.waitFor(async () => expect(await web.open()).toBe(0));
    let read = 0;
    for await (const chunk of stream) {
      read += (chunk as Buffer).length;
      await new Promise(setImmediate);
    }
    expect(read).toBe(3_000_000);
  });

  it.each([
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    'SSH-2.0-OpenSSH_9.6\r\n',
    '',
  ])('that are none: %j', async (words) => {
    const odd = createServer((socket) =>
      socket
        .resume()
        .on('error', () => undefined)
        .end(words),
    );
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
    await expect(source({ trustedOrigins: [origin] }).openLink(origin, never)).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
    });
    await new Promise((resolve) => odd.close(resolve));
  });

  it('that come compressed all the same are told', async () => {
    const web = await server((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    );
    await expect(trusting([web]).openLink(web.origin, never)).rejects.toMatchObject({
      message: expect.stringContaining('gzip'),
    });
  });
});

describe('servers that do not answer', () => {
  it('in time with a head', async () => {
    const web = await server(() => undefined);
    await expect(
      trusting([web], { limits: { answerMs: 50 } }).openLink(web.origin, never),
    ).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: expect.stringContaining('no answer in time'),
    });
  });

  it('on in the middle of the body', async () => {
    const web = await server((_request, response) => response.writeHead(200).write('x'));
    const { stream } = await trusting([web], { limits: { idleMs: 50 } }).openLink(web.origin, never);
    await expect(buffer(stream)).rejects.toMatchObject({
      message: expect.stringContaining('stopped sending'),
    });
  });

  it('fast enough in total, by the given clock', async () => {
    let expire: () => void = () => undefined;
    const web = await server((_request, response) => response.writeHead(200).write('x'));
    const clock = {
      now: () => new Date(0),
      at(_instant: Date, callback: () => void) {
        expire = callback;
        return () => undefined;
      },
    };
    const { stream } = await trusting([web], { clock, limits: { totalMs: 60_000 } }).openLink(
      web.origin,
      never,
    );
    const reading = buffer(stream);
    expire();
    await expect(reading).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: expect.stringContaining('after 1 min'),
    });
  });

  it('at all', async () => {
    const web = await serve(() => undefined);
    await web.close();
    await expect(trusting([web]).openLink(web.origin, never)).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: expect.stringContaining('does not accept connections'),
    });
  });

  it('because the name does not exist', async () => {
    const media = source({
      resolve: (_name, _options, done) => done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []),
    });
    await expect(media.openLink('https://nowhere.example/a.jpg', never)).rejects.toMatchObject({
      code: 'MEDIA_UNREACHABLE',
      message: 'nowhere.example/a.jpg has a name that does not exist.',
    });
  });
});

describe('giving up', () => {
  it('rejects with the reason, before and during', async () => {
    const web = await server((_request, response) => response.writeHead(200).write('x'));
    const reason = new Error('shutting down');
    await expect(trusting([web]).openLink(web.origin, AbortSignal.abort(reason))).rejects.toBe(reason);
    const control = new AbortController();
    const { stream } = await trusting([web]).openLink(web.origin, control.signal);
    const reading = buffer(stream);
    control.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});

describe('files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'carillon-source-'));
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'sub', 'picture.png'), 'bytes');
    await writeFile(join(folder, 'empty.png'), '');
    return () => rm(folder, { recursive: true });
  });

  const files = (maxBytes = 1024) => source({ workingDirectory: folder, limits: { maxBytes } });

  it('are read from the working directory', async () => {
    const opened = await files().openFile('sub/picture.png', never);
    expect(opened).toMatchObject({ name: 'picture.png', declaredBytes: 5 });
    expect((await buffer(opened.stream)).toString()).toBe('bytes');
    await buffer((await files().openFile(join(folder, 'sub', 'picture.png'), never)).stream);
  });

  it.each([
    ['missing.png', 'FILE_NOT_FOUND', 'does not exist'],
    ['sub', 'FILE_NOT_FOUND', 'is a folder'],
    ['sub/picture.png/deeper', 'FILE_NOT_FOUND', 'does not exist'],
    ['empty.png', 'MEDIA_UNREADABLE', 'is empty'],
  ])('%s: %s', async (path, code, words) => {
    await expect(files().openFile(path, never)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  it('too large are refused', async () => {
    await expect(files(4).openFile('sub/picture.png', never)).rejects.toMatchObject({
      code: 'MEDIA_TOO_LARGE',
    });
  });

  it.skipIf(process.platform === 'win32')('that never end are refused', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const path of ['pipe', '/dev/zero']) {
      await expect(files().openFile(path, never)).rejects.toMatchObject({
        code: 'FILE_NOT_FOUND',
        message: expect.stringContaining('no ordinary file'),
      });
    }
  });
});
