// Links that lead to where nothing may be fetched from.
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/system-clock.ts';
import { FETCH_LIMITS } from '../../src/media/limits.ts';
import { openLink } from '../../src/media/open-link.ts';
import type { WebClient } from '../../src/media/web-client.ts';
import { server, source, trusting } from './link-servers.ts';

const never = new AbortController().signal;

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
