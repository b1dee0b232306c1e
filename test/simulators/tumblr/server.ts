/**
 * A real HTTP server that behaves like the Tumblr API as far as posts and media go: it has state, checks signatures, refuses
 * what it does not know, limits rates and days, and fails on command.
 */
import { createHash } from 'node:crypto';
import { type Arrived, type Service, serve } from '../service.ts';
import { createAllowances } from './allowances.ts';
import { readParts } from './form.ts';
import { createLimits, type Limits } from './limits.ts';
import { checkPost } from './npf.ts';
import { type Credentials, createSignatureCheck } from './oauth1.ts';
import { createBearerCheck } from './oauth2.ts';
import { createPosts, type PostOptions, type SimulatedPost } from './posts.ts';
import { invalid, notFound, only, unauthorized } from './refusal.ts';

export interface TumblrSimulator extends Service, Pick<Limits, 'setLimit'> {
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
  /** Every token is refused from now on. */
  revoke(): void;
  /** Tokens are good again. */
  restore(): void;
}

type Posts = ReturnType<typeof createPosts>;

/** The one call that needs no access and does not count. */
const RENEWAL = 'POST /v2/oauth2/token';

/** @param settings `rotates` false: a renewed OAuth 2 token leaves the refresh token as it is */
export async function startTumblrSimulator(
  settings: { now?: () => Date; port?: number; rotates?: boolean } & Partial<PostOptions> = {},
): Promise<TumblrSimulator> {
  const { now: clock = () => new Date(), port: wantedPort = 0, rotates = true, ...given } = settings;
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
  const checkSignature = createSignatureCheck(credentials, now);
  const bearer = createBearerCheck(credentials, now, rotates);
  const limits = createLimits(now);
  const agents = new Set<string>();
  let isRevoked = false;

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

  const act = ({ method, url, contentType, raw }: Arrived, form: URLSearchParams): unknown => {
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

  const service = await serve<Body>(
    {
      origin: 'https://api.tumblr.com',
      read: readBody,
      recorded: ({ told }) => told,
      violationsOf({ headers }) {
        agents.add(headers['user-agent'] ?? 'none');
        const isSteady = agents.size === 1 && !agents.has('none');
        return isSteady ? [] : ['the User-Agent must be there and stay the same'];
      },
      admit({ method, url, headers: { authorization: header } }, { form }) {
        if (isRevoked) throw unauthorized();
        if (routeOf(method, url) === RENEWAL) return;
        if (header?.startsWith('Bearer ')) bearer.check(header);
        else checkSignature({ method, url, header, form });
      },
      meter: ({ method, url }) => (routeOf(method, url) === RENEWAL ? {} : limits.use()),
      answer(request, { form }) {
        const { method, url } = request;
        if (routeOf(method, url) === RENEWAL) return { status: 200, body: bearer.renew(form) };
        const isCreated = method === 'POST' && url.pathname.endsWith('/posts');
        const meta = isCreated ? { status: 201, msg: 'Created' } : { status: 200, msg: 'OK' };
        return { status: meta.status, body: { meta, response: act(request, form) } };
      },
    },
    wantedPort,
  );

  return {
    ...service,
    credentials,
    blog,
    otherBlog,
    options,
    posts: () => posts.all,
    otherPosts: () => otherPosts.all,
    bearer,
    use: allowances.use,
    setLimit: limits.setLimit,
    revoke: () => {
      isRevoked = true;
    },
    restore: () => {
      isRevoked = false;
    },
  };
}

const routeOf = (method: string, { pathname }: URL): string => `${method} ${pathname}`;

interface Body {
  readonly form: URLSearchParams;
  /** JSON or a form; of a multipart body its JSON part. */
  readonly told: unknown;
}

function readBody({ contentType, raw }: Arrived): Body {
  const isForm = contentType === 'application/x-www-form-urlencoded';
  const form = new URLSearchParams(isForm ? raw.toString('utf8') : '');
  if (raw.length === 0) return { form, told: undefined };
  if (contentType === 'application/json') return { form, told: JSON.parse(raw.toString('utf8')) };
  if (!contentType.startsWith('multipart/')) return { form, told: Object.fromEntries(form) };
  const json = readParts(contentType, raw).find(({ name }) => name === 'json');
  return { form, told: json && JSON.parse(json.content.toString('utf8')) };
}
