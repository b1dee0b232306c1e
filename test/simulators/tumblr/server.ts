/**
 * A real HTTP server that behaves like the Tumblr API as far as posts and media go: it has state, checks signatures, refuses
 * what it does not know, limits rates and days, and fails on command.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { close, listen } from '../listening.ts';
import { reply } from '../reply.ts';
import { createFaults, type Fault, type Faults } from '../x/faults.ts';
import { createAllowances } from './allowances.ts';
import { readParts } from './form.ts';
import { checkPost } from './npf.ts';
import { type Credentials, createSignatureCheck } from './oauth1.ts';
import { createBearerCheck } from './oauth2.ts';
import { createPosts, type PostOptions, type SimulatedPost } from './posts.ts';
import { invalid, notFound, only, Refusal, refusal, unauthorized } from './refusal.ts';

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly contentType: string;
  /** JSON or a form; of a multipart body its JSON part. */
  readonly body: unknown;
  readonly bytes: number;
  readonly socket: number;
  status?: number;
}

export interface TumblrSimulator {
  readonly url: string;
  readonly credentials: Credentials;
  readonly blog: {
    readonly name: string;
    readonly url: string;
    readonly uuid: string;
    readonly title: string;
  };
  /** May be changed while it runs. */
  readonly options: PostOptions;
  /** Another blog of the same person. */
  readonly otherBlog: { readonly name: string };
  /** Everything that was created and not deleted; doubles show. */
  posts(): readonly SimulatedPost[];
  otherPosts(): readonly SimulatedPost[];
  /** Access by OAuth 2, beside the signing credentials. */
  readonly bearer: Pick<ReturnType<typeof createBearerCheck>, 'tokens' | 'expire'>;
  /** Others use up some of the day's allowance. */
  use: ReturnType<typeof createAllowances>['use'];
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  /** Requests that break a rule that no answer tells of; `stop` throws when there was one. */
  readonly violations: string[];
  /** Calls of an hour and of a day before it answers 429. */
  setLimit(window: 'perhour' | 'perday', limit: number): void;
  /** Every token is refused from now on. */
  revoke(): void;
  /** Tokens are good again. */
  restore(): void;
  /** Nobody listens any more, until `listenAgain`. */
  refuse(): Promise<void>;
  listenAgain(): Promise<void>;
  stop(): Promise<void>;
}

type Posts = ReturnType<typeof createPosts>;

const WINDOW_MS = { perhour: 3_600_000, perday: 86_400_000 };

export async function startTumblrSimulator(
  settings: { now?: () => Date; port?: number } & Partial<PostOptions> = {},
): Promise<TumblrSimulator> {
  const { now: clock = () => new Date(), port: wantedPort = 0, ...given } = settings;
  const now = (): number => clock().getTime();
  const options: PostOptions = {
    transcodingMs: 60_000,
    lagMs: 0,
    redirectsLinks: true,
    becomes: 'published',
    tellsState: true,
    notes: { likes: 0, reblogs: 0, replies: 0 },
    ...given,
  };
  const credentials: Credentials = {
    consumerKey: 'consumer-4f1d93a0',
    consumerSecret: 'secret-aa17!9(c)',
    token: 'token-7be2',
    tokenSecret: "token-secret-55e*'d",
  };
  const blog = {
    name: 'acme-bells',
    title: 'Acme Bells',
    url: 'https://acme-bells.tumblr.com/',
    uuid: 't:0aY0xL2Fi1OFJg4YxpmegQ',
  };
  const otherBlog = { name: 'other-blog', title: '', url: 'https://www.example.org/' };
  const allowances = createAllowances(now);
  const posts = createPosts(blog, 790_000_000_000_000_000n, now, allowances, options);
  const otherPosts = createPosts(otherBlog, 791_000_000_000_000_000n, now, allowances, options);
  const faults = createFaults();
  const checkSignature = createSignatureCheck(credentials, now);
  const bearer = createBearerCheck(credentials, now);
  const requests: RecordedRequest[] = [];
  const violations: string[] = [];
  const limits = { perhour: 1000, perday: 5000 };
  const windows = { perhour: { used: 0, reset: 0 }, perday: { used: 0, reset: 0 } };
  const sockets = new Map<object, number>();
  const agents = new Set<string>();
  let isRevoked = false;

  const useLimit = (): Record<string, string> => {
    const headers: Record<string, string> = {};
    let isOver = false;
    for (const name of ['perhour', 'perday'] as const) {
      if (windows[name].reset <= now()) windows[name] = { used: 0, reset: now() + WINDOW_MS[name] };
      const window = windows[name];
      window.used += 1;
      isOver ||= window.used > limits[name];
      headers[`X-Ratelimit-${name}-Limit`] = String(limits[name]);
      headers[`X-Ratelimit-${name}-Remaining`] = String(Math.max(0, limits[name] - window.used));
      headers[`X-Ratelimit-${name}-Reset`] = String(Math.ceil((window.reset - now()) / 1000));
    }
    if (isOver) throw refusal(429, 'Limit Exceeded', 0, headers);
    return headers;
  };

  const create = (posts: Posts, contentType: string, raw: Buffer): unknown => {
    if (contentType === 'application/json')
      return posts.create(checkPost(JSON.parse(raw.toString('utf8')), []));
    const [first, ...files] = readParts(contentType, raw);
    if (first?.name !== 'json' || first.contentType !== 'application/json' || first.fileName !== undefined)
      throw invalid('the first part must be the JSON');
    const created = posts.create(checkPost(JSON.parse(first.content.toString('utf8')), files));
    for (const { content, contentType = '' } of files) {
      const sha256 = createHash('sha256').update(content).digest('hex');
      options.onFile?.({ sha256, type: contentType, bytes: Buffer.from(content) });
    }
    return created;
  };

  const postsOn = (name: string): Posts => {
    if ([blog.name, `${blog.name}.tumblr.com`, blog.uuid].includes(name)) return posts;
    if ([otherBlog.name, 'www.example.org'].includes(name)) return otherPosts;
    throw notFound();
  };

  const act = (method: string, url: URL, contentType: string, raw: Buffer, form: URLSearchParams) => {
    const [, name, rest] = /^\/v2\/blog\/([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
    const on = name === undefined ? posts : postsOn(decodeURIComponent(name));
    switch (`${method} ${rest ?? url.pathname}`) {
      case 'GET /v2/user/info':
        return {
          user: {
            name: blog.name,
            following: 263,
            default_post_format: 'html',
            likes: 606,
            blogs: [{ ...blog, primary: true, followers: 3 }, otherBlog],
          },
        };
      case 'GET /v2/user/limits':
        return allowances.list();
      case 'POST posts':
        return create(on, contentType, raw);
      case 'GET posts':
        return on.list('published', url.searchParams);
      case 'GET posts/queue':
        return on.list('queue', url.searchParams);
      case 'GET posts/draft':
        return on.list('draft', url.searchParams);
      case 'GET notes':
        return on.notes(url.searchParams);
      case 'POST post/delete':
        only('the form', Object.fromEntries(form), ['id']);
        return on.remove(form.get('id') ?? '');
      default:
        throw notFound();
    }
  };

  const checkAccess = (method: string, url: URL, header: string | undefined, form: URLSearchParams): void => {
    if (header?.startsWith('Bearer ')) bearer.check(header);
    else checkSignature({ method, url, header, form });
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? '';
    const url = new URL(request.url ?? '/', 'https://api.tumblr.com');
    const contentType = request.headers['content-type'] ?? '';
    agents.add(request.headers['user-agent'] ?? 'none');
    if (agents.has('none') || agents.size > 1)
      violations.push('the User-Agent must be there and stay the same');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const isForm = contentType === 'application/x-www-form-urlencoded';
    const form = new URLSearchParams(isForm ? raw.toString('utf8') : '');
    if (!sockets.has(request.socket)) sockets.set(request.socket, sockets.size + 1);
    const record: RecordedRequest = {
      method,
      path: url.pathname,
      query: url.search,
      contentType,
      body: readBody(contentType, raw, form),
      bytes: raw.length,
      socket: sockets.get(request.socket) ?? 0,
    };
    requests.push(record);

    const fault: Fault | undefined = faults.take(method, url.pathname);
    if (fault?.do === 'hold') await fault.until;
    if (fault?.do === 'drop' && fault.when === 'before') return void request.socket.destroy();
    let headers: Readonly<Record<string, string>> = {};
    let answer: { status: number; body: unknown };
    try {
      if (isRevoked) throw unauthorized();
      const isRenewal = `${method} ${url.pathname}` === 'POST /v2/oauth2/token';
      if (!isRenewal) checkAccess(method, url, request.headers.authorization, form);
      if (fault?.do === 'answer') throw new Refusal(fault.status, fault.body, fault.headers);
      if (isRenewal) {
        answer = { status: 200, body: bearer.renew(form) };
      } else {
        headers = useLimit();
        const status = method === 'POST' && url.pathname.endsWith('/posts') ? 201 : 200;
        const body = act(method, url, contentType, raw, form);
        answer = {
          status,
          body: { meta: { status, msg: status === 201 ? 'Created' : 'OK' }, response: body },
        };
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      headers = { ...headers, ...error.headers };
      answer = { status: error.status, body: error.body };
    }
    record.status = answer.status;
    if (fault?.do === 'drop') return void request.socket.destroy();
    reply(response, answer, headers, fault);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!request.destroyed || request.complete) violations.push(`the simulator failed: ${String(error)}`);
      response.destroy();
    });
  });
  const port = await listen(server, wantedPort);

  return {
    url: `http://127.0.0.1:${port}`,
    credentials,
    blog,
    otherBlog,
    options,
    posts: () => posts.all,
    otherPosts: () => otherPosts.all,
    bearer,
    use: allowances.use,
    faults,
    requests,
    violations,
    setLimit: (window, limit) => {
      limits[window] = limit;
    },
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
        throw new Error(`Requests that Tumblr would not take:\n${violations.join('\n')}`);
    },
  };
}

function readBody(contentType: string, raw: Buffer, form: URLSearchParams): unknown {
  if (raw.length === 0) return undefined;
  if (contentType === 'application/json') return JSON.parse(raw.toString('utf8'));
  if (contentType.startsWith('multipart/')) {
    const json = readParts(contentType, raw).find(({ name }) => name === 'json');
    return json && JSON.parse(json.content.toString('utf8'));
  }
  return Object.fromEntries(form);
}
