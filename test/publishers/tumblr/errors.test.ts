import { expect, it } from 'vitest';
import { content, mediaItem, newRun, publishAll } from '../../helpers/publishing.ts';
import { describeConnection } from '../connection.ts';
import { ADDRESS, FORBIDDEN, LATER, LIMITED, MEDIA, REVOKED, SPENT, UNKNOWN, WORDS } from '../meanings.ts';
import { failureOf } from '../network.ts';
import { describeLimits, describeRefusals, PAGE, type Refusal } from '../refusals.ts';
import { startTumblr, TUMBLR } from './harness.ts';

const said = (status: number, code: number, detail: string) => ({
  meta: { status, msg: 'Refused' },
  response: [],
  errors: [{ title: 'Refused', code, detail }],
});
const silent = (status: number, msg: string) => ({ meta: { status, msg } });

/** Each row of the table in the documentation: what Tumblr answers to the creating call, and what that means. */
const CREATING: readonly Refusal[] = [
  ['400.8001 a wrong field', 400, said(400, 8001, "'content' must be an array"), WORDS],
  ['400.8002 a wrong parent', 400, said(400, 8002, 'That post cannot be reblogged.'), WORDS],
  ['400.8005 a wrong file', 400, said(400, 8005, 'We cannot accept that format.'), MEDIA],
  ['400.8016 a wrong answer', 400, said(400, 8016, 'The layout of the answer is invalid.'), WORDS],
  ['400 without a code', 400, silent(400, 'Bad Request'), WORDS],
  ['401', 401, silent(401, 'Unauthorized'), REVOKED],
  ['403.8004 no more pictures today', 403, said(403, 8004, 'You cannot upload more media today.'), SPENT],
  ['403.8011 no more videos today', 403, said(403, 8011, 'You cannot upload more videos today.'), SPENT],
  ['403.8022 a full queue', 403, said(403, 8022, 'The queue is full.'), SPENT],
  ['403.8023 no more posts today', 403, said(403, 8023, 'You have reached your post limit.'), SPENT],
  ['403.8010 another video in work', 403, said(403, 8010, 'A video is still transcoding.'), LATER],
  ['403.8008 another refusal', 403, said(403, 8008, 'No videos in reblogs.'), FORBIDDEN],
  ['403 without a code', 403, silent(403, 'Forbidden'), FORBIDDEN],
  ['404 a blog that is gone', 404, said(404, 0, 'Not Found'), ADDRESS],
  ['429', 429, said(429, 0, 'Limit Exceeded'), LIMITED],
  ['429 as a page', 429, PAGE, LIMITED],
  ['500.8006 a failed upload', 500, said(500, 8006, 'Unknown upload error.'), LATER],
  ['500.8009 a failed upload of a video', 500, said(500, 8009, 'Unknown upload error.'), LATER],
  ['500', 500, silent(500, 'Internal Server Error'), UNKNOWN],
  ['503 posting is switched off', 503, silent(503, 'Service Unavailable'), LATER],
  ['502 as a page', 502, PAGE, UNKNOWN],
  ['503 as a page', 503, PAGE, UNKNOWN],
  ['504 without a body', 504, '', UNKNOWN],
  ['a gateway that gave up waiting', 408, PAGE, UNKNOWN],
  ['409', 409, said(409, 0, 'Conflict'), UNKNOWN],
  ['413', 413, PAGE, MEDIA],
  ['the page of a gateway that refuses', 403, PAGE, LATER],
  ['the page of a wrong address', 404, PAGE, ADDRESS],
  ['a redirect', 302, '', UNKNOWN],
];

describeRefusals(TUMBLR, CREATING, (body) => (body as { errors?: { detail: string }[] }).errors?.[0]?.detail);

it.each(['html', 'truncated', 'gigantic'] as const)('a refusal that is %s keeps its meaning', async (how) => {
  const { simulator, publisher, options } = await startTumblr();
  simulator.revoke();
  simulator.faults.next('POST', TUMBLR.creating, { do: 'spoil', how });
  expect((await failureOf(publishAll(publisher, options(TUMBLR.smallest)))).kind).toBe('AuthRevoked');
});

describeLimits(TUMBLR, said(429, 0, 'Limit Exceeded'), [
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
]);

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
  simulator.faults.next('POST', TUMBLR.creating, fault);
  const error = await failureOf(publishAll(publisher, options(TUMBLR.smallest)));
  expect(error.kind).toBe('QuotaSpent');
  expect(error.next).toMatchObject({
    do: 'at',
    at: expect.toSatisfy((at: Date) => at.getUTCHours() === 5),
  });
});

it('without a readable list of allowances: until the next day begins at Tumblr', async () => {
  const { simulator, publisher, options, clock } = await startTumblr();
  simulator.use('posts', 250);
  simulator.faults.next('GET', /limits$/, { do: 'answer', status: 500, body: PAGE });
  const error = await failureOf(publishAll(publisher, options(TUMBLR.smallest)));
  expect(error.kind).toBe('QuotaSpent');
  const { at } = error.next as { at: Date };
  expect([at.getUTCHours(), at > clock.now()]).toEqual([5, true]);
});

describeConnection(TUMBLR, {
  name: 'a look at the allowances',
  method: 'GET',
  path: /limits$/,
  content: content({ text: 'Hello' }, [mediaItem('image', { bytes: 9_000_000 })]),
});

it('credentials that come back in an answer are not shown', async () => {
  const { simulator, publisher, options } = await startTumblr();
  const { consumerKey, token, tokenSecret } = simulator.credentials;
  const echo = `OAuth oauth_consumer_key="${consumerKey}", oauth_token="${token}", oauth_signature="abc%3D" ${encodeURIComponent(tokenSecret)} ${tokenSecret}`;
  simulator.faults.next('POST', TUMBLR.creating, { do: 'answer', status: 400, body: said(400, 8001, echo) });
  const error = await failureOf(publishAll(publisher, options(TUMBLR.smallest)));
  const shown = `${error.message} ${String(error.cause)} ${JSON.stringify(error.context)}`;
  for (const secret of [consumerKey, token, tokenSecret, encodeURIComponent(tokenSecret), 'abc%3D'])
    expect(shown).not.toContain(secret);
});
