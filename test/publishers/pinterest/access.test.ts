import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createTokenFile } from '../../../src/app/token-file.ts';
import { createSeededRandom } from '../../helpers/manual-clock.ts';
import {
  content,
  type LogLine,
  mediaItem,
  newRun,
  publishAll,
  recordingLog,
} from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { PINTEREST, startPinterest } from './harness.ts';

const { signal } = new AbortController();
const pin = content({ text: 'Hello' }, [mediaItem('image')]);

describe('access that has run out', () => {
  it('is renewed, and the call is made again', async () => {
    const { simulator, publisher, vault, calls, clock } = await startPinterest();
    simulator.expire();
    expect(await publisher.identify(signal)).toMatchObject({ handle: 'acme' });
    expect(calls('GET user_account').map((each) => each.status)).toEqual([401, 200]);
    expect(calls('POST oauth/token')[0]?.body).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'pinr_first_55e0',
    });
    expect(vault.saves).toEqual([
      {
        ...simulator.tokens(),
        expiresAt: clock.now().getTime() + 2_592_000_000,
        origin: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  it('makes the creating call a try of its own: nothing is sent twice behind one fence', async () => {
    const { simulator, publisher, options, calls, clock } = await startPinterest();
    simulator.expire();
    const run = newRun();
    const error = await failureOf(publishAll(publisher, options(pin), run));
    expect([error.kind, error.code]).toEqual(['AuthExpired', 'AUTH_EXPIRED']);
    expect(error.next).toEqual({ do: 'at', at: clock.now() });
    expect(calls('POST pins')).toHaveLength(1);
    expect(await publishAll(publisher, options(pin), run)).toMatchObject({ state: 'published' });
    expect(run.intents).toHaveLength(2);
    expect(calls('POST oauth/token')).toHaveLength(1);
    expect(simulator.pins()).toHaveLength(1);
  });

  it('is renewed once for all who wait for it', async () => {
    const { simulator, publisher, calls } = await startPinterest();
    simulator.expire();
    await Promise.all([1, 2, 3, 4].map(() => publisher.identify(signal)));
    expect(calls('POST oauth/token')).toHaveLength(1);
  });

  it('is renewed before it runs out, when that is known', async () => {
    const { simulator, publisher, options, calls, clock } = await startPinterest();
    simulator.expire();
    await publisher.identify(signal);
    clock.advance(30 * 86_400_000 - 60_000);
    expect(await publishAll(publisher, options(pin))).toMatchObject({ state: 'published' });
    expect(calls('POST pins').map((each) => each.status)).toEqual([201]);
    expect(calls('POST oauth/token')).toHaveLength(2);
  });

  it('goes on after a restart with what was stored, and not with what was configured before', async () => {
    const { simulator, publisher, create, calls } = await startPinterest();
    simulator.expire();
    await publisher.identify(signal);
    await create().identify(signal);
    expect(calls('POST oauth/token')).toHaveLength(1);
    const configuredAnew = { accessToken: 'pina_new', refreshToken: 'pinr_new', appId: '1', appSecret: '2' };
    expect((await failureOf(create({ credentials: configuredAnew }).identify(signal))).kind).toBe(
      'AuthRevoked',
    );
  });

  it('keeps the refresh token when no new one comes', async () => {
    const { simulator, publisher, vault, clock } = await startPinterest({ rotates: false });
    simulator.expire();
    await publisher.identify(signal);
    clock.advance(60_000);
    simulator.expire();
    await publisher.identify(signal);
    expect(vault.saves.map((each) => each.refreshToken)).toEqual(['pinr_first_55e0', 'pinr_first_55e0']);
  });

  it('that cannot be stored is not used, not lost, and stored the next time', async () => {
    const { simulator, publisher, vault, options, calls } = await startPinterest();
    simulator.expire();
    vault.fail(Object.assign(new Error('disk full'), { code: 'ENOSPC' }));
    const error = await failureOf(publishAll(publisher, options(pin)));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
    expect(error.message).toContain('ENOSPC');
    vault.fail(undefined);
    await publisher.identify(signal);
    expect(calls('POST oauth/token')).toHaveLength(1);
    expect(vault.saves).toHaveLength(1);
  });

  it.each([
    ['nobody is there', { do: 'drop', when: 'before' }],
    ['a 503', { do: 'answer', status: 503, body: '<html></html>' }],
    ['an answer without tokens', { do: 'spoil', how: 'wrong type' }],
    ['a page', { do: 'spoil', how: 'html' }],
  ] as const)('cannot be renewed now (%s): nothing was published, later', async (_name, fault) => {
    const { simulator, publisher, options } = await startPinterest();
    simulator.expire();
    simulator.faults.next('POST', /oauth/, fault);
    const error = await failureOf(publishAll(publisher, options(pin)));
    expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
    expect(error.message).toContain('the access could not be renewed');
    expect(simulator.pins()).toEqual([]);
  });

  it('and is refused right after it was renewed is not renewed again and again', async () => {
    const { simulator, publisher, calls } = await startPinterest();
    simulator.expire();
    await publisher.identify(signal);
    simulator.expire();
    expect((await failureOf(publisher.identify(signal))).kind).toBe('AuthRevoked');
    expect(calls('POST oauth/token')).toHaveLength(1);
  });

  it('and cannot be renewed any more needs a person', async () => {
    const { simulator, publisher, create, credentials } = await startPinterest();
    simulator.revoke();
    expect((await failureOf(publisher.identify(signal))).kind).toBe('AuthRevoked');
    const error = await failureOf(
      create({ credentials: { accessToken: credentials.accessToken } }).identify(signal),
    );
    expect([error.kind, error.next.do]).toEqual(['AuthRevoked', 'reconnect']);
    expect(error.hint).toContain('PINTEREST_REFRESH_TOKEN');
  });
});

describe('the file of renewed tokens', () => {
  const folders: string[] = [];
  afterEach(async () => {
    await Promise.all(folders.splice(0).map((each) => rm(each, { recursive: true })));
  });
  const KEY = Buffer.alloc(32, 1);
  const OTHER = Buffer.alloc(32, 2);
  const tokens = { accessToken: 'pina_1', refreshToken: 'pinr_1', expiresAt: 5, origin: 'o' };

  async function vaultIn(...path: string[]) {
    const folder = await mkdtemp(join(tmpdir(), 'carillon-tokens-'));
    folders.push(folder);
    const lines: LogLine[] = [];
    const file = join(folder, ...path, 'tokens');
    const withKeys = (...keys: [Uint8Array, ...Uint8Array[]]) =>
      createTokenFile(file, {
        keys: async () => keys,
        random: createSeededRandom(1),
        log: recordingLog(lines),
      });
    return { vault: withKeys(KEY), withKeys, file, folder, lines };
  }

  it('keeps them for its owner alone, and leaves nothing beside it', async () => {
    const { vault, file, folder } = await vaultIn();
    expect(await vault.load()).toBeUndefined();
    await vault.save(tokens);
    await vault.save({ ...tokens, expiresAt: 6 });
    expect(await vault.load()).toEqual({ ...tokens, expiresAt: 6 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['tokens']);
    expect(await readFile(file, 'latin1')).not.toContain('pina');
  });

  it('makes its folder, and takes a spoilt file for none, without showing it', async () => {
    const { vault, file, lines } = await vaultIn('data');
    await vault.save(tokens);
    const sealed = await readFile(file, 'utf8');
    for (const spoilt of [
      '',
      '{"accessToken":"pina_secret"}',
      sealed.slice(0, -3),
      `${sealed.slice(0, 20)}A${sealed.slice(21)}`,
    ]) {
      await writeFile(file, spoilt);
      expect(await vault.load()).toBeUndefined();
    }
    expect(lines).toHaveLength(4);
    expect(JSON.stringify(lines)).not.toContain('pina_secret');
  });

  it('opens what the key of before sealed, and nothing with another one', async () => {
    const { vault, withKeys } = await vaultIn();
    await vault.save(tokens);
    expect(await withKeys(OTHER).load()).toBeUndefined();
    expect(await withKeys(OTHER, KEY).load()).toEqual(tokens);
    await withKeys(OTHER, KEY).save(tokens);
    expect(await withKeys(OTHER).load()).toEqual(tokens);
  });
});

describe('credentials', () => {
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
    const error = await failureOf(publishAll(publisher, options(PINTEREST.smallest)));
    expect([error.kind, error.message]).toEqual([
      'PermissionMissing',
      'Pinterest does not permit it: “The token lacks boards:write, pins:write.”',
    ]);
  });
});
