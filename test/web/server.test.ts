// The server of the web pages: what a supervisor relies on, its methods, routes, faults, addresses and end.
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { HEALTHY, usePages, video } from './pages.ts';

/** Not every machine has it. */
const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ address }) => address === '::1'),
);

const pages = usePages();
const { get, serve } = pages;

describe('/health', () => {
  it('is 200 with its shape when all is well', async () => {
    const answer = await get('/health');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toEqual(HEALTHY);
  });

  it('is 503 with the same shape when something is not', async () => {
    pages.health = async () => ({
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
    pages.health = () => Promise.reject(new Error('secret insides'));
    const answer = await get('/health');
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('Something went wrong; the log has the details.\n');
    expect(pages.log).toMatchObject([{ level: 'error', facts: { path: '/health' } }]);
    pages.health = async () => HEALTHY;
    expect((await get('/health')).status).toBe(200);
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
    pages.web = await serve({
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
    pages.web = await serve({
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
    const { port } = new URL(pages.web.address);
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
    const { hostname, port } = new URL(pages.web.address);
    const idle = createConnection(Number(port), hostname);
    await once(idle, 'connect');
    const closed = once(idle, 'close');
    await pages.web.stop();
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
