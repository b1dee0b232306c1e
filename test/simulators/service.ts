/** What every simulator does with a request, whatever it says to it: reads it, records it, lets it meet a fault, answers. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createFaults, type Faults } from './faults.ts';
import { close, listen } from './listening.ts';
import { Refusal } from './refusal.ts';
import { reply } from './reply.ts';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly contentType: string;
  /** As far as it is of use to a reader. */
  readonly body: unknown;
  readonly bytes: number;
  /** Which connection it came by, from 1. */
  readonly socket: number;
  status?: number;
}

/** A request that has arrived whole. */
export interface Arrived {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** What one network makes of a request whose body is a `Body`, once it is read. */
export interface Network<Body> {
  /** Scheme and host of the real one. */
  readonly origin: string;
  read(request: Arrived): Body;
  /** What is kept of a body in the record. */
  recorded(body: Body): unknown;
  /** What is wrong with a request although no answer tells of it. */
  violationsOf?(request: Arrived, body: Body): readonly string[];
  /** Who may call. Throws Refusal; comes before a fault that answers. */
  admit?(request: Arrived, body: Body): void;
  /** Counts the call; the headers that tell of it. Throws Refusal when there were too many. */
  meter?(request: Arrived): Readonly<Record<string, string>>;
  /** Throws Refusal. */
  answer(request: Arrived, body: Body): Answer;
  /** The content type of refusals. */
  readonly problemType?: string;
}

export interface Service {
  readonly url: string;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  /** What was wrong with requests although no answer told of it; `stop` throws when there was something. */
  readonly violations: string[];
  /** Resolves when so many requests of this kind have arrived from now on; nothing is done with the last one yet. */
  arrived(method: string, path: RegExp, count: number): Promise<void>;
  /** Nobody listens any more, until `listenAgain`. */
  refuse(): Promise<void>;
  listenAgain(): Promise<void>;
  stop(): Promise<void>;
}

export async function serve<Body>(network: Network<Body>, wantedPort: number): Promise<Service> {
  const faults = createFaults();
  const requests: RecordedRequest[] = [];
  const violations: string[] = [];
  const arrivals: { method: string; path: RegExp; left: number; resolve(): void }[] = [];
  const sockets = new Map<object, number>();

  const note = ({ method, url, contentType, raw }: Arrived, body: Body, socket: object): RecordedRequest => {
    if (!sockets.has(socket)) sockets.set(socket, sockets.size + 1);
    const record: RecordedRequest = {
      method,
      path: url.pathname,
      query: url.search,
      contentType,
      body: network.recorded(body),
      bytes: raw.length,
      socket: sockets.get(socket) ?? 0,
    };
    requests.push(record);
    for (const each of arrivals)
      if (each.method === method && each.path.test(url.pathname) && --each.left === 0) each.resolve();
    return record;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrived = await receive(request, network.origin);
    const { method, url } = arrived;
    const body = network.read(arrived);
    const record = note(arrived, body, request.socket);
    violations.push(...(network.violationsOf?.(arrived, body) ?? []));
    const fault = faults.take(method, url.pathname);
    if (fault?.do === 'hold') await fault.until;
    if (fault?.do === 'drop' && fault.when === 'before') return void request.socket.destroy();
    let headers: Readonly<Record<string, string>> = {};
    let answer: Answer;
    try {
      network.admit?.(arrived, body);
      if (fault?.do === 'answer') throw new Refusal(fault.status, fault.body, fault.headers);
      headers = network.meter?.(arrived) ?? {};
      answer = network.answer(arrived, body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      headers = { ...headers, ...error.headers };
      answer = error;
    }
    record.status = answer.status;
    if (fault?.do === 'drop') return void request.socket.destroy();
    reply(response, answer, headers, fault, answer.status >= 400 ? network.problemType : undefined);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A request that broke off is nothing that the simulator failed at.
      if (request.complete) violations.push(`the simulator failed: ${String(error)}`);
      response.destroy();
    });
  });
  const port = await listen(server, wantedPort);
  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    requests,
    violations,
    arrived: (method, path, count) =>
      new Promise((resolve) => arrivals.push({ method, path, left: count, resolve })),
    refuse: () => close(server),
    listenAgain: async () => void (await listen(server, port)),
    async stop() {
      await close(server);
      if (violations.length > 0)
        throw new Error(`Requests that ${network.origin} would not take:\n${violations.join('\n')}`);
    },
  };
}

async function receive(request: IncomingMessage, origin: string): Promise<Arrived> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '/', headers } = request;
  const contentType = headers['content-type'] ?? '';
  return { method, url: new URL(url, origin), contentType, headers, raw: Buffer.concat(chunks) };
}
