import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createFacebookPublisher } from '../../../src/publishers/facebook/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, content, mediaItem, newRun, publishAll } from '../../helpers/publishing.ts';
import { type GraphError, graphError } from '../../simulators/meta/refusal.ts';
import { failureOf, startFacebook } from './harness.ts';

const hello = content({ text: 'Hello' });
const html = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
const said = 'What Facebook says about it.';

/** Each row of the tables in the documentation, in answer to the creating call. */
const CREATING: readonly [GraphError, kind: string, code: string, next: string, hint?: RegExp][] = [
  [{ code: 1 }, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  [{ code: 2 }, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  [{ code: 6001 }, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  [{ code: 100, is_transient: true }, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  [{ code: 4 }, 'RateLimited', 'RATE_LIMITED', 'at'],
  [{ code: 4, is_transient: true }, 'RateLimited', 'RATE_LIMITED', 'at'],
  [{ code: 17 }, 'RateLimited', 'RATE_LIMITED', 'at'],
  [{ code: 32 }, 'RateLimited', 'RATE_LIMITED', 'at'],
  [{ code: 341 }, 'RateLimited', 'RATE_LIMITED', 'at'],
  [{ code: 613 }, 'RateLimited', 'RATE_LIMITED', 'at'],
  [{ code: 80001 }, 'RateLimited', 'RATE_LIMITED', 'at'],
  [{ code: 80002 }, 'RateLimited', 'RATE_LIMITED', 'at'],
  [{ code: 102 }, 'AuthRevoked', 'AUTH_REVOKED', 'reconnect', /FACEBOOK_PAGE_TOKEN/],
  [{ code: 190 }, 'AuthRevoked', 'AUTH_REVOKED', 'reconnect', /FACEBOOK_PAGE_TOKEN/],
  [{ code: 190, error_subcode: 458 }, 'AuthRevoked', 'AUTH_REVOKED', 'reconnect', /removed the app/],
  [{ code: 190, error_subcode: 459 }, 'AuthRevoked', 'AUTH_REVOKED', 'reconnect', /pass the check/],
  [{ code: 190, error_subcode: 460 }, 'AuthRevoked', 'AUTH_REVOKED', 'reconnect', /password/],
  [{ code: 190, error_subcode: 463 }, 'AuthExpired', 'AUTH_REVOKED', 'refresh', /age/],
  [{ code: 190, error_subcode: 464 }, 'AuthRevoked', 'AUTH_REVOKED', 'reconnect', /confirm/],
  [{ code: 190, error_subcode: 467 }, 'AuthRevoked', 'AUTH_REVOKED', 'reconnect', /not valid/],
  [{ code: 190, error_subcode: 492 }, 'AuthRevoked', 'AUTH_REVOKED', 'reconnect', /role/],
  [{ code: 3 }, 'PermissionMissing', 'PERMISSION_MISSING', 'reconnect', /pages_manage_posts/],
  [{ code: 10 }, 'PermissionMissing', 'PERMISSION_MISSING', 'reconnect', /pages_manage_posts/],
  [{ code: 200 }, 'PermissionMissing', 'PERMISSION_MISSING', 'reconnect', /pages_manage_posts/],
  [{ code: 283 }, 'PermissionMissing', 'PERMISSION_MISSING', 'reconnect', /pages_manage_posts/],
  [{ code: 299 }, 'PermissionMissing', 'PERMISSION_MISSING', 'reconnect', /pages_manage_posts/],
  [{ code: 368 }, 'PermissionMissing', 'PERMISSION_MISSING', 'reconnect', /slowly/],
  [{ code: 506 }, 'OutcomeUnknown', 'DUPLICATE_REFUSED', 'reconcile'],
  [{ code: 100 }, 'ContentRejected', 'CONTENT_REJECTED', 'change content'],
  [{ code: 100, error_subcode: 33 }, 'ConfigError', 'CONFIG_INVALID', 'change config', /FACEBOOK_PAGE_ID/],
  [{ code: 324 }, 'MediaRejected', 'MEDIA_REJECTED', 'change content'],
  [{ code: 382 }, 'MediaRejected', 'MEDIA_REJECTED', 'change content'],
  [{ code: 389 }, 'ConfigError', 'CONFIG_INVALID', 'change config'],
  [{ code: 6000 }, 'MediaRejected', 'MEDIA_REJECTED', 'change content'],
  [{ code: 1609005 }, 'ContentRejected', 'CONTENT_REJECTED', 'change content', /link/],
  // Subcodes that only others have written about mean nothing by themselves.
  [{ code: 100, error_subcode: 1366046 }, 'ContentRejected', 'CONTENT_REJECTED', 'change content'],
  [{ code: 2, error_subcode: 1390008 }, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  [{ code: 77777 }, 'ContentRejected', 'CONTENT_REJECTED', 'change content'],
];

describe('what Facebook answers to the creating call', () => {
  it.each(CREATING)('%j', async (row, kind, code, next, hint) => {
    const { simulator, publisher, options, calls } = await startFacebook();
    const status = row.code === 190 ? 401 : 400;
    const body = graphError({ message: 'For developers.', error_user_msg: said, ...row });
    simulator.faults.next('POST', /feed$/, { do: 'answer', status, body });
    const error = await failureOf(publishAll(publisher, options(hello)));
    expect([error.kind, error.code, error.next.do]).toEqual([kind, code, next]);
    expect(error.message).toContain(said);
    if (hint) expect(error.hint).toMatch(hint);
    expect(error.context).toMatchObject({
      network: 'facebook',
      step: 'create',
      code: row.code,
      trace: 'AbC123',
    });
    expect(calls()).toEqual(['POST :id/feed']);
    expect(simulator.created()).toBe(0);
  });

  it.each([
    ['an error beside a 200', 200, graphError({ code: 190 }), 'AuthRevoked', 'reconnect'],
    ['a 500 with a code that says nothing', 500, graphError({ code: 1 }), 'OutcomeUnknown', 'reconcile'],
    ['a 500 with a code of content', 500, graphError({ code: 100 }), 'OutcomeUnknown', 'reconcile'],
    ['a 503 as a page', 503, html, 'OutcomeUnknown', 'reconcile'],
    ['a 504 without a body', 504, '', 'OutcomeUnknown', 'reconcile'],
    ['a gateway that gave up waiting', 408, html, 'OutcomeUnknown', 'reconcile'],
    ['a redirect', 302, '', 'OutcomeUnknown', 'reconcile'],
    ['the page of a gateway that refuses', 403, html, 'PlatformUnavailable', 'later'],
    ['the page of a wrong address', 404, html, 'ConfigError', 'change config'],
    ['a 401 without a word', 401, '', 'AuthRevoked', 'reconnect'],
    ['a 429 without a word', 429, '', 'RateLimited', 'at'],
    ['an error that is no object', 400, { error: 'no' }, 'PlatformUnavailable', 'later'],
    [
      'a code that is no number',
      400,
      { error: { code: '190', message: 'no' } },
      'PlatformUnavailable',
      'later',
    ],
  ] as const)('%s', async (_name, status, body, kind, next) => {
    const { simulator, publisher, options } = await startFacebook();
    simulator.faults.next('POST', /feed$/, { do: 'answer', status, body });
    const error = await failureOf(publishAll(publisher, options(hello)));
    expect([error.kind, error.next.do]).toEqual([kind, next]);
    expect(error.message).not.toContain('<html>');
    expect(error.hint).not.toBe('');
  });

  it.each(['truncated', 'html', 'empty', 'wrong type', 'gigantic'] as const)(
    'a success that is %s: the post is there, so its fate is unknown',
    async (how) => {
      const { simulator, publisher, options, calls } = await startFacebook();
      simulator.faults.next('POST', /feed$/, { do: 'spoil', how });
      const error = await failureOf(publishAll(publisher, options(hello)));
      expect([error.kind, error.next.do]).toEqual(['OutcomeUnknown', 'reconcile']);
      expect(simulator.created()).toBe(1);
      expect(calls()).toEqual(['POST :id/feed']);
    },
  );

  it('a token that comes back in an answer is not shown', async () => {
    const { simulator, publisher, options } = await startFacebook();
    const body = graphError({ code: 100, message: `Malformed access token ${simulator.token}` });
    simulator.faults.next('POST', /feed$/, { do: 'answer', status: 400, body });
    const error = await failureOf(publishAll(publisher, options(hello)));
    expect(`${error.message} ${String(error.cause)} ${JSON.stringify(error.context)}`).not.toContain(
      simulator.token,
    );
    expect(error.message).toContain('***');
  });
});

describe('other steps leave no doubt', () => {
  const album = content({ text: 'Hello' }, [
    mediaItem('image', { name: 'a.jpg' }),
    mediaItem('image', { name: 'b.jpg' }),
  ]);

  it.each([
    ['a 500', { do: 'answer', status: 500, body: html }],
    ['code 1', { do: 'answer', status: 400, body: graphError({ code: 1 }) }],
    ['a broken connection', { do: 'drop', when: 'after' }],
    ['a success without an id', { do: 'spoil', how: 'wrong type' }],
    ['an empty success', { do: 'spoil', how: 'empty' }],
    ['an answer that never ends', { do: 'spoil', how: 'gigantic' }],
  ] as const)('%s to an upload: nothing was published, later', async (_name, fault) => {
    const { simulator, publisher, options } = await startFacebook();
    simulator.faults.next('POST', /photos$/, fault);
    const error = await failureOf(publishAll(publisher, options(album)));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
    expect(await publishAll(publisher, options(album))).toMatchObject({ state: 'published' });
    expect(simulator.posts()).toHaveLength(1);
  });

  it.each([
    ['ProcessingFailedError', false, 'MediaRejected'],
    ['SomethingNew', false, 'MediaRejected'],
    ['OffsetInvalidError', false, 'PlatformUnavailable'],
    ['PartialRequestError', false, 'PlatformUnavailable'],
    ['ProcessingFailedError', true, 'PlatformUnavailable'],
  ] as const)('the host for bytes says %s (retriable: %s)', async (type, retriable, kind) => {
    const { simulator, publisher, options } = await startFacebook();
    const body = { debug_info: { type, retriable, message: said } };
    simulator.faults.next('POST', /video-upload/, { do: 'answer', status: 400, body }, 3);
    const error = await failureOf(publishAll(publisher, options(content({}, [mediaItem('video')]))));
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(said);
    // What may succeed is tried again within the step, from the offset; what cannot is not.
    expect(simulator.requests.filter((each) => each.host === 'upload')).toHaveLength(retriable ? 3 : 1);
  });

  it('Facebook that does not know the app says what to set', async () => {
    const { simulator, publisher, options } = await startFacebook();
    simulator.faults.next('GET', /\/app$/, { do: 'answer', status: 400, body: graphError({ code: 100 }) });
    const error = await failureOf(
      publishAll(publisher, options(content({}, [mediaItem('video', { width: 1280, height: 720 })]))),
    );
    expect(error.kind).toBe('ConfigError');
    expect(error.hint).toContain('FACEBOOK_APP_ID');
  });

  it('nobody listens: certainly nothing left, even for the creating call', async () => {
    const { simulator, publisher, options } = await startFacebook();
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
    const clock = createManualClock();
    const credentials = { pageId: '1', pageToken: 'token-1' };
    const publisher = createFacebookPublisher({ credentials, apiUrl: `http://127.0.0.1:${port}` }, clock);
    const error = await failureOf(
      publishAll(publisher, { account: account('facebook'), content: hello, clock }),
    );
    expect(error.kind).toBe('OutcomeUnknown');
    broken.close();
  });

  it('a kept connection that was closed meanwhile costs nothing but a new one', async () => {
    const { simulator, publisher } = await startFacebook();
    const { signal } = new AbortController();
    await publisher.identify(signal);
    simulator.faults.next('GET', /\/me$/, { do: 'drop', when: 'before' });
    expect(await publisher.identify(signal)).toMatchObject({ handle: 'acmebells' });
  });

  it('all calls but the creating one share a connection; that one has its own', async () => {
    const { simulator, publisher, options } = await startFacebook();
    await publishAll(publisher, options(album));
    const sockets = simulator.requests.map((each) => each.socket);
    expect(sockets[0]).toBe(sockets[1]);
    expect(sockets[2]).not.toBe(sockets[0]);
  });
});

describe('the allowance of calls', () => {
  const minutes = (now: Date, count: number) => new Date(now.getTime() + count * 60_000);
  const business = (percent: number, wait = 0) =>
    JSON.stringify({
      '1048': [
        {
          type: 'pages',
          call_count: 3,
          total_cputime: percent,
          total_time: 2,
          estimated_time_to_regain_access: wait,
        },
      ],
    });

  it.each([
    ['X-App-Usage at 95 %', { 'x-app-usage': '{"call_count":95,"total_time":1,"total_cputime":2}' }, 10],
    ['X-Business-Use-Case-Usage at 100 %', { 'x-business-use-case-usage': business(100) }, 10],
    ['the minutes that Facebook names', { 'x-business-use-case-usage': business(100, 33) }, 33],
  ])('%s holds calls back before the limit', async (_name, headers, wait) => {
    const { simulator, publisher, options, clock } = await startFacebook();
    simulator.setUsage(headers);
    await publishAll(publisher, options(content({ text: 'One' })));
    const run = newRun();
    const error = await failureOf(publishAll(publisher, options(content({ text: 'Two' })), run));
    expect(error.kind).toBe('RateLimited');
    expect(error.next).toEqual({ do: 'at', at: minutes(clock.now(), wait) });
    // Held before the fence: no attempt is written down in vain.
    expect(run.intents).toEqual([]);
    expect(simulator.requests).toHaveLength(1);
    simulator.setUsage({});
    clock.advance(wait * 60_000);
    expect(await publishAll(publisher, options(content({ text: 'Two' })))).toMatchObject({
      state: 'published',
    });
  });

  it.each([
    ['below it', { 'x-app-usage': '{"call_count":94,"total_time":1,"total_cputime":2}' }],
    ['that cannot be read', { 'x-app-usage': '{"call_count":"many"', 'x-business-use-case-usage': '[]' }],
  ])('%s holds nothing back', async (_name, headers) => {
    const { simulator, publisher, options } = await startFacebook();
    simulator.setUsage(headers);
    await publishAll(publisher, options(content({ text: 'One' })));
    await publishAll(publisher, options(content({ text: 'Two' })));
    expect(simulator.posts()).toHaveLength(2);
  });

  it('a refusal waits as long as Facebook names, or a quarter of an hour', async () => {
    const { simulator, publisher, options, clock } = await startFacebook();
    const answer = { do: 'answer', status: 400, body: graphError({ code: 32 }) } as const;
    simulator.faults.next('POST', /feed$/, answer);
    expect((await failureOf(publishAll(publisher, options(hello)))).next).toEqual({
      do: 'at',
      at: minutes(clock.now(), 15),
    });
    simulator.faults.next('POST', /feed$/, {
      ...answer,
      headers: { 'x-business-use-case-usage': business(100, 7) },
    });
    expect((await failureOf(publishAll(publisher, options(hello)))).next).toEqual({
      do: 'at',
      at: minutes(clock.now(), 7),
    });
  });
});

describe('stopping', () => {
  it.each([
    ['a creating call then leaves doubt', hello, /feed$/, 'OutcomeUnknown'],
    [
      'an upload does not',
      content({}, [mediaItem('image', { name: 'a' }), mediaItem('image')]),
      /photos$/,
      'PlatformUnavailable',
    ],
  ])('ends a call that hangs; %s', async (_name, what, path, kind) => {
    const { simulator, publisher, options } = await startFacebook();
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    simulator.faults.next('POST', path, { do: 'hold', until });
    const stop = new AbortController();
    const work = failureOf(publishAll(publisher, options(what, { signal: stop.signal })));
    while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect((await work).kind).toBe(kind);
    release();
  });

  it('ends a call that is never answered, at its deadline', async () => {
    const { simulator, publisher, clock } = await startFacebook();
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    simulator.faults.next('GET', /\/me$/, { do: 'hold', until });
    const work = failureOf(publisher.identify(new AbortController().signal));
    while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5 * 60 * 1000);
    const error = await work;
    expect(error.kind).toBe('PlatformUnavailable');
    expect(error.message).toContain('no answer in time');
    release();
  });
});
