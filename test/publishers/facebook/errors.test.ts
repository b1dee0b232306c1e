import { describe, expect, it } from 'vitest';
import { content, mediaItem, newRun, publishAll } from '../../helpers/publishing.ts';
import { graphError } from '../../simulators/meta/refusal.ts';
import { arrival, describeConnection, hold } from '../connection.ts';
import { type GraphRefusal, refusalsOf, SAID } from '../graph-refusals.ts';
import {
  ADDRESS,
  DUPLICATE,
  EXPIRED,
  FORBIDDEN,
  LATER,
  LIMITED,
  MEDIA,
  REVOKED,
  UNKNOWN,
  WORDS,
} from '../meanings.ts';
import { failureOf } from '../network.ts';
import { describeRefusals, PAGE, type Refusal } from '../refusals.ts';
import { FACEBOOK, startFacebook } from './harness.ts';

const album = content({ text: 'Hello' }, [
  mediaItem('image', { name: 'a.jpg' }),
  mediaItem('image', { name: 'b.jpg' }),
]);

/** Each row of the tables in the documentation, in answer to the creating call. */
const CODES: readonly GraphRefusal[] = [
  [{ code: 1 }, UNKNOWN],
  [{ code: 2 }, UNKNOWN],
  [{ code: 6001 }, UNKNOWN],
  [{ code: 100, is_transient: true }, UNKNOWN],
  [{ code: 4 }, LIMITED],
  [{ code: 4, is_transient: true }, LIMITED],
  [{ code: 17 }, LIMITED],
  [{ code: 32 }, LIMITED],
  [{ code: 341 }, LIMITED],
  [{ code: 613 }, LIMITED],
  [{ code: 80001 }, LIMITED],
  [{ code: 80002 }, LIMITED],
  [{ code: 102 }, REVOKED, /FACEBOOK_PAGE_TOKEN/],
  [{ code: 190 }, REVOKED, /FACEBOOK_PAGE_TOKEN/],
  [{ code: 190, error_subcode: 458 }, REVOKED, /removed the app/],
  [{ code: 190, error_subcode: 459 }, REVOKED, /pass the check/],
  [{ code: 190, error_subcode: 460 }, REVOKED, /password/],
  [{ code: 190, error_subcode: 463 }, EXPIRED, /age/],
  [{ code: 190, error_subcode: 464 }, REVOKED, /confirm/],
  [{ code: 190, error_subcode: 467 }, REVOKED, /not valid/],
  [{ code: 190, error_subcode: 492 }, REVOKED, /role/],
  [{ code: 3 }, FORBIDDEN, /pages_manage_posts/],
  [{ code: 10 }, FORBIDDEN, /pages_manage_posts/],
  [{ code: 200 }, FORBIDDEN, /pages_manage_posts/],
  [{ code: 283 }, FORBIDDEN, /pages_manage_posts/],
  [{ code: 299 }, FORBIDDEN, /pages_manage_posts/],
  [{ code: 368 }, FORBIDDEN, /slowly/],
  [{ code: 506 }, DUPLICATE],
  [{ code: 100 }, WORDS],
  [{ code: 100, error_subcode: 33 }, ADDRESS, /FACEBOOK_PAGE_ID/],
  [{ code: 324 }, MEDIA],
  [{ code: 382 }, MEDIA],
  [{ code: 389 }, ADDRESS],
  [{ code: 6000 }, MEDIA],
  [{ code: 1609005 }, WORDS, /link/],
  // Subcodes that only others have written about mean nothing by themselves.
  [{ code: 100, error_subcode: 1366046 }, WORDS],
  [{ code: 2, error_subcode: 1390008 }, UNKNOWN],
  [{ code: 77777 }, WORDS],
];

const CREATING: readonly Refusal[] = [
  ...refusalsOf('facebook', CODES),
  ['an error beside a 200', 200, graphError({ code: 190 }), REVOKED],
  ['a 500 with a code that says nothing', 500, graphError({ code: 1 }), UNKNOWN],
  ['a 500 with a code of content', 500, graphError({ code: 100 }), UNKNOWN],
  ['a 503 as a page', 503, PAGE, UNKNOWN],
  ['a 504 without a body', 504, '', UNKNOWN],
  ['a gateway that gave up waiting', 408, PAGE, UNKNOWN],
  ['a redirect', 302, '', UNKNOWN],
  ['the page of a gateway that refuses', 403, PAGE, LATER],
  ['the page of a wrong address', 404, PAGE, ADDRESS],
  ['a 401 without a word', 401, '', REVOKED],
  ['a 429 without a word', 429, '', LIMITED],
  ['an error that is no object', 400, { error: 'no' }, LATER],
  ['a code that is no number', 400, { error: { code: '190', message: 'no' } }, LATER],
];

describeRefusals(FACEBOOK, CREATING, (body) => {
  const { error } = body as { error?: { error_user_msg?: string } };
  return error?.error_user_msg;
});

it('a token that comes back in an answer is not shown', async () => {
  const { simulator, publisher, options } = await startFacebook();
  const body = graphError({ code: 100, message: `Malformed access token ${simulator.token}` });
  simulator.faults.next('POST', FACEBOOK.creating, { do: 'answer', status: 400, body });
  const error = await failureOf(publishAll(publisher, options(FACEBOOK.smallest)));
  expect(`${error.message} ${String(error.cause)} ${JSON.stringify(error.context)}`).not.toContain(
    simulator.token,
  );
  expect(error.message).toContain('***');
});

describeConnection(FACEBOOK, { name: 'an upload', method: 'POST', path: /photos$/, content: album });

describe('other steps', () => {
  it('leave no doubt where Facebook does not know what it did', async () => {
    const { simulator, publisher, options } = await startFacebook();
    simulator.faults.next('POST', /photos$/, { do: 'answer', status: 400, body: graphError({ code: 1 }) });
    const error = await failureOf(publishAll(publisher, options(album)));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
  });

  it.each([
    ['ProcessingFailedError', false, 'MediaRejected'],
    ['SomethingNew', false, 'MediaRejected'],
    ['OffsetInvalidError', false, 'PlatformUnavailable'],
    ['PartialRequestError', false, 'PlatformUnavailable'],
    ['ProcessingFailedError', true, 'PlatformUnavailable'],
  ] as const)('the host for bytes says %s (retriable: %s)', async (type, retriable, kind) => {
    const { simulator, publisher, options } = await startFacebook();
    const body = { debug_info: { type, retriable, message: SAID } };
    simulator.faults.next('POST', /video-upload/, { do: 'answer', status: 400, body }, 3);
    const error = await failureOf(publishAll(publisher, options(content({}, [mediaItem('video')]))));
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(SAID);
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
    simulator.faults.next('POST', FACEBOOK.creating, answer);
    expect((await failureOf(publishAll(publisher, options(FACEBOOK.smallest)))).next).toEqual({
      do: 'at',
      at: minutes(clock.now(), 15),
    });
    simulator.faults.next('POST', FACEBOOK.creating, {
      ...answer,
      headers: { 'x-business-use-case-usage': business(100, 7) },
    });
    expect((await failureOf(publishAll(publisher, options(FACEBOOK.smallest)))).next).toEqual({
      do: 'at',
      at: minutes(clock.now(), 7),
    });
  });
});

it('an upload that hangs leaves no doubt when the program is stopped', async () => {
  const { simulator, publisher, options } = await startFacebook();
  const release = hold(simulator, 'POST', /photos$/);
  const stop = new AbortController();
  const work = failureOf(publishAll(publisher, options(album, { signal: stop.signal })));
  await arrival(simulator, /photos$/);
  stop.abort();
  expect((await work).kind).toBe('PlatformUnavailable');
  release();
});
