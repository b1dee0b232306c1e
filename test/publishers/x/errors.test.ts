import { expect, it } from 'vitest';
import { content, mediaItem, newRun, publishAll } from '../../helpers/publishing.ts';
import type { XSimulator } from '../../simulators/x/server.ts';
import { describeConnection } from '../connection.ts';
import {
  ADDRESS,
  BILLING,
  DUPLICATE,
  FORBIDDEN,
  LATER,
  LIMITED,
  MEDIA,
  REVOKED,
  SPENT,
  UNKNOWN,
  WORDS,
} from '../meanings.ts';
import { failureOf } from '../network.ts';
import { describeLimits, describeRefusals, PAGE, type Refusal } from '../refusals.ts';
import { startX, X } from './harness.ts';

const picture = content({ text: 'Hello' }, [mediaItem('image')]);
const problem = (type: string, detail: string, title = 'Forbidden') => ({
  type: `https://api.x.com/2/problems/${type}`,
  title,
  detail,
});
const forbidden = (detail: string) => ({ title: 'Forbidden', type: 'about:blank', detail });
const older = (code: number, message: string) => ({ errors: [{ code, message }] });

/** Each row of the table in the documentation: what X answers to the creating call, and what that means. */
const CREATING: readonly Refusal[] = [
  [
    'a wrong request',
    400,
    {
      ...problem('invalid-request', 'One or more parameters to your request was invalid.', 'Invalid Request'),
      errors: [{ parameters: { text: ['x'] }, message: 'text is wrong' }],
    },
    WORDS,
  ],
  [
    'media that are not known',
    400,
    {
      ...problem('invalid-request', 'One or more parameters to your request was invalid.', 'Invalid Request'),
      errors: [{ parameters: { 'media.media_ids': ['1'] }, message: 'Your media IDs are invalid.' }],
    },
    MEDIA,
  ],
  [
    'a refused token',
    401,
    { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' },
    REVOKED,
  ],
  ['a refused token (older form)', 401, older(89, 'Invalid or expired token.'), REVOKED],
  [
    'a token of the wrong kind',
    401,
    problem(
      'unsupported-authentication',
      'Authenticating with Application-Only is forbidden.',
      'Unsupported Authentication',
    ),
    FORBIDDEN,
  ],
  [
    'a token of the wrong kind (403)',
    403,
    problem(
      'unsupported-authentication',
      'Authenticating with Application-Only is forbidden.',
      'Unsupported Authentication',
    ),
    FORBIDDEN,
  ],
  [
    'spent credits',
    402,
    problem('credits', 'Your enrolled account does not have any credits.', 'CreditsDepleted'),
    BILLING,
  ],
  ['a duplicate', 403, forbidden('You are not allowed to create a Tweet with duplicate content.'), DUPLICATE],
  ['a duplicate (older form)', 403, older(187, 'Status is a duplicate.'), DUPLICATE],
  [
    'an app that may only read',
    403,
    problem(
      'oauth1-permissions',
      'Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.',
    ),
    FORBIDDEN,
  ],
  [
    'an app without access',
    403,
    problem(
      'client-forbidden',
      'When authenticating requests, you must use keys from a developer App that is attached to a Project.',
      'Client Forbidden',
    ),
    FORBIDDEN,
  ],
  ['a forbidden action', 403, forbidden('You are not permitted to perform this action.'), FORBIDDEN],
  [
    'a feature of another plan',
    403,
    forbidden('Your account is not permitted to access this feature.'),
    FORBIDDEN,
  ],
  [
    'a blocked account',
    403,
    older(
      326,
      'To protect our users from spam and other malicious activity, this account is temporarily locked.',
    ),
    FORBIDDEN,
  ],
  ['a text that is too long', 403, forbidden('Your Tweet text is too long.'), WORDS],
  ['a link that is wrong', 403, forbidden('The Tweet contains an invalid URL.'), WORDS],
  ['too many cashtags', 403, forbidden('Posts may contain at most one cashtag.'), WORDS],
  ['a video that is too long', 403, forbidden('Your video is too long for your account.'), MEDIA],
  [
    'something that is gone',
    404,
    problem('resource-not-found', 'Could not find tweet.', 'Not Found Error'),
    WORDS,
  ],
  ['the page of a gateway that refuses', 403, PAGE, LATER],
  ['the page of a wrong address', 404, PAGE, ADDRESS],
  ['a conflict', 409, problem('conflict', 'Conflict', 'Conflict'), UNKNOWN],
  ['a gateway that gave up waiting', 408, PAGE, UNKNOWN],
  ['its daily limit (older form)', 403, older(185, 'User is over daily status update limit.'), SPENT],
  [
    'its monthly cap',
    429,
    problem('usage-capped', 'Usage cap exceeded: Monthly product cap', 'UsageCapExceeded'),
    SPENT,
  ],
  [
    'a rate limit',
    429,
    { title: 'Too Many Requests', detail: 'Too Many Requests', type: 'about:blank', status: 429 },
    LIMITED,
  ],
  ['a rate limit (older form)', 403, older(88, 'Rate limit exceeded.'), LIMITED],
  [
    '500',
    500,
    { title: 'Internal Server Error', detail: 'Something is broken.', type: 'about:blank' },
    UNKNOWN,
  ],
  ['502 as a page', 502, PAGE, UNKNOWN],
  ['503', 503, { title: 'Service Unavailable', detail: 'Over capacity', type: 'about:blank' }, UNKNOWN],
  ['504 without a body', 504, '', UNKNOWN],
  ['a redirect', 302, '', UNKNOWN],
];

describeRefusals(X, CREATING, (body) => {
  const { detail, errors } = body as { detail?: string; errors?: { message?: string }[] };
  return errors?.[0]?.message ?? detail;
});

it.each(['html', 'truncated', 'gigantic'] as const)('a refusal that is %s keeps its meaning', async (how) => {
  const { simulator, publisher, options } = await startX();
  simulator.revoke();
  simulator.faults.next('POST', X.creating, { do: 'spoil', how });
  expect((await failureOf(publishAll(publisher, options(X.smallest)))).kind).toBe('AuthRevoked');
});

const inSeconds =
  (headers: Readonly<Record<string, number>>) =>
  (now: Date): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headers).map(([name, wait]) => [name, String(Math.floor(now.getTime() / 1000) + wait)]),
    );

describeLimits(X, { title: 'Too Many Requests' }, [
  ['the reset that X names, plus a second', inSeconds({ 'x-rate-limit-reset': 300 }), 'RateLimited', 301],
  ['a window later, when X names no reset', {}, 'RateLimited', 900],
  ['a second later, when the reset has passed', inSeconds({ 'x-rate-limit-reset': -50 }), 'RateLimited', 1],
  [
    'a window later, when the reset makes no sense',
    inSeconds({ 'x-rate-limit-reset': 900_000 }),
    'RateLimited',
    900,
  ],
  [
    'the end of the day, when the day is spent',
    (now) => ({
      ...inSeconds({ 'x-rate-limit-reset': 300, 'x-app-limit-24hour-reset': 40_000 })(now),
      'x-app-limit-24hour-remaining': '0',
    }),
    'QuotaSpent',
    40_001,
  ],
  [
    'the end of the day of the user',
    (now) => ({
      ...inSeconds({ 'x-user-limit-24hour-reset': 30_000 })(now),
      'x-user-limit-24hour-remaining': '0',
    }),
    'QuotaSpent',
    30_001,
  ],
]);

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

describeConnection(X, { name: 'an upload', method: 'POST', path: /media\/upload/, content: picture });

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

it('credentials that come back in an answer are not shown', async () => {
  const { simulator, publisher, options } = await startX();
  const { apiKey, accessToken, accessSecret } = simulator.credentials;
  const detail = `OAuth oauth_consumer_key="${apiKey}", oauth_token="${accessToken}", oauth_signature="abc%3D" ${encodeURIComponent(accessSecret)}`;
  simulator.faults.next('POST', X.creating, { do: 'answer', status: 400, body: { detail } });
  const error = await failureOf(publishAll(publisher, options(X.smallest)));
  const shown = `${error.message} ${String(error.cause)} ${JSON.stringify(error.context)}`;
  for (const secret of [apiKey, accessToken, accessSecret, encodeURIComponent(accessSecret), 'abc%3D'])
    expect(shown).not.toContain(secret);
});
