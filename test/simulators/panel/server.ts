/**
 * The page of the simulators and what it asks for: `GET /` the page, `GET /state.json` all walls, chats, requests and faults,
 * `GET /files/SHA256`, `GET /environment` the variables as a shell takes them (`/environment/chats` with those of the chats),
 * `POST /chats/CHAT` what a person does there, `POST /faults/NAME` to break something, `POST /reset`.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actOf, type SimulatedChat } from './chat.ts';
import { type Breaker, createBreaker, createChatBreaker } from './faults.ts';
import type { SimulatedNetwork } from './network.ts';
import type { Shelf } from './shelf.ts';

const WALL_ENTRIES = 50;
const REQUESTS = 40;
const MESSAGES = 40;
/** Ten files of some MB, as base64. */
const BODY_BYTES_MAX = 100_000_000;

export interface PanelServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startPanel(
  port: number,
  parts: {
    readonly networks: readonly SimulatedNetwork[];
    readonly chats: readonly SimulatedChat[];
    readonly shelf: Shelf;
    /** The variables as lines for a shell, those of the chats as well when they are wanted. */
    readonly environment: (withChats: boolean) => string;
  },
): Promise<PanelServer> {
  const page = await readFile(new URL('page.html', import.meta.url));
  const networks = parts.networks.map((network) => ({ network, breaker: createBreaker(network) }));
  const chats = parts.chats.map((chat) => ({ chat, breaker: createChatBreaker(chat) }));
  const breakers = new Map<string, Breaker>([
    ...networks.map(({ network, breaker }) => [network.network, breaker] as const),
    ...chats.map(({ chat, breaker }) => [chat.chat, breaker] as const),
  ]);
  const reset = (): void => {
    for (const breaker of breakers.values()) breaker.reset();
  };

  const state = (): unknown => ({
    chats: chats.map(({ chat, breaker }) => ({
      chat: chat.chat,
      label: chat.label,
      ...standingOf(breaker),
      violations: chat.violations,
      connected: chat.isConnected(),
      messages: chat.messages().slice(-MESSAGES),
      form: chat.form(),
    })),
    networks: networks.map(({ network, breaker }) => ({
      network: network.network,
      label: network.label,
      ...standingOf(breaker),
      violations: network.violations,
      wall: [...network.wall()].sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, WALL_ENTRIES),
      requests: network.requests
        .slice(-REQUESTS)
        .reverse()
        .map(({ method, path, status }) => ({ method, path, status })),
    })),
  });

  const breakSomething = (name: string, order: unknown): Answer => {
    const breaker = breakers.get(name);
    if (!breaker) return refusal(404, `There is no network or chat “${name}”.`);
    const wrong = breaker.set(order);
    return wrong === undefined ? { status: 204 } : refusal(400, wrong);
  };

  const actIn = async (name: string, act: unknown): Promise<Answer> => {
    const found = chats.find(({ chat }) => chat.chat === name);
    if (!found) return refusal(404, `There is no chat “${name}”.`);
    try {
      const shown = await actOf(found.chat, act);
      return shown === undefined ? { status: 204 } : { status: 200, type: TEXT, body: shown };
    } catch (error) {
      // As the chat's own app tells it, such as a field that is missing.
      return refusal(400, (error as Error).message);
    }
  };

  /** A form of another site cannot send this type, so no page that happens to be open breaks anything. */
  const withJson = async (request: IncomingMessage, use: (body: unknown) => Answer | Promise<Answer>) =>
    request.headers['content-type'] === 'application/json'
      ? use(await jsonOf(request))
      : refusal(415, 'Send JSON.');

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const [place = '', name = ''] = (request.url ?? '/').slice(1).split('/');
    switch (`${request.method} /${place}`) {
      case 'GET /':
        return { status: 200, type: 'text/html; charset=utf-8', body: page };
      case 'GET /state.json':
        return { status: 200, type: 'application/json', body: JSON.stringify(state()) };
      case 'GET /environment':
        return { status: 200, type: TEXT, body: parts.environment(name === 'chats') };
      case 'GET /files': {
        const file = parts.shelf.get(name);
        return file ? { status: 200, type: file.type, body: file.bytes } : refusal(404, 'No such file.');
      }
      case 'POST /faults':
        return withJson(request, (order) => breakSomething(name, order));
      case 'POST /chats':
        return withJson(request, (act) => actIn(name, act));
      case 'POST /reset':
        reset();
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
      reset();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

const TEXT = 'text/plain; charset=utf-8';

function standingOf(breaker: Breaker): object {
  return { possible: breaker.possible, lasting: breaker.lasting(), waiting: breaker.waiting() };
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | Buffer;
}

const refusal = (status: number, words: string): Answer => ({
  status,
  type: TEXT,
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
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}
