/**
 * A real HTTP server that behaves like the Pinterest API as far as pins and media go: it has state, tokens that run out, a
 * store for videos, limits, and fails on command. What it does not know it refuses.
 */
import { loadSpec } from '../openapi.ts';
import { type Answer, type Service, serve } from '../service.ts';
import { type AccessOptions, APP, createAccess } from './access.ts';
import { readBody, sampled, told } from './body.ts';
import { createMedia, type MediaOptions, type SimulatedVideo } from './media.ts';
import { createPins, type PinOptions, type SimulatedPin } from './pins.ts';
import { refusal } from './refusal.ts';
import { PINTEREST_SPEC } from './spec.ts';

export interface PinterestSimulator extends Service {
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
  /** True when the official description was at hand; what it does not know is a violation. */
  readonly isSpecChecked: boolean;
  /** Calls of one window before it answers 429. */
  setLimit(limit: number): void;
}

/** The calls that need no access and do not count: bytes of a video to its store, and a renewal. */
const STORE = 'POST /store/';
const RENEWAL = 'POST oauth/token';

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
  const access = createAccess(now, options);
  const media = createMedia(now, () => service.url, options);
  const pins = createPins(now, media, options);
  const checkSpec = loadSpec(PINTEREST_SPEC);
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

  const act = (route: string, target: URL, body: unknown): Answer => {
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

  const service = await serve<unknown>(
    {
      origin: 'https://api.pinterest.com',
      read: ({ contentType, raw }) => readBody(contentType, raw),
      recorded: told,
      violationsOf({ method, url, contentType }, body) {
        if (routeOf(method, url) === STORE) return [];
        return checkSpec?.({ method, url, contentType, body: sampled(body) }) ?? [];
      },
      admit({ method, url, headers }) {
        const route = routeOf(method, url);
        if (route !== STORE && route !== RENEWAL) access.check(route, headers.authorization);
      },
      meter({ method, url }) {
        const route = routeOf(method, url);
        return route === STORE || route === RENEWAL ? {} : useLimit();
      },
      answer({ method, url, contentType, headers: { authorization }, raw }, body) {
        const route = routeOf(method, url);
        if (route === STORE) {
          media.store(contentType, raw, authorization);
          return { status: 204 };
        }
        if (route !== RENEWAL) return act(route, url, body);
        const form = new URLSearchParams(raw.toString('utf8'));
        return { status: 200, body: access.renew(authorization, form) };
      },
    },
    wantedPort,
  );

  return {
    ...service,
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
    isSpecChecked: checkSpec !== undefined,
    setLimit: (calls) => {
      limit = calls;
    },
  };
}

function routeOf(method: string, { pathname }: URL): string {
  return `${method} ${pathname.replace(/^\/v5\//, '').replace(/\/\d+/, '/:id')}`;
}
