import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createPinterestPublisher } from '../../../src/publishers/pinterest/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, content, mediaItem, newRun, publishAll } from '../../helpers/publishing.ts';
import { BELLS, failureOf, startPinterest } from './harness.ts';

const pin = content({ text: 'Hello' }, [mediaItem('image')]);
const html = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** Each row of the table in the documentation: what Pinterest answers to the creating call, and what that means. */
const CREATING: readonly [
  name: string,
  status: number,
  body: unknown,
  kind: string,
  code: string,
  next: string,
][] = [
  [
    '400 code 1',
    400,
    { code: 1, message: 'Parameter link is invalid.' },
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    'code 30',
    400,
    { code: 30, message: 'Board is invalid.' },
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    'code 40 (board)',
    404,
    { code: 40, message: 'Board not found.' },
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    'code 50 (pin)',
    404,
    { code: 50, message: 'Pin not found.' },
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    'code 2031 (section)',
    400,
    { code: 2031, message: 'Board section not found.' },
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    '401 of another code',
    401,
    { code: 283, message: 'Token revoked.' },
    'AuthRevoked',
    'AUTH_REVOKED',
    'reconnect',
  ],
  [
    '403 code 3 (scope)',
    403,
    { code: 3, message: 'The token lacks pins:write.' },
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    '403 code 7',
    403,
    { code: 7, message: 'You are not permitted to access that resource.' },
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    '403 code 29',
    403,
    { code: 29, message: 'The app has Trial access.' },
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  ['409', 409, { code: 1, message: 'Conflict.' }, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  [
    '429 code 8',
    429,
    { code: 8, message: 'You have exceeded your rate limit.' },
    'RateLimited',
    'RATE_LIMITED',
    'at',
  ],
  [
    'code 8 beside another number',
    400,
    { code: 8, message: 'Too many writes.' },
    'RateLimited',
    'RATE_LIMITED',
    'at',
  ],
  [
    '429 for spam',
    429,
    { code: 8, message: 'This request was blocked as spam.' },
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  ['429 as a page', 429, html, 'RateLimited', 'RATE_LIMITED', 'at'],
  [
    '500',
    500,
    { code: 11, message: 'Something went wrong on our end.' },
    'OutcomeUnknown',
    'OUTCOME_UNKNOWN',
    'reconcile',
  ],
  ['502 as a page', 502, html, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  ['503', 503, { code: 12, message: 'Unavailable.' }, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  ['504 without a body', 504, '', 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  ['a gateway that gave up waiting', 408, html, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  ['413', 413, html, 'MediaRejected', 'MEDIA_REJECTED', 'change content'],
  ['the page of a gateway that refuses', 403, html, 'PlatformUnavailable', 'PLATFORM_UNAVAILABLE', 'later'],
  ['the page of a wrong address', 404, html, 'ConfigError', 'CONFIG_INVALID', 'change config'],
  ['a redirect', 302, '', 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
];

describe('what Pinterest answers to the creating call', () => {
  it.each(CREATING)('%s', async (_name, status, body, kind, code, next) => {
    const { simulator, publisher, options, calls } = await startPinterest();
    simulator.faults.next('POST', /\/pins$/, { do: 'answer', status, body });
    const error = await failureOf(publishAll(publisher, options(pin)));
    expect([error.kind, error.code, error.next.do]).toEqual([kind, code, next]);
    // Pinterest's own sentence stands beside ours.
    const said = (body as { message?: string }).message;
    if (said) expect(error.message).toContain(said.replace(/\.$/, ''));
    expect(error.message).not.toContain('<html>');
    expect(error.hint).not.toBe('');
    expect(calls('POST pins')).toHaveLength(1);
    expect(simulator.pins()).toEqual([]);
  });

  it.each(['truncated', 'html', 'empty', 'wrong type', 'gigantic'] as const)(
    'a success that is %s: the pin is there, so its fate is unknown',
    async (how) => {
      const { simulator, publisher, options, calls } = await startPinterest();
      simulator.faults.next('POST', /\/pins$/, { do: 'spoil', how });
      const error = await failureOf(publishAll(publisher, options(pin)));
      expect([error.kind, error.next.do]).toEqual(['OutcomeUnknown', 'reconcile']);
      expect(simulator.pins()).toHaveLength(1);
      expect(calls('POST pins')).toHaveLength(1);
    },
  );

  it.each(['html', 'truncated', 'gigantic'] as const)(
    'a refusal that is %s keeps its meaning',
    async (how) => {
      const { simulator, create, options } = await startPinterest();
      simulator.expire();
      simulator.faults.next('POST', /\/pins$/, { do: 'spoil', how });
      const publisher = create({ credentials: { accessToken: 'some other' } });
      expect((await failureOf(publishAll(publisher, options(pin)))).kind).toBe('AuthRevoked');
    },
  );
});

describe('when to go on after a limit', () => {
  const limited = (headers: Record<string, string>) =>
    ({ do: 'answer', status: 429, body: { code: 8, message: 'Too many.' }, headers }) as const;

  it.each([
    ['the seconds that Pinterest names, and one more', { 'x-ratelimit-reset': '37' }, 'RateLimited', 38],
    ['a minute, when it names none', {}, 'RateLimited', 60],
    ['a minute, when what it names makes no sense', { 'x-ratelimit-reset': 'soon' }, 'RateLimited', 60],
    ['a minute, when it names weeks', { 'x-ratelimit-reset': '999999' }, 'RateLimited', 60],
    ['the end of the day, for an app on trial', { 'x-ratelimit-reset': '40000' }, 'QuotaSpent', 40_001],
  ] as const)('%s', async (_name, headers, kind, after) => {
    const { simulator, publisher, options, clock } = await startPinterest();
    simulator.faults.next('POST', /\/pins$/, limited(headers));
    const error = await failureOf(publishAll(publisher, options(pin)));
    expect(error.kind).toBe(kind);
    expect(error.next).toEqual({ do: 'at', at: new Date(clock.now().getTime() + after * 1000) });
  });

  it('understands an instant as well', async () => {
    const { simulator, publisher, options, clock } = await startPinterest();
    const reset = String(Math.floor(clock.now().getTime() / 1000) + 45);
    simulator.faults.next('POST', /\/pins$/, limited({ 'x-ratelimit-reset': reset }));
    const error = await failureOf(publishAll(publisher, options(pin)));
    expect(error.next).toEqual({ do: 'at', at: new Date(clock.now().getTime() + 46_000) });
  });

  it('holds calls back before the limit of the window', async () => {
    const { simulator, publisher, options, clock } = await startPinterest();
    simulator.setLimit(1);
    await publishAll(publisher, options(pin));
    const run = newRun();
    const error = await failureOf(publishAll(publisher, options(pin), run));
    // Before the fence: no attempt is written down in vain.
    expect([run.intents, simulator.requests.length]).toEqual([[], 1]);
    expect(error.kind).toBe('RateLimited');
    expect(error.next).toEqual({ do: 'at', at: new Date(clock.now().getTime() + 61_000) });
  });
});

describe('other steps leave no doubt', () => {
  const named = content({ text: 'Hello', board: 'Bells' }, [mediaItem('image')]);

  it.each([
    ['a 500', { do: 'answer', status: 500, body: html }],
    ['a broken connection', { do: 'drop', when: 'after' }],
    ['a success of another shape', { do: 'spoil', how: 'wrong type' }],
    ['an empty success', { do: 'spoil', how: 'empty' }],
    ['an answer that never ends', { do: 'spoil', how: 'gigantic' }],
    ['a conflict', { do: 'answer', status: 409, body: { code: 1, message: 'Busy.' } }],
  ] as const)('%s to the list of boards: nothing was published, later', async (_name, fault) => {
    const { simulator, publisher, options } = await startPinterest();
    simulator.faults.next('GET', /boards$/, fault, 2);
    const error = await failureOf(publishAll(publisher, options(named)));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
    simulator.faults.clear();
    expect(await publishAll(publisher, options(named))).toMatchObject({ state: 'published' });
  });

  it('nobody listens: certainly nothing left, even for the creating call', async () => {
    const { simulator, publisher, options } = await startPinterest();
    await simulator.refuse();
    const error = await failureOf(publishAll(publisher, options(pin)));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
    expect(error.message).toContain('ECONNREFUSED');
    await simulator.listenAgain();
    expect(await publishAll(publisher, options(pin))).toMatchObject({ state: 'published' });
  });

  it('a connection that breaks once a whole request is on its way leaves doubt', async () => {
    const broken = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const { port } = broken.address() as { port: number };
    const clock = createManualClock();
    const settings = {
      credentials: { accessToken: 'token-1' },
      boardId: BELLS,
      apiUrl: `http://127.0.0.1:${port}`,
    };
    const publisher = createPinterestPublisher(settings, memoryVault(), clock);
    const error = await failureOf(
      publishAll(publisher, { account: account('pinterest'), content: pin, clock }),
    );
    expect(error.kind).toBe('OutcomeUnknown');
    broken.close();
  });

  it('a kept connection that was closed meanwhile costs nothing but a new one', async () => {
    const { simulator, publisher, calls } = await startPinterest();
    const { signal } = new AbortController();
    await publisher.identify(signal);
    simulator.faults.next('GET', /user_account/, { do: 'drop', when: 'before' });
    expect(await publisher.identify(signal)).toMatchObject({ handle: 'acme' });
    expect(calls('GET user_account').map((each) => each.socket)).toEqual([1, 1, 2]);
  });
});

describe('credentials', () => {
  const { signal } = new AbortController();

  it('are checked by asking whose they are', async () => {
    const { simulator, publisher } = await startPinterest();
    expect(await publisher.identify(signal)).toEqual({
      remoteId: simulator.user.id,
      handle: 'acme',
      name: 'Acme Bells',
      profileUrl: 'https://www.pinterest.com/acme/',
    });
    simulator.revoke();
    expect((await failureOf(publisher.identify(signal))).kind).toBe('AuthRevoked');
  });

  it('of an app on trial are told as such: only the owner sees its pins', async () => {
    const { publisher } = await startPinterest({ trial: true });
    expect((await publisher.identify(signal)).name).toBe(
      'Acme Bells (trial access: only you see these pins)',
    );
  });

  it('that lack a scope are told which', async () => {
    const { publisher, options } = await startPinterest({ scopes: ['boards:read', 'pins:read'] });
    const error = await failureOf(publishAll(publisher, options(pin)));
    expect([error.kind, error.message]).toEqual([
      'PermissionMissing',
      'Pinterest does not permit it: “The token lacks boards:write, pins:write.”',
    ]);
  });

  it('that come back in an answer are not shown', async () => {
    const { simulator, publisher, options, credentials } = await startPinterest();
    const echo = `Authorization: Bearer ${credentials.accessToken} ${credentials.refreshToken} ${encodeURIComponent(credentials.appSecret)} Bearer pina_of_another`;
    simulator.faults.next('POST', /\/pins$/, { do: 'answer', status: 400, body: { code: 1, message: echo } });
    const error = await failureOf(publishAll(publisher, options(pin)));
    const shown = `${error.message} ${String(error.cause)} ${JSON.stringify(error.context)}`;
    for (const secret of [
      ...Object.values(credentials).slice(0, 2),
      credentials.appSecret,
      'pina_of_another',
    ])
      expect(shown).not.toContain(secret);
  });
});

describe('stopping', () => {
  it('ends a call that hangs; a creating call then leaves doubt', async () => {
    const { simulator, publisher, options } = await startPinterest();
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    simulator.faults.next('POST', /\/pins$/, { do: 'hold', until });
    const stop = new AbortController();
    const work = failureOf(publishAll(publisher, options(pin, { signal: stop.signal })));
    while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect((await work).kind).toBe('OutcomeUnknown');
    release();
  });

  it('ends a call that is never answered, at its deadline', async () => {
    const { simulator, publisher, clock } = await startPinterest();
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    simulator.faults.next('GET', /user_account/, { do: 'hold', until });
    const work = failureOf(publisher.identify(new AbortController().signal));
    while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5 * 60 * 1000);
    const error = await work;
    expect(error.kind).toBe('PlatformUnavailable');
    expect(error.message).toContain('no answer in time');
    release();
  });
});
