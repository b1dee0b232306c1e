// Where media come from: links, through redirects, and files.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { server, source, trusting } from './link-servers.ts';

const never = new AbortController().signal;

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
