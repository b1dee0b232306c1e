/** Access to Tumblr: signed calls (what is signed is in signature.test.ts), or a token of OAuth 2, used as it is or renewed. */
import { describe, expect, it } from 'vitest';
import { createTumblrPublisher } from '../../../src/publishers/tumblr/publisher.ts';
import { createSeededRandom } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { content, newRun, publishAll } from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { startTumblr } from './harness.ts';

const { signal } = new AbortController();
const hello = content({ text: 'Hello' });

async function startBearer() {
  const started = await startTumblr();
  const { simulator, create } = started;
  const { consumerKey, consumerSecret } = simulator.credentials;
  const credentials = { ...simulator.bearer.tokens(), consumerKey, consumerSecret };
  return { ...started, credentials, publisher: create({ credentials }) };
}

describe('an access token', () => {
  it('alone is used until it runs out, which needs a person', async () => {
    const { simulator, create, options, calls } = await startBearer();
    const { accessToken } = simulator.bearer.tokens();
    const publisher = create({ credentials: { accessToken } });
    expect(await publisher.identify(signal)).toMatchObject({ handle: 'acme-bells' });
    expect(await publishAll(publisher, options(hello))).toMatchObject({ state: 'published' });
    simulator.bearer.expire();
    const error = await failureOf(publisher.identify(signal));
    expect([error.kind, error.next.do]).toEqual(['AuthRevoked', 'reconnect']);
    expect(error.hint).toContain('TUMBLR_REFRESH_TOKEN');
    expect(calls('POST oauth2/token')).toEqual([]);
  });

  it('that has run out is renewed once for all who wait for it, and stored before it is used', async () => {
    const { simulator, publisher, vault, calls, clock } = await startBearer();
    simulator.bearer.expire();
    await Promise.all([1, 2, 3].map(() => publisher.identify(signal)));
    expect(calls('POST oauth2/token').map(({ body }) => body)).toEqual([
      {
        grant_type: 'refresh_token',
        refresh_token: 'refresh-1-55e0',
        client_id: simulator.credentials.consumerKey,
        client_secret: simulator.credentials.consumerSecret,
      },
    ]);
    expect(vault.saves).toMatchObject([
      { ...simulator.bearer.tokens(), expiresAt: clock.now().getTime() + 2_520_000 },
    ]);
  });

  it('is renewed before it runs out, when that is known', async () => {
    const { simulator, publisher, options, calls, clock } = await startBearer();
    simulator.bearer.expire();
    await publisher.identify(signal);
    clock.advance(40 * 60_000);
    expect(await publishAll(publisher, options(hello))).toMatchObject({ state: 'published' });
    expect(calls('POST posts').map(({ status }) => status)).toEqual([201]);
    expect(calls('POST oauth2/token')).toHaveLength(2);
  });

  it('makes the creating call a try of its own: nothing is sent twice behind one fence', async () => {
    const { simulator, publisher, options, calls, clock } = await startBearer();
    simulator.bearer.expire();
    const run = newRun();
    const error = await failureOf(publishAll(publisher, options(hello), run));
    expect([error.code, error.next]).toEqual(['AUTH_EXPIRED', { do: 'at', at: clock.now() }]);
    expect(await publishAll(publisher, options(hello), run)).toMatchObject({ state: 'published' });
    expect(run.intents).toHaveLength(2);
    expect(calls('POST posts').map(({ status }) => status)).toEqual([401, 201]);
    expect(simulator.posts()).toHaveLength(1);
  });

  it('goes on after a restart with the refresh token that was stored: the configured one is used up', async () => {
    const { simulator, publisher, create, credentials, calls } = await startBearer();
    simulator.bearer.expire();
    await publisher.identify(signal);
    await create({ credentials }).identify(signal);
    expect(calls('POST oauth2/token').map(({ status }) => status)).toEqual([200]);
  });

  it('and no secret is shown when an answer echoes them', async () => {
    const { simulator, publisher, credentials } = await startBearer();
    const body = {
      meta: { status: 403, msg: `Bearer ${credentials.accessToken} ${credentials.refreshToken}` },
    };
    simulator.faults.next('GET', /info/, { do: 'answer', status: 403, body });
    const error = await failureOf(publisher.identify(signal));
    expect(error.kind).toBe('PermissionMissing');
    const told = JSON.stringify([error.message, error.hint, error.context]);
    for (const secret of Object.values(credentials)) expect(told).not.toContain(secret);
  });

  it('that is revoked needs a person', async () => {
    const { simulator, publisher } = await startBearer();
    simulator.revoke();
    expect((await failureOf(publisher.identify(signal))).kind).toBe('AuthRevoked');
  });
});

describe('signing credentials', () => {
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
});
