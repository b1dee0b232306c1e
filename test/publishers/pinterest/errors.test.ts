import { expect, it } from 'vitest';
import { content, mediaItem, newRun, publishAll } from '../../helpers/publishing.ts';
import { describeConnection } from '../connection.ts';
import { ADDRESS, FORBIDDEN, LATER, LIMITED, MEDIA, REVOKED, UNKNOWN, WORDS } from '../meanings.ts';
import { failureOf } from '../network.ts';
import { describeLimits, describeRefusals, PAGE, type Refusal } from '../refusals.ts';
import { PINTEREST, startPinterest } from './harness.ts';

/** Each row of the table in the documentation: what Pinterest answers to the creating call, and what that means. */
const CREATING: readonly Refusal[] = [
  ['400 code 1', 400, { code: 1, message: 'Parameter link is invalid.' }, WORDS],
  ['code 30', 400, { code: 30, message: 'Board is invalid.' }, WORDS],
  ['code 40 (board)', 404, { code: 40, message: 'Board not found.' }, WORDS],
  ['code 50 (pin)', 404, { code: 50, message: 'Pin not found.' }, WORDS],
  ['code 2031 (section)', 400, { code: 2031, message: 'Board section not found.' }, WORDS],
  ['401 of another code', 401, { code: 283, message: 'Token revoked.' }, REVOKED],
  ['403 code 3 (scope)', 403, { code: 3, message: 'The token lacks pins:write.' }, FORBIDDEN],
  ['403 code 7', 403, { code: 7, message: 'You are not permitted to access that resource.' }, FORBIDDEN],
  ['403 code 29', 403, { code: 29, message: 'The app has Trial access.' }, FORBIDDEN],
  ['409', 409, { code: 1, message: 'Conflict.' }, UNKNOWN],
  ['429 code 8', 429, { code: 8, message: 'You have exceeded your rate limit.' }, LIMITED],
  ['code 8 beside another number', 400, { code: 8, message: 'Too many writes.' }, LIMITED],
  ['429 for spam', 429, { code: 8, message: 'This request was blocked as spam.' }, FORBIDDEN],
  ['429 as a page', 429, PAGE, LIMITED],
  ['500', 500, { code: 11, message: 'Something went wrong on our end.' }, UNKNOWN],
  ['502 as a page', 502, PAGE, UNKNOWN],
  ['503', 503, { code: 12, message: 'Unavailable.' }, UNKNOWN],
  ['504 without a body', 504, '', UNKNOWN],
  ['a gateway that gave up waiting', 408, PAGE, UNKNOWN],
  ['413', 413, PAGE, MEDIA],
  ['the page of a gateway that refuses', 403, PAGE, LATER],
  ['the page of a wrong address', 404, PAGE, ADDRESS],
  ['a redirect', 302, '', UNKNOWN],
];

describeRefusals(PINTEREST, CREATING, (body) => (body as { message?: string }).message);

it.each(['html', 'truncated', 'gigantic'] as const)('a refusal that is %s keeps its meaning', async (how) => {
  const { simulator, create, options } = await startPinterest();
  simulator.expire();
  simulator.faults.next('POST', PINTEREST.creating, { do: 'spoil', how });
  const publisher = create({ credentials: { accessToken: 'some other' } });
  expect((await failureOf(publishAll(publisher, options(PINTEREST.smallest)))).kind).toBe('AuthRevoked');
});

describeLimits(PINTEREST, { code: 8, message: 'Too many.' }, [
  ['the seconds that Pinterest names, and one more', { 'x-ratelimit-reset': '37' }, 'RateLimited', 38],
  ['a minute, when it names none', {}, 'RateLimited', 60],
  ['a minute, when what it names makes no sense', { 'x-ratelimit-reset': 'soon' }, 'RateLimited', 60],
  ['a minute, when it names weeks', { 'x-ratelimit-reset': '999999' }, 'RateLimited', 60],
  ['the end of the day, for an app on trial', { 'x-ratelimit-reset': '40000' }, 'QuotaSpent', 40_001],
  [
    'an instant, when it names one',
    (now) => ({ 'x-ratelimit-reset': String(Math.floor(now.getTime() / 1000) + 45) }),
    'RateLimited',
    46,
  ],
]);

it('holds calls back before the limit of the window', async () => {
  const { simulator, publisher, options, clock } = await startPinterest();
  simulator.setLimit(1);
  await publishAll(publisher, options(PINTEREST.smallest));
  const run = newRun();
  const error = await failureOf(publishAll(publisher, options(PINTEREST.smallest), run));
  // Before the fence: no attempt is written down in vain.
  expect([run.intents, simulator.requests.length]).toEqual([[], 1]);
  expect(error.kind).toBe('RateLimited');
  expect(error.next).toEqual({ do: 'at', at: new Date(clock.now().getTime() + 61_000) });
});

describeConnection(PINTEREST, {
  name: 'the list of boards',
  method: 'GET',
  path: /boards$/,
  content: content({ text: 'Hello', board: 'Bells' }, [mediaItem('image')]),
});

it('a conflict while the boards are listed leaves no doubt', async () => {
  const { simulator, publisher, options } = await startPinterest();
  const body = { code: 1, message: 'Busy.' };
  simulator.faults.next('GET', /boards$/, { do: 'answer', status: 409, body });
  const named = content({ text: 'Hello', board: 'Bells' }, [mediaItem('image')]);
  const error = await failureOf(publishAll(publisher, options(named)));
  expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
});

it('credentials that come back in an answer are not shown', async () => {
  const { simulator, publisher, options, credentials } = await startPinterest();
  const echo = `Authorization: Bearer ${credentials.accessToken} ${credentials.refreshToken} ${encodeURIComponent(credentials.appSecret)} Bearer pina_of_another`;
  simulator.faults.next('POST', PINTEREST.creating, {
    do: 'answer',
    status: 400,
    body: { code: 1, message: echo },
  });
  const error = await failureOf(publishAll(publisher, options(PINTEREST.smallest)));
  const shown = `${error.message} ${String(error.cause)} ${JSON.stringify(error.context)}`;
  for (const secret of [...Object.values(credentials).slice(0, 2), credentials.appSecret, 'pina_of_another'])
    expect(shown).not.toContain(secret);
});
