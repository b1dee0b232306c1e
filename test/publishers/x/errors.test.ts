import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createXPublisher } from '../../../src/publishers/x/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, content, mediaItem, newRun, publishAll } from '../../helpers/publishing.ts';
import type { XSimulator } from '../../simulators/x/server.ts';
import { failureOf, startX } from './harness.ts';

const hello = content({ text: 'Hello' });
const problem = (type: string, detail: string, title = 'Forbidden') => ({
  type: `https://api.x.com/2/problems/${type}`,
  title,
  detail,
});
const html = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** Each row of the table in the documentation: what X answers to the creating call, and what that means. */
const CREATING: readonly [
  name: string,
  status: number,
  body: unknown,
  kind: string,
  code: string,
  next: string,
][] = [
  [
    'a wrong request',
    400,
    {
      ...problem('invalid-request', 'One or more parameters to your request was invalid.', 'Invalid Request'),
      errors: [{ parameters: { text: ['x'] }, message: 'text is wrong' }],
    },
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    'media that are not known',
    400,
    {
      ...problem('invalid-request', 'One or more parameters to your request was invalid.', 'Invalid Request'),
      errors: [{ parameters: { 'media.media_ids': ['1'] }, message: 'Your media IDs are invalid.' }],
    },
    'MediaRejected',
    'MEDIA_REJECTED',
    'change content',
  ],
  [
    'a refused token',
    401,
    { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' },
    'AuthRevoked',
    'AUTH_REVOKED',
    'reconnect',
  ],
  [
    'a refused token (older form)',
    401,
    { errors: [{ code: 89, message: 'Invalid or expired token.' }] },
    'AuthRevoked',
    'AUTH_REVOKED',
    'reconnect',
  ],
  [
    'a token of the wrong kind',
    401,
    problem(
      'unsupported-authentication',
      'Authenticating with Application-Only is forbidden.',
      'Unsupported Authentication',
    ),
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    'a token of the wrong kind (403)',
    403,
    problem(
      'unsupported-authentication',
      'Authenticating with Application-Only is forbidden.',
      'Unsupported Authentication',
    ),
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    'spent credits',
    402,
    problem('credits', 'Your enrolled account does not have any credits.', 'CreditsDepleted'),
    'BillingRequired',
    'BILLING_REQUIRED',
    'reconnect',
  ],
  [
    'a duplicate',
    403,
    {
      detail: 'You are not allowed to create a Tweet with duplicate content.',
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
    },
    'OutcomeUnknown',
    'DUPLICATE_REFUSED',
    'reconcile',
  ],
  [
    'a duplicate (older form)',
    403,
    { errors: [{ code: 187, message: 'Status is a duplicate.' }] },
    'OutcomeUnknown',
    'DUPLICATE_REFUSED',
    'reconcile',
  ],
  [
    'an app that may only read',
    403,
    problem(
      'oauth1-permissions',
      'Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.',
    ),
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    'an app without access',
    403,
    problem(
      'client-forbidden',
      'When authenticating requests, you must use keys from a developer App that is attached to a Project.',
      'Client Forbidden',
    ),
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    'a forbidden action',
    403,
    { detail: 'You are not permitted to perform this action.', type: 'about:blank', title: 'Forbidden' },
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    'a feature of another plan',
    403,
    {
      detail: 'Your account is not permitted to access this feature.',
      type: 'about:blank',
      title: 'Forbidden',
    },
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    'a blocked account',
    403,
    {
      errors: [
        {
          code: 326,
          message:
            'To protect our users from spam and other malicious activity, this account is temporarily locked.',
        },
      ],
    },
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    'a text that is too long',
    403,
    { detail: 'Your Tweet text is too long.', type: 'about:blank', title: 'Forbidden' },
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    'a link that is wrong',
    403,
    { detail: 'The Tweet contains an invalid URL.', type: 'about:blank', title: 'Forbidden' },
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    'too many cashtags',
    403,
    { detail: 'Posts may contain at most one cashtag.', type: 'about:blank', title: 'Forbidden' },
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    'a video that is too long',
    403,
    { detail: 'Your video is too long for your account.', type: 'about:blank', title: 'Forbidden' },
    'MediaRejected',
    'MEDIA_REJECTED',
    'change content',
  ],
  [
    'something that is gone',
    404,
    problem('resource-not-found', 'Could not find tweet.', 'Not Found Error'),
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  ['the page of a gateway that refuses', 403, html, 'PlatformUnavailable', 'PLATFORM_UNAVAILABLE', 'later'],
  ['the page of a wrong address', 404, html, 'ConfigError', 'CONFIG_INVALID', 'change config'],
  [
    'a conflict',
    409,
    problem('conflict', 'Conflict', 'Conflict'),
    'OutcomeUnknown',
    'OUTCOME_UNKNOWN',
    'reconcile',
  ],
  ['a gateway that gave up waiting', 408, html, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  [
    'its daily limit (older form)',
    403,
    { errors: [{ code: 185, message: 'User is over daily status update limit.' }] },
    'QuotaSpent',
    'QUOTA_SPENT',
    'at',
  ],
  [
    'its monthly cap',
    429,
    problem('usage-capped', 'Usage cap exceeded: Monthly product cap', 'UsageCapExceeded'),
    'QuotaSpent',
    'QUOTA_SPENT',
    'at',
  ],
  [
    'a rate limit',
    429,
    { title: 'Too Many Requests', detail: 'Too Many Requests', type: 'about:blank', status: 429 },
    'RateLimited',
    'RATE_LIMITED',
    'at',
  ],
  [
    'a rate limit (older form)',
    403,
    { errors: [{ code: 88, message: 'Rate limit exceeded.' }] },
    'RateLimited',
    'RATE_LIMITED',
    'at',
  ],
  [
    '500',
    500,
    { title: 'Internal Server Error', detail: 'Something is broken.', type: 'about:blank' },
    'OutcomeUnknown',
    'OUTCOME_UNKNOWN',
    'reconcile',
  ],
  ['502 as a page', 502, html, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  [
    '503',
    503,
    { title: 'Service Unavailable', detail: 'Over capacity', type: 'about:blank' },
    'OutcomeUnknown',
    'OUTCOME_UNKNOWN',
    'reconcile',
  ],
  ['504 without a body', 504, '', 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  ['a redirect', 302, '', 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
];

describe('what X answers to the creating call', () => {
  it.each(CREATING)('%s', async (_name, status, body, kind, code, next) => {
    const { simulator, publisher, options, calls } = await startX();
    simulator.faults.next('POST', /^\/2\/tweets$/, { do: 'answer', status, body });
    const error = await failureOf(publishAll(publisher, options(hello)));
    expect([error.kind, error.code, error.next.do]).toEqual([kind, code, next]);
    // X's own sentence stands beside ours.
    const said = (body as { detail?: string }).detail;
    if (said && !said.startsWith('One or more')) expect(error.message).toContain(said);
    expect(error.message).not.toContain('<html>');
    expect(error.hint).not.toBe('');
    expect(calls('POST /2/tweets')).toHaveLength(1);
    expect(simulator.tweets()).toEqual([]);
  });

  it.each(['truncated', 'html', 'empty', 'wrong type', 'gigantic'] as const)(
    'a success that is %s: the post is there, so its fate is unknown',
    async (how) => {
      const { simulator, publisher, options, calls } = await startX();
      simulator.faults.next('POST', /^\/2\/tweets$/, { do: 'spoil', how });
      const error = await failureOf(publishAll(publisher, options(hello)));
      expect([error.kind, error.next.do]).toEqual(['OutcomeUnknown', 'reconcile']);
      expect(simulator.tweets()).toHaveLength(1);
      expect(calls('POST /2/tweets')).toHaveLength(1);
    },
  );

  it.each(['html', 'truncated', 'gigantic'] as const)(
    'a refusal that is %s keeps its meaning',
    async (how) => {
      const { simulator, publisher, options } = await startX();
      simulator.revoke();
      simulator.faults.next('POST', /^\/2\/tweets$/, { do: 'spoil', how });
      expect((await failureOf(publishAll(publisher, options(hello)))).kind).toBe('AuthRevoked');
    },
  );
});

describe('when to go on after a limit', () => {
  const limited = (headers: Record<string, string>) =>
    ({ do: 'answer', status: 429, body: { title: 'Too Many Requests' }, headers }) as const;
  const seconds = (instant: Date, plus: number) => String(Math.floor(instant.getTime() / 1000) + plus);

  it.each([
    ['the reset that X names, plus a second', { 'x-rate-limit-reset': 300 }, 'RateLimited', 301],
    ['a window, when X names none', {}, 'RateLimited', 900],
    ['a second, when the reset has passed', { 'x-rate-limit-reset': -50 }, 'RateLimited', 1],
    ['a window, when the reset makes no sense', { 'x-rate-limit-reset': 900_000 }, 'RateLimited', 900],
    [
      'the day, when the day is spent',
      {
        'x-rate-limit-reset': 300,
        'x-app-limit-24hour-remaining': 'none',
        'x-app-limit-24hour-reset': 40_000,
      },
      'QuotaSpent',
      40_001,
    ],
    [
      'the day of the user',
      { 'x-user-limit-24hour-remaining': 'none', 'x-user-limit-24hour-reset': 30_000 },
      'QuotaSpent',
      30_001,
    ],
  ] as const)('%s', async (_name, headers, kind, after) => {
    const { simulator, publisher, options, clock } = await startX();
    const given = Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [
        key,
        value === 'none' ? '0' : seconds(clock.now(), value),
      ]),
    );
    simulator.faults.next('POST', /^\/2\/tweets$/, limited(given));
    const error = await failureOf(publishAll(publisher, options(hello)));
    expect(error.kind).toBe(kind);
    expect(error.next).toEqual({ do: 'at', at: new Date(clock.now().getTime() + after * 1000) });
  });

  it.each([
    ['the endpoint', 901, (x: XSimulator) => x.setLimit('POST /2/tweets', 1)],
    ['the day of the app', 86_401, (x: XSimulator) => x.setDayLimit('app', 1)],
    ['the day of the user', 86_401, (x: XSimulator) => x.setDayLimit('user', 1)],
  ])('holds calls back before the limit of %s', async (_name, after, limit) => {
    const { simulator, publisher, options, clock } = await startX();
    limit(simulator);
    await publishAll(publisher, options(content({ text: 'One' })));
    const run = newRun();
    const error = await failureOf(publishAll(publisher, options(content({ text: 'Two' })), run));
    expect(error.kind).toBe('RateLimited');
    expect(error.next).toEqual({ do: 'at', at: new Date(clock.now().getTime() + after * 1000) });
    // Before the fence: no attempt is written down in vain. Looking goes on.
    expect([run.intents, simulator.requests.length]).toEqual([[], 1]);
    await publisher.identify(new AbortController().signal);
    clock.advance(after * 1000);
    expect(await publishAll(publisher, options(content({ text: 'Two' })))).toMatchObject({
      state: 'published',
    });
  });
});

describe('other steps leave no doubt', () => {
  const picture = content({ text: 'Hello' }, [mediaItem('image')]);

  it.each([
    ['a 500', { do: 'answer', status: 500, body: html }],
    ['a broken connection', { do: 'drop', when: 'after' }],
    ['a success without an id', { do: 'spoil', how: 'wrong type' }],
    ['an empty success', { do: 'spoil', how: 'empty' }],
    ['an answer that never ends', { do: 'spoil', how: 'gigantic' }],
  ] as const)('%s to an upload: nothing was published, later', async (_name, fault) => {
    const { simulator, publisher, options } = await startX();
    simulator.faults.next('POST', /media\/upload/, fault, 2);
    const error = await failureOf(publishAll(publisher, options(picture)));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
    simulator.faults.clear();
    expect(await publishAll(publisher, options(picture))).toMatchObject({ state: 'published' });
  });

  it('a 403 to an upload names the right that is missing', async () => {
    const { simulator, publisher, options } = await startX();
    simulator.faults.next('POST', /media\/upload/, {
      do: 'answer',
      status: 403,
      body: { title: 'Forbidden', detail: 'Forbidden' },
    });
    const error = await failureOf(publishAll(publisher, options(picture)));
    expect(error.kind).toBe('PermissionMissing');
    expect(error.hint).toContain('media.write');
  });

  it('nobody listens: certainly nothing left, even for the creating call', async () => {
    const { simulator, publisher, options } = await startX();
    await simulator.refuse();
    const error = await failureOf(publishAll(publisher, options(hello)));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
    expect(error.message).toContain('ECONNREFUSED');
    await simulator.listenAgain();
    expect(await publishAll(publisher, options(hello))).toMatchObject({ state: 'published' });
  });

  it('a connection that breaks once the request is on its way leaves doubt', async () => {
    const broken = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const { port } = broken.address() as { port: number };
    const credentials = {
      apiKey: 'key-1',
      apiSecret: 'secret-1',
      accessToken: 'token-1',
      accessSecret: 'hidden-1',
    };
    const clock = createManualClock();
    const publisher = createXPublisher({ credentials, apiUrl: `http://127.0.0.1:${port}` }, clock);
    const error = await failureOf(publishAll(publisher, { account: account('x'), content: hello, clock }));
    expect(error.kind).toBe('OutcomeUnknown');
    broken.close();
  });

  it('a kept connection that was closed meanwhile costs nothing but a new one', async () => {
    const { simulator, publisher, calls } = await startX();
    const { signal } = new AbortController();
    await publisher.identify(signal);
    simulator.faults.next('GET', /users\/me/, { do: 'drop', when: 'before' });
    expect(await publisher.identify(signal)).toMatchObject({ handle: 'acme' });
    const sockets = calls('GET /2/users/me').map((each) => each.socket);
    expect(sockets).toEqual([1, 1, 2]);
  });
});

describe('credentials', () => {
  it('are checked by asking whose they are', async () => {
    const { simulator, publisher } = await startX();
    const { signal } = new AbortController();
    expect(await publisher.identify(signal)).toEqual({
      remoteId: simulator.user.id,
      handle: 'acme',
      name: 'Acme Bells',
      profileUrl: 'https://x.com/acme',
    });
    simulator.revoke();
    expect((await failureOf(publisher.identify(signal))).kind).toBe('AuthRevoked');
  });

  it('that are wrong are refused by the signature', async () => {
    const { simulator, clock } = await startX();
    const credentials = { ...simulator.credentials, accessSecret: 'wrong' };
    const publisher = createXPublisher({ credentials, apiUrl: simulator.url }, clock);
    expect((await failureOf(publisher.identify(new AbortController().signal))).code).toBe('AUTH_REVOKED');
  });

  it('that come back in an answer are not shown', async () => {
    const { simulator, publisher, options } = await startX();
    const { apiKey, accessToken, accessSecret } = simulator.credentials;
    const detail = `OAuth oauth_consumer_key="${apiKey}", oauth_token="${accessToken}", oauth_signature="abc%3D" ${encodeURIComponent(accessSecret)}`;
    simulator.faults.next('POST', /^\/2\/tweets$/, { do: 'answer', status: 400, body: { detail } });
    const error = await failureOf(publishAll(publisher, options(hello)));
    const shown = `${error.message} ${String(error.cause)} ${JSON.stringify(error.context)}`;
    for (const secret of [apiKey, accessToken, accessSecret, encodeURIComponent(accessSecret), 'abc%3D'])
      expect(shown).not.toContain(secret);
  });
});

describe('stopping', () => {
  it('ends a call that hangs; a creating call then leaves doubt', async () => {
    const { simulator, publisher, options } = await startX();
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    simulator.faults.next('POST', /^\/2\/tweets$/, { do: 'hold', until });
    const stop = new AbortController();
    const work = failureOf(publishAll(publisher, options(hello, { signal: stop.signal })));
    while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect((await work).kind).toBe('OutcomeUnknown');
    release();
  });

  it('ends a call that is never answered, at its deadline', async () => {
    const { simulator, publisher, clock } = await startX();
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    simulator.faults.next('GET', /users\/me/, { do: 'hold', until });
    const work = failureOf(publisher.identify(new AbortController().signal));
    while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5 * 60 * 1000);
    const error = await work;
    expect(error.kind).toBe('PlatformUnavailable');
    expect(error.message).toContain('no answer in time');
    release();
  });
});
