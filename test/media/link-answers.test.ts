// What servers answer to links, and those that do not.
import { type AddressInfo, createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { server, source, trusting } from './link-servers.ts';

const never = new AbortController().signal;

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
    const web = await server(() => undefined);
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
