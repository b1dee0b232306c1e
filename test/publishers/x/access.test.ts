import { describe, expect, it } from 'vitest';
import { createXPublisher } from '../../../src/publishers/x/publisher.ts';
import { failureOf } from '../network.ts';
import { startX } from './harness.ts';

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
});
