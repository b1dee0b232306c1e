import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createTumblrPublisher } from '../../../src/publishers/tumblr/publisher.ts';
import { createManualClock, createSeededRandom } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, content, mediaItem, newRun, publishAll } from '../../helpers/publishing.ts';
import { failureOf, startTumblr } from './harness.ts';

const hello = content({ text: 'Hello' });
const html = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
const said = (status: number, code: number, detail: string) => ({
  meta: { status, msg: 'Refused' },
  response: [],
  errors: [{ title: 'Refused', code, detail }],
});

/** Each row of the table in the documentation: what Tumblr answers to the creating call, and what that means. */
const CREATING: readonly [
  name: string,
  status: number,
  body: unknown,
  kind: string,
  code: string,
  next: string,
][] = [
  [
    '400.8001 a wrong field',
    400,
    said(400, 8001, "'content' must be an array"),
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    '400.8002 a wrong parent',
    400,
    said(400, 8002, 'That post cannot be reblogged.'),
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    '400.8005 a wrong file',
    400,
    said(400, 8005, 'We cannot accept that format.'),
    'MediaRejected',
    'MEDIA_REJECTED',
    'change content',
  ],
  [
    '400.8016 a wrong answer',
    400,
    said(400, 8016, 'The layout of the answer is invalid.'),
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    '400 without a code',
    400,
    { meta: { status: 400, msg: 'Bad Request' } },
    'ContentRejected',
    'CONTENT_REJECTED',
    'change content',
  ],
  [
    '401',
    401,
    { meta: { status: 401, msg: 'Unauthorized' }, response: [] },
    'AuthRevoked',
    'AUTH_REVOKED',
    'reconnect',
  ],
  [
    '403.8004 no more pictures today',
    403,
    said(403, 8004, 'You cannot upload more media today.'),
    'QuotaSpent',
    'QUOTA_SPENT',
    'at',
  ],
  [
    '403.8011 no more videos today',
    403,
    said(403, 8011, 'You cannot upload more videos today.'),
    'QuotaSpent',
    'QUOTA_SPENT',
    'at',
  ],
  ['403.8022 a full queue', 403, said(403, 8022, 'The queue is full.'), 'QuotaSpent', 'QUOTA_SPENT', 'at'],
  [
    '403.8023 no more posts today',
    403,
    said(403, 8023, 'You have reached your post limit.'),
    'QuotaSpent',
    'QUOTA_SPENT',
    'at',
  ],
  [
    '403.8010 another video in work',
    403,
    said(403, 8010, 'A video is still transcoding.'),
    'PlatformUnavailable',
    'PLATFORM_UNAVAILABLE',
    'later',
  ],
  [
    '403.8008 another refusal',
    403,
    said(403, 8008, 'No videos in reblogs.'),
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    '403 without a code',
    403,
    { meta: { status: 403, msg: 'Forbidden' } },
    'PermissionMissing',
    'PERMISSION_MISSING',
    'reconnect',
  ],
  [
    '404 a blog that is gone',
    404,
    said(404, 0, 'Not Found'),
    'ConfigError',
    'CONFIG_INVALID',
    'change config',
  ],
  ['429', 429, said(429, 0, 'Limit Exceeded'), 'RateLimited', 'RATE_LIMITED', 'at'],
  ['429 as a page', 429, html, 'RateLimited', 'RATE_LIMITED', 'at'],
  [
    '500.8006 a failed upload',
    500,
    said(500, 8006, 'Unknown upload error.'),
    'PlatformUnavailable',
    'PLATFORM_UNAVAILABLE',
    'later',
  ],
  [
    '500.8009 a failed upload of a video',
    500,
    said(500, 8009, 'Unknown upload error.'),
    'PlatformUnavailable',
    'PLATFORM_UNAVAILABLE',
    'later',
  ],
  [
    '500',
    500,
    { meta: { status: 500, msg: 'Internal Server Error' } },
    'OutcomeUnknown',
    'OUTCOME_UNKNOWN',
    'reconcile',
  ],
  [
    '503 posting is switched off',
    503,
    { meta: { status: 503, msg: 'Service Unavailable' } },
    'PlatformUnavailable',
    'PLATFORM_UNAVAILABLE',
    'later',
  ],
  ['502 as a page', 502, html, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  ['503 as a page', 503, html, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  ['504 without a body', 504, '', 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  ['a gateway that gave up waiting', 408, html, 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  ['409', 409, said(409, 0, 'Conflict'), 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
  ['413', 413, html, 'MediaRejected', 'MEDIA_REJECTED', 'change content'],
  ['the page of a gateway that refuses', 403, html, 'PlatformUnavailable', 'PLATFORM_UNAVAILABLE', 'later'],
  ['the page of a wrong address', 404, html, 'ConfigError', 'CONFIG_INVALID', 'change config'],
  ['a redirect', 302, '', 'OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'],
];

describe('what Tumblr answers to the creating call', () => {
  it.each(CREATING)('%s', async (_name, status, body, kind, code, next) => {
    const { simulator, publisher, options, calls } = await startTumblr();
    simulator.faults.next('POST', /\/posts$/, { do: 'answer', status, body });
    const error = await failureOf(publishAll(publisher, options(hello)));
    expect([error.kind, error.code, error.next.do]).toEqual([kind, code, next]);
    // Tumblr's own sentence stands beside ours.
    const detail = (body as { errors?: { detail: string }[] }).errors?.[0]?.detail;
    if (detail) expect(error.message).toContain(detail);
    expect(error.message).not.toContain('<html>');
    expect(error.hint).not.toBe('');
    expect(calls('POST posts')).toHaveLength(1);
    expect(simulator.posts()).toEqual([]);
  });

  it.each(['truncated', 'html', 'empty', 'wrong type', 'gigantic'] as const)(
    'a success that is %s: the post is there, so its fate is unknown',
    async (how) => {
      const { simulator, publisher, options, calls } = await startTumblr();
      simulator.faults.next('POST', /\/posts$/, { do: 'spoil', how });
      const error = await failureOf(publishAll(publisher, options(hello)));
      expect([error.kind, error.next.do]).toEqual(['OutcomeUnknown', 'reconcile']);
      expect(simulator.posts()).toHaveLength(1);
      expect(calls('POST posts')).toHaveLength(1);
    },
  );

  it.each(['html', 'truncated', 'gigantic'] as const)(
    'a refusal that is %s keeps its meaning',
    async (how) => {
      const { simulator, publisher, options } = await startTumblr();
      simulator.revoke();
      simulator.faults.next('POST', /\/posts$/, { do: 'spoil', how });
      expect((await failureOf(publishAll(publisher, options(hello)))).kind).toBe('AuthRevoked');
    },
  );
});

describe('when to go on after a limit', () => {
  const limited = (headers: Record<string, string>) =>
    ({ do: 'answer', status: 429, body: said(429, 0, 'Limit Exceeded'), headers }) as const;

  it.each([
    [
      'the end of the hour, plus a second',
      { 'X-Ratelimit-Perhour-Remaining': '0', 'X-Ratelimit-Perhour-Reset': '300' },
      'RateLimited',
      301,
    ],
    [
      'the end of the day, when the day is spent',
      {
        'X-Ratelimit-Perhour-Remaining': '0',
        'X-Ratelimit-Perhour-Reset': '300',
        'X-Ratelimit-Perday-Remaining': '0',
        'X-Ratelimit-Perday-Reset': '40000',
      },
      'QuotaSpent',
      40_001,
    ],
    ['a few minutes, without headers', {}, 'RateLimited', 300],
    [
      'a few minutes, when something is left in each window',
      { 'X-Ratelimit-Perhour-Remaining': '7', 'X-Ratelimit-Perhour-Reset': '9' },
      'RateLimited',
      300,
    ],
    [
      'a few minutes, when the reset makes no sense',
      { 'X-Ratelimit-Perhour-Remaining': '0', 'X-Ratelimit-Perhour-Reset': '1767225600' },
      'RateLimited',
      300,
    ],
    [
      'a few minutes, when the reset is no number',
      { 'X-Ratelimit-Perhour-Remaining': '0', 'X-Ratelimit-Perhour-Reset': 'soon' },
      'RateLimited',
      300,
    ],
  ] as const)('%s', async (_name, headers, kind, after) => {
    const { simulator, publisher, options, clock } = await startTumblr();
    simulator.faults.next('POST', /\/posts$/, limited(headers));
    const error = await failureOf(publishAll(publisher, options(hello)));
    expect(error.kind).toBe(kind);
    expect(error.next).toEqual({ do: 'at', at: new Date(clock.now().getTime() + after * 1000) });
  });

  it('holds calls back before the limit of the hour, and leaves some for looking', async () => {
    const { simulator, publisher, options, clock } = await startTumblr();
    simulator.setLimit('perhour', 11);
    await publishAll(publisher, options(content({ text: 'One' })));
    const run = newRun();
    const error = await failureOf(publishAll(publisher, options(content({ text: 'Two' })), run));
    expect(error.kind).toBe('RateLimited');
    expect(error.next).toEqual({ do: 'at', at: new Date(clock.now().getTime() + 3_601_000) });
    // Before the fence: no attempt is written down in vain.
    expect([run.intents, simulator.requests.length]).toEqual([[], 1]);
    await publisher.identify(new AbortController().signal);
    clock.advance(3_601_000);
    expect(await publishAll(publisher, options(content({ text: 'Two' })))).toMatchObject({
      state: 'published',
    });
  });

  it.each([
    ['403.8023', { do: 'answer', status: 403, body: said(403, 8023, 'Post limit.') }],
    ['a 429 that names no window', { do: 'answer', status: 429, body: said(429, 0, 'Limit Exceeded') }],
  ] as const)('the day’s posts are spent (%s): until the instant that Tumblr lists', async (_name, fault) => {
    const { simulator, publisher, options } = await startTumblr();
    simulator.use('posts', 250);
    simulator.faults.next('POST', /\/posts$/, fault);
    const error = await failureOf(publishAll(publisher, options(hello)));
    expect(error.kind).toBe('QuotaSpent');
    expect(error.next).toMatchObject({
      do: 'at',
      at: expect.toSatisfy((at: Date) => at.getUTCHours() === 5),
    });
  });

  it('without a readable list of allowances: until the next day begins at Tumblr', async () => {
    const { simulator, publisher, options, clock } = await startTumblr();
    simulator.use('posts', 250);
    simulator.faults.next('GET', /limits$/, { do: 'answer', status: 500, body: html });
    const error = await failureOf(publishAll(publisher, options(hello)));
    expect(error.kind).toBe('QuotaSpent');
    const { at } = error.next as { at: Date };
    expect([at.getUTCHours(), at > clock.now()]).toEqual([5, true]);
  });
});

describe('other steps leave no doubt', () => {
  const picture = content({ text: 'Hello' }, [mediaItem('image', { bytes: 9_000_000 })]);

  it.each([
    ['a 500', { do: 'answer', status: 500, body: html }],
    ['a broken connection', { do: 'drop', when: 'after' }],
    ['a success of another shape', { do: 'spoil', how: 'wrong type' }],
    ['an empty success', { do: 'spoil', how: 'empty' }],
    ['an answer that never ends', { do: 'spoil', how: 'gigantic' }],
  ] as const)('%s to a look at the allowances: nothing was published, later', async (_name, fault) => {
    const { simulator, publisher, options } = await startTumblr();
    simulator.faults.next('GET', /limits$/, fault, 2);
    const error = await failureOf(publishAll(publisher, options(picture)));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
    simulator.faults.clear();
    expect(await publishAll(publisher, options(picture))).toMatchObject({ state: 'published' });
    expect(simulator.posts()).toHaveLength(1);
  });

  it('nobody listens: certainly nothing left, even for the creating call', async () => {
    for (const what of [hello, picture]) {
      const { simulator, publisher, options } = await startTumblr();
      await simulator.refuse();
      const error = await failureOf(publishAll(publisher, options(what)));
      expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
      expect(error.message).toContain('ECONNREFUSED');
      await simulator.listenAgain();
      expect(await publishAll(publisher, options(what))).toMatchObject({ state: 'published' });
    }
  });

  it('a connection that breaks once a whole request is on its way leaves doubt', async () => {
    const broken = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const { port } = broken.address() as { port: number };
    const credentials = {
      consumerKey: 'key-1',
      consumerSecret: 'secret-1',
      token: 'token-1',
      tokenSecret: 'hidden-1',
    };
    const clock = createManualClock();
    const settings = { credentials, blogs: ['acme'], apiUrl: `http://127.0.0.1:${port}` };
    const publisher = createTumblrPublisher(settings, memoryVault(), clock, createSeededRandom(1));
    const error = await failureOf(
      publishAll(publisher, { account: account('tumblr'), content: hello, clock }),
    );
    expect(error.kind).toBe('OutcomeUnknown');
    broken.close();
  });

  it('a kept connection that was closed meanwhile costs nothing but a new one', async () => {
    const { simulator, publisher, calls } = await startTumblr();
    const { signal } = new AbortController();
    await publisher.identify(signal);
    simulator.faults.next('GET', /user\/info/, { do: 'drop', when: 'before' });
    expect(await publisher.identify(signal)).toMatchObject({ handle: 'acme-bells' });
    expect(calls('GET user/info').map((each) => each.socket)).toEqual([1, 1, 2]);
  });
});

describe('credentials', () => {
  const { signal } = new AbortController();

  it('are checked by asking whose they are', async () => {
    const { simulator, publisher } = await startTumblr();
    expect(await publisher.identify(signal)).toEqual({
      remoteId: simulator.blog.uuid,
      handle: 'acme-bells',
      name: 'Acme Bells',
      profileUrl: 'https://acme-bells.tumblr.com/',
    });
    simulator.revoke();
    expect((await failureOf(publisher.identify(signal))).kind).toBe('AuthRevoked');
  });

  it.each([
    'acme-bells',
    '@Acme-Bells',
    'acme-bells.tumblr.com',
    'https://acme-bells.tumblr.com/archive',
    'https://www.tumblr.com/acme-bells',
    'www.tumblr.com/blog/acme-bells',
    't:0aY0xL2Fi1OFJg4YxpmegQ',
  ])('belong to the blog that is written as %s', async (blog) => {
    const { simulator, clock, options } = await startTumblr();
    const { credentials, url: apiUrl } = simulator;
    const publisher = createTumblrPublisher(
      { credentials, blogs: [blog], apiUrl },
      memoryVault(),
      clock,
      createSeededRandom(2),
    );
    expect(await publisher.identify(signal)).toMatchObject({ handle: 'acme-bells' });
    if (blog !== '@Acme-Bells')
      expect(await publishAll(publisher, options(hello))).toMatchObject({ state: 'published' });
  });

  it('of somebody else name the blogs that are possible', async () => {
    const { simulator, clock } = await startTumblr();
    const { credentials, url: apiUrl } = simulator;
    const settings = { credentials, blogs: ['staff'], apiUrl };
    const error = await failureOf(
      createTumblrPublisher(settings, memoryVault(), clock, createSeededRandom(2)).identify(signal),
    );
    expect([error.kind, error.next.do]).toEqual(['PermissionMissing', 'reconnect']);
    expect(error.message).toBe(
      'acme-bells on Tumblr may not post to “staff”; possible: acme-bells, other-blog.',
    );
  });

  it.each(['consumerSecret', 'token', 'tokenSecret'] as const)(
    'with a wrong %s are refused by the signature',
    async (name) => {
      const { simulator, clock } = await startTumblr();
      const credentials = { ...simulator.credentials, [name]: 'wrong' };
      const settings = { credentials, blogs: ['acme-bells'], apiUrl: simulator.url };
      const publisher = createTumblrPublisher(settings, memoryVault(), clock, createSeededRandom(3));
      expect((await failureOf(publisher.identify(signal))).code).toBe('AUTH_REVOKED');
    },
  );

  it('that come back in an answer are not shown', async () => {
    const { simulator, publisher, options } = await startTumblr();
    const { consumerKey, token, tokenSecret } = simulator.credentials;
    const echo = `OAuth oauth_consumer_key="${consumerKey}", oauth_token="${token}", oauth_signature="abc%3D" ${encodeURIComponent(tokenSecret)} ${tokenSecret}`;
    simulator.faults.next('POST', /\/posts$/, { do: 'answer', status: 400, body: said(400, 8001, echo) });
    const error = await failureOf(publishAll(publisher, options(hello)));
    const shown = `${error.message} ${String(error.cause)} ${JSON.stringify(error.context)}`;
    for (const secret of [consumerKey, token, tokenSecret, encodeURIComponent(tokenSecret), 'abc%3D'])
      expect(shown).not.toContain(secret);
  });
});

describe('stopping', () => {
  const held = () => {
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    return { fault: { do: 'hold', until } as const, release: () => release() };
  };

  it('ends a call that hangs; a creating call then leaves doubt', async () => {
    const { simulator, publisher, options } = await startTumblr();
    const { fault, release } = held();
    simulator.faults.next('POST', /\/posts$/, fault);
    const stop = new AbortController();
    const work = failureOf(publishAll(publisher, options(hello, { signal: stop.signal })));
    while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect((await work).kind).toBe('OutcomeUnknown');
    release();
  });

  it('ends a call that is never answered, at its deadline', async () => {
    const { simulator, publisher, clock } = await startTumblr();
    const { fault, release } = held();
    simulator.faults.next('GET', /user\/info/, fault);
    const work = failureOf(publisher.identify(new AbortController().signal));
    while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5 * 60 * 1000);
    const error = await work;
    expect(error.kind).toBe('PlatformUnavailable');
    expect(error.message).toContain('no answer in time');
    release();
  });
});
