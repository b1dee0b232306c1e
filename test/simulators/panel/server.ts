/**
 * The page of the simulators and what it asks for: `GET /` the page, `GET /state.json` all walls, requests and faults,
 * `GET /files/SHA256`, `GET /environment` the variables as a shell takes them, `POST /faults/NETWORK` to break something,
 * `POST /reset`.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBreaker, order } from './faults.ts';
import type { SimulatedNetwork } from './network.ts';
import type { Shelf } from './shelf.ts';

const WALL_ENTRIES = 50;
const REQUESTS = 40;
const BODY_BYTES_MAX = 10_000;

export interface PanelServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startPanel(
  port: number,
  parts: {
    readonly networks: readonly SimulatedNetwork[];
    readonly shelf: Shelf;
    /** The variables as lines for a shell. */
    readonly environment: () => string;
  },
): Promise<PanelServer> {
  const page = await readFile(new URL('page.html', import.meta.url));
  const shown = parts.networks.map((network) => ({ network, breaker: createBreaker(network) }));

  const state = (): unknown => ({
    networks: shown.map(({ network, breaker }) => ({
      network: network.network,
      label: network.label,
      possible: breaker.possible,
      lasting: breaker.lasting(),
      waiting: breaker.waiting(),
      violations: network.violations,
      wall: [...network.wall()].sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, WALL_ENTRIES),
      requests: network.requests
        .slice(-REQUESTS)
        .reverse()
        .map(({ method, path, status }) => ({ method, path, status })),
    })),
  });

  const breakNetwork = async (name: string, request: IncomingMessage): Promise<Answer> => {
    const found = shown.find(({ network }) => network.network === name);
    if (!found) return refusal(404, `There is no network “${name}”.`);
    // A form of another site cannot send this type, so no page that happens to be open breaks anything.
    if (request.headers['content-type'] !== 'application/json') return refusal(415, 'Send JSON.');
    const read = order.safeParse(await jsonOf(request));
    if (!read.success) return refusal(400, read.error.issues.map(({ message }) => message).join('; '));
    if (found.breaker.set(read.data)) return { status: 204 };
    const possible = found.breaker.possible.join(', ');
    return refusal(400, `${found.network.label} has no “${read.data.fault}”; possible: ${possible}.`);
  };

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const [place = '', name = ''] = (request.url ?? '/').slice(1).split('/');
    switch (`${request.method} /${place}`) {
      case 'GET /':
        return { status: 200, type: 'text/html; charset=utf-8', body: page };
      case 'GET /state.json':
        return { status: 200, type: 'application/json', body: JSON.stringify(state()) };
      case 'GET /environment':
        return { status: 200, type: 'text/plain; charset=utf-8', body: parts.environment() };
      case 'GET /files': {
        const file = parts.shelf.get(name);
        return file ? { status: 200, type: file.type, body: file.bytes } : refusal(404, 'No such file.');
      }
      case 'POST /faults':
        return breakNetwork(name, request);
      case 'POST /reset':
        for (const { breaker } of shown) breaker.reset();
        return { status: 204 };
      default:
        return refusal(404, `There is no ${request.method} ${request.url}.`);
    }
  };

  const server = createServer((request, response) => {
    answer(request).then(
      (given) => send(response, given),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const { breaker } of shown) breaker.reset();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | Buffer;
}

const refusal = (status: number, words: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${words}\n`,
});

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response
    .writeHead(status, {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(type ? { 'content-type': type } : {}),
    })
    .end(body);
}

/** Undefined when it is no JSON, or far too much. */
async function jsonOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_BYTES_MAX) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
