/**
 * A real HTTP server that behaves like the X API as far as posts and media go: it has state, checks signatures, refuses
 * what it does not know, limits rates, and fails on command.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { close, listen } from '../listening.ts';
import { loadSpec } from '../openapi.ts';
import { reply } from '../reply.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { type Form, readForm } from './form.ts';
import { createLimits, type Limits } from './limits.ts';
import { createMedia, type MediaOptions, type SimulatedMedia } from './media.ts';
import { type Credentials, createSignatureCheck } from './oauth1.ts';
import { createPosts, type PostOptions, type SimulatedPost } from './posts.ts';
import { invalid, notFound, Refusal } from './problems.ts';
import { X_SPEC } from './spec.ts';

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly contentType: string;
  readonly body: unknown;
  readonly bytes: number;
  readonly socket: number;
  status?: number;
}

export interface XSimulator extends Pick<Limits, 'setLimit' | 'setDayLimit'> {
  readonly url: string;
  readonly credentials: Credentials;
  readonly user: { readonly id: string; readonly username: string; readonly name: string };
  /** May be changed while it runs. */
  readonly options: MediaOptions & PostOptions;
  /** Everything that was created and not deleted; doubles show. */
  tweets(): readonly SimulatedPost[];
  media(): readonly SimulatedMedia[];
  forgetMedia(id: string): void;
  /** Deleted by hand, on the web. */
  forgetTweet(id: string): void;
  /** Resolves when so many requests of this kind have arrived from now on; nothing is done with the last one yet. */
  arrived(method: string, path: RegExp, count: number): Promise<void>;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  /** What was wrong with requests by the official description; `stop` throws when there was something. */
  readonly violations: string[];
  /** True when the official description was at hand. */
  readonly isSpecChecked: boolean;
  /** Every token is refused from now on. */
  revoke(): void;
  /** Tokens are good again. */
  restore(): void;
  /** Nobody listens any more, until `listenAgain`. */
  refuse(): Promise<void>;
  listenAgain(): Promise<void>;
  stop(): Promise<void>;
}

export async function startXSimulator(
  settings: { now?: () => Date; port?: number } & Partial<MediaOptions & PostOptions> = {},
): Promise<XSimulator> {
  const { now: clock = () => new Date(), port: wantedPort = 0, ...given } = settings;
  const now = (): number => clock().getTime();
  const options: MediaOptions & PostOptions = {
    processingMs: 3000,
    lifeSeconds: 86_400,
    segmentBytesMax: 5_000_000,
    oneShotBytesMax: 5_242_880,
    processingErrors: [],
    keepBytes: true,
    fieldNames: 'old',
    unknownFields: 'refused',
    duplicates: 'refused',
    lagMs: 0,
    numbers: {},
    ...given,
  };
  const credentials: Credentials = {
    apiKey: 'key-4f1d93a0',
    apiSecret: 'secret-aa17!9(c)',
    accessToken: '1234-token-7be2',
    accessSecret: "token-secret-55e*'d",
  };
  const user = { id: '2244994945', username: 'acme', name: 'Acme Bells' };
  const media = createMedia(now, options);
  const posts = createPosts(user, now, media, options);
  const faults = createFaults();
  const checkSignature = createSignatureCheck(credentials);
  const checkSpec = loadSpec(X_SPEC);
  const requests: RecordedRequest[] = [];
  const arrivals: { method: string; path: RegExp; left: number; resolve(): void }[] = [];
  const violations: string[] = [];
  const limits = createLimits(now);
  const sockets = new Map<object, number>();
  let isRevoked = false;

  const act = (
    method: string,
    url: URL,
    contentType: string,
    raw: Buffer,
    form: Form,
  ): { status: number; body: unknown } => {
    const json = (): Record<string, unknown> => {
      if (!contentType.startsWith('application/json'))
        throw invalid('content-type', contentType, 'application/json is needed');
      return JSON.parse(raw.toString('utf8')) as Record<string, unknown>;
    };
    const [, id = ''] = /^\/2\/(?:tweets|users|media\/upload)\/([^/]+)/.exec(url.pathname) ?? [];
    switch (routeOf(method, url.pathname)) {
      case 'GET /2/users/me':
        return { status: 200, body: { data: user } };
      case 'POST /2/tweets':
        return { status: 201, body: posts.create(json()) };
      case 'GET /2/tweets/:id':
        return { status: 200, body: posts.lookUp(id, url.searchParams) };
      case 'DELETE /2/tweets/:id':
        return { status: 200, body: posts.remove(id) };
      case 'GET /2/users/:id/tweets':
        return { status: 200, body: posts.timeline(id, url.searchParams) };
      case 'POST /2/media/upload':
        return { status: 200, body: media.oneShot(form) };
      case 'POST /2/media/upload/initialize':
        return { status: 200, body: media.initialize(json()) };
      case 'POST /2/media/upload/:id/append':
        return { status: 200, body: media.append(id, form) };
      case 'POST /2/media/upload/:id/finalize':
        return { status: 200, body: media.finalize(id) };
      case 'GET /2/media/upload':
        return { status: 200, body: media.status(url.searchParams.get('media_id') ?? '') };
      case 'POST /2/media/metadata':
        return { status: 200, body: media.describe(json()) };
      default:
        throw notFound('route', url.pathname);
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? '';
    const url = new URL(request.url ?? '/', 'https://api.x.com');
    const contentType = request.headers['content-type'] ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const form = contentType.startsWith('multipart/form-data') ? readForm(contentType, raw) : NO_FORM;
    const body = readBody(contentType, raw, form);
    if (!sockets.has(request.socket)) sockets.set(request.socket, sockets.size + 1);
    const record: RecordedRequest = {
      method,
      path: url.pathname,
      query: url.search,
      contentType,
      body,
      bytes: raw.length,
      socket: sockets.get(request.socket) ?? 0,
    };
    requests.push(record);
    for (const each of arrivals)
      if (each.method === method && each.path.test(url.pathname) && --each.left === 0) each.resolve();
    violations.push(...(checkSpec?.({ method, url, contentType, body }) ?? []));

    const fault: Fault | undefined = faults.take(method, url.pathname);
    if (fault?.do === 'hold') await fault.until;
    if (fault?.do === 'drop' && fault.when === 'before') return void request.socket.destroy();
    let headers: Record<string, string> = {};
    let answer: { status: number; body: unknown };
    try {
      checkSignature(method, url, isRevoked ? undefined : request.headers.authorization);
      if (fault?.do === 'answer')
        throw Object.assign(new Refusal(fault.status, fault.body), { headers: fault.headers ?? {} });
      headers = limits.use(routeOf(method, url.pathname));
      answer = act(method, url, contentType, raw, form);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      headers = { ...headers, ...(error as { headers?: Record<string, string> }).headers };
      answer = { status: error.status, body: error.body };
    }
    record.status = answer.status;
    if (fault?.do === 'drop') return void request.socket.destroy();
    const problem = answer.status >= 400 ? 'application/problem+json' : undefined;
    reply(response, answer, headers, fault, problem);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      violations.push(`the simulator failed: ${String(error)}`);
      response.destroy();
    });
  });
  const port = await listen(server, wantedPort);

  return {
    url: `http://127.0.0.1:${port}`,
    credentials,
    user,
    options,
    tweets: () => posts.all,
    media: () => [...media.all.values()],
    forgetMedia: (id) => void media.forget(id),
    forgetTweet: (id) => void posts.remove(id),
    arrived: (method, path, count) =>
      new Promise((resolve) => arrivals.push({ method, path, left: count, resolve })),
    faults,
    requests,
    violations,
    isSpecChecked: checkSpec !== undefined,
    setLimit: limits.setLimit,
    setDayLimit: limits.setDayLimit,
    revoke: () => {
      isRevoked = true;
    },
    restore: () => {
      isRevoked = false;
    },
    refuse: () => close(server),
    listenAgain: async () => void (await listen(server, port)),
    async stop() {
      await close(server);
      if (violations.length > 0)
        throw new Error(
          `Requests that the description of the X API does not know:\n${violations.join('\n')}`,
        );
    },
  };
}

function routeOf(method: string, path: string): string {
  return `${method} ${path.replace(/\/[0-9]{5,}/, '/:id')}`;
}

const NO_FORM: Form = { fields: {}, files: {} };

function readBody(contentType: string, raw: Buffer, { fields, files }: Form): unknown {
  if (raw.length === 0) return undefined;
  if (contentType.startsWith('application/json')) return JSON.parse(raw.toString('utf8'));
  if (!contentType.startsWith('multipart/form-data')) return raw.toString('latin1');
  return {
    ...fields,
    ...Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, `${bytes.length} bytes`])),
  };
}
