/**
 * The part that both networks of Meta share: two real HTTP servers (one for the Graph API, one that takes bytes), the token in
 * the header, the version in the path, the allowance of calls told in headers, faults on command, and a record of requests.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createFaults, type Fault, type Faults } from '../faults.ts';
import { close, listen } from '../listening.ts';
import { Refusal } from '../refusal.ts';
import { reply } from '../reply.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { type GraphError, graphError, refuse } from './refusal.ts';

export interface GraphRequest extends Parameters {
  readonly method: string;
  /** Below the version. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface ByteSink {
  /** Bytes as they arrive; true when the connection is to be cut now. */
  write(chunk: Buffer): boolean;
  /** The answer, once everything that was announced is there. Throws Refusal. */
  end(): unknown;
}

export interface GraphNetwork {
  /** Where the bytes of this request go; undefined for a request that is no upload. Throws Refusal. */
  bytes(host: 'api' | 'upload', request: Omit<GraphRequest, keyof Parameters>): ByteSink | undefined;
  /** Throws Refusal. */
  answer(request: GraphRequest): Promise<unknown> | unknown;
}

export interface RecordedRequest {
  readonly host: 'api' | 'upload';
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: number;
  readonly socket: number;
  status?: number;
}

export interface GraphServers {
  readonly apiUrl: string;
  readonly uploadUrl: string;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  /** What was wrong with requests; `stop` throws when there was something. */
  readonly violations: string[];
  /** Headers of every answer from now on. */
  setUsage(headers: Readonly<Record<string, string>>): void;
  /** Every call is refused so from now on; undefined: taken again. */
  refuseAll(error: GraphError | undefined): void;
  /** Nobody listens any more, until `listenAgain`. */
  refuse(): Promise<void>;
  listenAgain(): Promise<void>;
  stop(): Promise<void>;
}

export const VERSION = 'v25.0';

/** What nearly every answer of Meta has beside it. */
const LITTLE_USED: Readonly<Record<string, string>> = {
  'x-app-usage': '{"call_count":1,"total_cputime":0,"total_time":1}',
};

export async function startGraph(
  token: string,
  makeNetwork: (servers: { apiUrl: string; uploadUrl: string; violations: string[] }) => GraphNetwork,
  port = 0,
): Promise<GraphServers> {
  const faults = createFaults();
  const requests: RecordedRequest[] = [];
  const violations: string[] = [];
  const sockets = new Map<object, number>();
  let usage = LITTLE_USED;
  let refusal: GraphError | undefined;
  let network: GraphNetwork;

  const act = async (
    host: 'api' | 'upload',
    request: IncomingMessage,
    record: RecordedRequest,
  ): Promise<unknown> => {
    const url = new URL(request.url ?? '/', 'https://graph.facebook.com');
    const method = request.method ?? '';
    const { headers } = request;
    if (url.searchParams.has('access_token')) violations.push(`${url.pathname}: the token is in the address`);
    const path = url.pathname.replace(/^\//, '').replace(new RegExp(`^${VERSION}/`), '');
    const isUpload = path.startsWith('upload:') || host === 'upload';
    const scheme = isUpload ? 'OAuth' : 'Bearer';
    const isKnown = headers.authorization === `${scheme} ${token}`;
    const refuseToken = (): Refusal | undefined => {
      if (refusal) return new Refusal(refusal.code === 190 ? 401 : 400, graphError(refusal));
      return isKnown ? undefined : refuse(190, 'Invalid OAuth access token - Cannot parse access token');
    };
    const sink = method === 'POST' ? network.bytes(host, { method, path, headers }) : undefined;
    if (sink) {
      const refused = refuseToken();
      if (refused) throw refused;
      return receive(request, sink, record);
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const parameters = readParameters(url, headers['content-type'] ?? '', body);
    Object.assign(record, { fields: parameters.fields, bytes: body.length });
    const refused = refuseToken();
    if (refused) throw refused;
    if (host === 'upload') throw new Refusal(404, '<html><head><title>Not Found</title></head></html>');
    if (!url.pathname.startsWith(`/${VERSION}/`)) throw refuse(2500, `No version in ${url.pathname}`);
    return network.answer({ method, path, headers, ...parameters });
  };

  const handle = async (
    host: 'api' | 'upload',
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const method = request.method ?? '';
    const url = new URL(request.url ?? '/', 'https://graph.facebook.com');
    if (!sockets.has(request.socket)) sockets.set(request.socket, sockets.size + 1);
    const record: RecordedRequest = {
      host,
      method,
      path: url.pathname.replace(new RegExp(`^/${VERSION}`), ''),
      query: url.search,
      fields: {},
      headers: request.headers,
      bytes: 0,
      socket: sockets.get(request.socket) ?? 0,
    };
    requests.push(record);
    const fault: Fault | undefined = faults.take(method, url.pathname);
    if (fault?.do === 'hold') await fault.until;
    if (fault?.do === 'drop' && fault.when === 'before') return void request.socket.destroy();
    let answer: { status: number; body: unknown };
    let headers: Record<string, string> = { ...usage };
    try {
      if (fault?.do === 'answer') {
        request.resume();
        headers = { ...headers, ...fault.headers };
        throw new Refusal(fault.status, fault.body);
      }
      answer = { status: 200, body: await act(host, request, record) };
    } catch (error) {
      if (error instanceof Cut) return void request.socket.destroy();
      if (!(error instanceof Refusal)) throw error;
      request.resume();
      answer = { status: error.status, body: error.body };
    }
    record.status = answer.status;
    if (fault?.do === 'drop') return void request.socket.destroy();
    reply(response, answer, headers, fault);
  };

  const make = (host: 'api' | 'upload'): Server =>
    createServer((request, response) => {
      handle(host, request, response).catch((error: unknown) => {
        if (!request.complete) return void response.destroy();
        violations.push(`the simulator failed: ${String(error)}`);
        response.destroy();
      });
    });
  const servers = { api: make('api'), upload: make('upload') };
  const ports = { api: await listen(servers.api, port), upload: await listen(servers.upload, 0) };
  const apiUrl = `http://127.0.0.1:${ports.api}`;
  const uploadUrl = `http://127.0.0.1:${ports.upload}`;
  network = makeNetwork({ apiUrl, uploadUrl, violations });
  const closeAll = async (): Promise<void> => {
    await Promise.all(Object.values(servers).map(close));
  };

  return {
    apiUrl,
    uploadUrl,
    faults,
    requests,
    violations,
    setUsage: (headers) => {
      usage = headers;
    },
    refuseAll: (error) => {
      refusal = error;
    },
    refuse: closeAll,
    listenAgain: async () => {
      await listen(servers.api, ports.api);
      await listen(servers.upload, ports.upload);
    },
    async stop() {
      await closeAll();
      if (violations.length > 0) throw new Error(`Requests that are not right:\n${violations.join('\n')}`);
    },
  };
}

/** The connection ends in the middle of an upload. */
class Cut extends Error {}

async function receive(request: IncomingMessage, sink: ByteSink, record: RecordedRequest): Promise<unknown> {
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    Object.assign(record, { bytes });
    if (sink.write(chunk as Buffer)) throw new Cut();
  }
  return sink.end();
}
