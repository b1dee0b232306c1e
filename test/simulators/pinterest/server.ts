/**
 * A real HTTP server that behaves like the Pinterest API as far as pins and media go: it has state, tokens that run out, a
 * store for videos, limits, and fails on command. What it does not know it refuses.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createFaults, type Fault, type Faults } from '../faults.ts';
import { close, listen } from '../listening.ts';
import { loadSpec } from '../openapi.ts';
import { reply } from '../reply.ts';
import { type AccessOptions, APP, createAccess } from './access.ts';
import { readBody, sampled, told } from './body.ts';
import { createMedia, type MediaOptions, type SimulatedVideo } from './media.ts';
import { createPins, type PinOptions, type SimulatedPin } from './pins.ts';
import { Refusal, refusal } from './refusal.ts';
import { PINTEREST_SPEC } from './spec.ts';

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly contentType: string;
  /** JSON or a form; pictures in it are told by their length. */
  readonly body: unknown;
  readonly bytes: number;
  readonly socket: number;
  status?: number;
}

export interface PinterestSimulator {
  readonly url: string;
  readonly app: typeof APP;
  /** The tokens that are good now. */
  tokens(): { readonly accessToken: string; readonly refreshToken: string };
  expire(): void;
  revoke(): void;
  /** Tokens are good again. */
  restore(): void;
  readonly user: { readonly id: string; readonly username: string; readonly business_name: string };
  /** May be changed while it runs. */
  readonly options: PinOptions & MediaOptions & AccessOptions & { trial: boolean };
  /** Everything that was created and not deleted; doubles show. */
  pins(): readonly SimulatedPin[];
  videos(): readonly SimulatedVideo[];
  forgetVideo(id: string): void;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  /** What was wrong with requests by the official description; `stop` throws when there was something. */
  readonly violations: string[];
  /** True when the official description was at hand. */
  readonly isSpecChecked: boolean;
  /** Calls of one window before it answers 429. */
  setLimit(limit: number): void;
  /** Nobody listens any more, until `listenAgain`. */
  refuse(): Promise<void>;
  listenAgain(): Promise<void>;
  stop(): Promise<void>;
}

const SCOPES = ['boards:read', 'boards:write', 'pins:read', 'pins:write', 'user_accounts:read'];

export async function startPinterestSimulator(
  settings: { now?: () => Date; port?: number } & Partial<PinterestSimulator['options']> = {},
): Promise<PinterestSimulator> {
  const { now: clock = () => new Date(), port: wantedPort = 0, ...given } = settings;
  const now = (): number => clock().getTime();
  const options: PinterestSimulator['options'] = {
    processingMs: 12_000,
    failures: 0,
    lagMs: 0,
    boards: [
      { id: '549755885175001', name: 'Bells' },
      { id: '549755885175002', name: 'Summer recipes' },
    ],
    takesTitles: true,
    numbers: {},
    lifeSeconds: 2_592_000,
    scopes: SCOPES,
    rotates: true,
    trial: false,
    ...given,
  };
  const user = { id: '2783136121146311751', username: 'acme', business_name: 'Acme Bells' };
  let url = '';
  const access = createAccess(now, options);
  const media = createMedia(now, () => url, options);
  const pins = createPins(now, media, options);
  const faults = createFaults();
  const checkSpec = loadSpec(PINTEREST_SPEC);
  const requests: RecordedRequest[] = [];
  const violations: string[] = [];
  const sockets = new Map<object, number>();
  let limit = 100;
  let window = { used: 0, reset: 0 };

  const useLimit = (): Record<string, string> => {
    const seconds = options.trial ? 86_400 : 60;
    if (window.reset <= now()) window = { used: 0, reset: now() + seconds * 1000 };
    window.used += 1;
    const headers = {
      'x-ratelimit-limit': `${limit}, ${limit};w=${seconds}`,
      'x-ratelimit-remaining': String(Math.max(0, limit - window.used)),
      'x-ratelimit-reset': String(Math.ceil((window.reset - now()) / 1000)),
      'x-pinterest-rid': '1234',
    };
    if (window.used > limit) throw refusal(429, 8, 'You have exceeded your rate limit.', headers);
    return headers;
  };

  const act = (route: string, target: URL, body: unknown): { status: number; body?: unknown } => {
    const [, , , id = ''] = target.pathname.split('/');
    switch (route) {
      case 'GET user_account':
        return { status: 200, body: { ...user, account_type: 'BUSINESS', pin_count: pins.all.length } };
      case 'GET boards':
        return { status: 200, body: pins.boards(target.searchParams) };
      case 'GET boards/:id/pins':
        return { status: 200, body: pins.onBoard(id, target.searchParams) };
      case 'POST pins':
        return { status: 201, body: pins.create(body) };
      case 'GET pins/:id/analytics':
        return { status: 200, body: pins.analytics(id, target.searchParams) };
      case 'DELETE pins/:id':
        pins.remove(id);
        return { status: 204 };
      case 'POST media':
        return { status: 201, body: media.register(body) };
      case 'GET media/:id':
        return { status: 200, body: media.status(id) };
      default:
        throw refusal(404, 404, `no route ${route}`);
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? '';
    const target = new URL(request.url ?? '/', 'https://api.pinterest.com');
    const contentType = request.headers['content-type'] ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const body = readBody(contentType, raw);
    if (!sockets.has(request.socket)) sockets.set(request.socket, sockets.size + 1);
    const record: RecordedRequest = {
      method,
      path: target.pathname,
      query: target.search,
      contentType,
      body: told(body),
      bytes: raw.length,
      socket: sockets.get(request.socket) ?? 0,
    };
    requests.push(record);
    const isStore = target.pathname === '/store/';
    if (!isStore)
      violations.push(...(checkSpec?.({ method, url: target, contentType, body: sampled(body) }) ?? []));

    const fault: Fault | undefined = faults.take(method, target.pathname);
    if (fault?.do === 'hold') await fault.until;
    if (fault?.do === 'drop' && fault.when === 'before') return void request.socket.destroy();
    const route = `${method} ${target.pathname.replace(/^\/v5\//, '').replace(/\/\d+/, '/:id')}`;
    const { authorization } = request.headers;
    let headers: Readonly<Record<string, string>> = {};
    let answer: { status: number; body?: unknown };
    try {
      if (fault?.do === 'answer') throw new Refusal(fault.status, fault.body, fault.headers);
      if (isStore) {
        media.store(contentType, raw, authorization);
        answer = { status: 204 };
      } else if (route === 'POST oauth/token') {
        answer = {
          status: 200,
          body: access.renew(authorization, new URLSearchParams(raw.toString('utf8'))),
        };
      } else {
        access.check(route, authorization);
        headers = useLimit();
        answer = act(route, target, body);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      headers = { ...headers, ...error.headers };
      answer = { status: error.status, body: error.body };
    }
    record.status = answer.status;
    if (fault?.do === 'drop') return void request.socket.destroy();
    reply(response, { status: answer.status, body: answer.body }, headers, fault);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (request.complete) violations.push(`the simulator failed: ${String(error)}`);
      response.destroy();
    });
  });
  const port = await listen(server, wantedPort);
  url = `http://127.0.0.1:${port}`;

  return {
    url,
    app: APP,
    tokens: access.tokens,
    expire: access.expire,
    revoke: access.revoke,
    restore: access.restore,
    user,
    options,
    pins: () => pins.all,
    videos: () => [...media.all.values()],
    forgetVideo: (id) => void media.forget(id),
    faults,
    requests,
    violations,
    isSpecChecked: checkSpec !== undefined,
    setLimit: (calls) => {
      limit = calls;
    },
    refuse: () => close(server),
    listenAgain: async () => void (await listen(server, port)),
    async stop() {
      await close(server);
      if (violations.length > 0)
        throw new Error(
          `Requests that the description of the Pinterest API does not know:\n${violations.join('\n')}`,
        );
    },
  };
}
