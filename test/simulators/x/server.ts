/**
 * A real HTTP server that behaves like the X API as far as posts and media go: it has state, checks signatures, refuses
 * what it does not know, limits rates, and fails on command.
 */
import { loadSpec } from '../openapi.ts';
import { type Answer, type Arrived, type Service, serve } from '../service.ts';
import { type Form, readForm } from './form.ts';
import { createLimits, type Limits } from './limits.ts';
import { createMedia, type MediaOptions, type SimulatedMedia } from './media.ts';
import { type Credentials, createSignatureCheck } from './oauth1.ts';
import { createPosts, type PostOptions, type SimulatedPost } from './posts.ts';
import { invalid, notFound } from './problems.ts';
import { X_SPEC } from './spec.ts';

export interface XSimulator extends Service, Pick<Limits, 'setLimit' | 'setDayLimit'> {
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
  /** True when the official description was at hand; what it does not know is a violation. */
  readonly isSpecChecked: boolean;
  /** Every token is refused from now on. */
  revoke(): void;
  /** Tokens are good again. */
  restore(): void;
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
  const checkSignature = createSignatureCheck(credentials);
  const checkSpec = loadSpec(X_SPEC);
  const limits = createLimits(now);
  let isRevoked = false;

  const answer = ({ method, url, contentType, raw }: Arrived, form: Form): Answer => {
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

  const service = await serve<Body>(
    {
      origin: 'https://api.x.com',
      read: readBody,
      recorded: ({ told }) => told,
      violationsOf: ({ method, url, contentType }, { told }) =>
        checkSpec?.({ method, url, contentType, body: told }) ?? [],
      admit: ({ method, url, headers }) =>
        checkSignature(method, url, isRevoked ? undefined : headers.authorization),
      meter: ({ method, url }) => limits.use(routeOf(method, url.pathname)),
      answer: (request, { form }) => answer(request, form),
      problemType: 'application/problem+json',
    },
    wantedPort,
  );

  return {
    ...service,
    credentials,
    user,
    options,
    tweets: () => posts.all,
    media: () => [...media.all.values()],
    forgetMedia: (id) => void media.forget(id),
    forgetTweet: (id) => void posts.remove(id),
    isSpecChecked: checkSpec !== undefined,
    setLimit: limits.setLimit,
    setDayLimit: limits.setDayLimit,
    revoke: () => {
      isRevoked = true;
    },
    restore: () => {
      isRevoked = false;
    },
  };
}

function routeOf(method: string, path: string): string {
  return `${method} ${path.replace(/\/[0-9]{5,}/, '/:id')}`;
}

interface Body {
  readonly form: Form;
  /** What is told of it: of a file its length. */
  readonly told: unknown;
}

function readBody({ contentType, raw }: Arrived): Body {
  if (!contentType.startsWith('multipart/form-data')) {
    const isJson = contentType.startsWith('application/json');
    const told = isJson && raw.length > 0 ? JSON.parse(raw.toString('utf8')) : raw.toString('latin1');
    return { form: { fields: {}, files: {} }, told: raw.length === 0 ? undefined : told };
  }
  const form = readForm(contentType, raw);
  const files = Object.entries(form.files).map(([name, bytes]) => [name, `${bytes.length} bytes`]);
  return { form, told: { ...form.fields, ...Object.fromEntries(files) } };
}
