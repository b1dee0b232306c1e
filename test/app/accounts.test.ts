/** Which accounts a start makes of the configuration, when one set of credentials publishes to several profiles. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createAccountSetup } from '../../src/app/accounts.ts';
import { type CarillonError, failure } from '../../src/core/errors.ts';
import { tumblr } from '../../src/publishers/tumblr/rules.ts';
import { createSeededRandom } from '../helpers/manual-clock.ts';
import { playedNetwork } from '../helpers/played-network.ts';
import { type LogLine, recordingLog } from '../helpers/publishing.ts';
import { type Stage, useStages } from '../helpers/stage.ts';

const createStage = useStages();
const { signal } = new AbortController();
let stage: Stage;
let lines: LogLine[];
/** What the network says to a profile instead of whose it is. */
let errors: Map<string, CarillonError>;

beforeEach(async () => {
  stage = await createStage();
  lines = [];
  errors = new Map();
  await stage.stores.accounts.retireOthers(stage.workspaceId, []);
});

const NOT_YOURS = failure('PermissionMissing', {
  code: 'PERMISSION_MISSING',
  message: 'You may not post to “b”; possible: a.',
  hint: 'Set TUMBLR_BLOG to some of these.',
});
const REVOKED = failure('AuthRevoked', {
  code: 'AUTH_REVOKED',
  message: 'Refused.',
  hint: 'Make a new token.',
});
const AWAY = failure('PlatformUnavailable', {
  code: 'PLATFORM_UNAVAILABLE',
  message: 'Away.',
  hint: 'Later.',
});

async function connect(...profiles: string[]): Promise<boolean> {
  const workspace = await stage.stores.workspaces.find(stage.workspaceId);
  const publisher = {
    ...playedNetwork(tumblr, stage.clock),
    profiles,
    async identify(_signal: AbortSignal, profile = '') {
      const error = errors.get(profile);
      if (error) throw error;
      return { remoteId: `t:${profile}`, handle: profile, name: profile.toUpperCase() };
    },
  };
  const setup = createAccountSetup({
    accounts: stage.stores.accounts,
    deliveries: stage.stores.deliveries,
    publishers: {
      live: new Map([['tumblr', publisher]]),
      rehearsal: new Map(),
      rules: new Map([['tumblr', tumblr]]),
    },
    workspace: workspace!,
    clock: stage.clock,
    random: createSeededRandom(5),
    log: recordingLog(lines),
  });
  return setup.connect(signal);
}

const live = async () =>
  (await stage.stores.accounts.list(stage.workspaceId))
    .filter(({ active, mode, network }) => active && mode === 'live' && network === 'tumblr')
    .map(({ handle, health }) => `${handle} ${health}`);
const warnings = () => lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

describe('several profiles', () => {
  it('are an account each, and go when they are named no more', async () => {
    expect(await connect('a', 'b')).toBe(true);
    expect(await live()).toEqual(['a ok', 'b ok']);
    expect(await connect('a')).toBe(true);
    expect(await live()).toEqual(['a ok']);
  });

  it('of which one is refused go on without it, and a warning says what is possible', async () => {
    errors.set('b', NOT_YOURS);
    expect(await connect('a', 'b')).toBe(true);
    expect(await live()).toEqual(['a ok']);
    expect(warnings()).toEqual([
      'an account is left out: You may not post to “b”; possible: a. Set TUMBLR_BLOG to some of these.',
    ]);
  });

  it('of which one is refused that was there before: its posts wait until a person has mended it', async () => {
    await connect('a', 'b');
    errors.set('b', NOT_YOURS);
    expect(await connect('a', 'b')).toBe(false);
    expect(await live()).toEqual(['a ok', 'b permission']);
    errors.clear();
    expect(await connect('a', 'b')).toBe(true);
    expect(await live()).toEqual(['a ok', 'b ok']);
  });

  it('stay as they are while the network is away', async () => {
    await connect('a', 'b');
    errors.set('a', AWAY).set('b', AWAY);
    expect(await connect('a', 'b')).toBe(false);
    expect(await live()).toEqual(['a ok', 'b ok']);
  });

  it('that are refused altogether end a first start, and stop accounts that were there', async () => {
    errors.set('a', REVOKED).set('b', REVOKED);
    await expect(connect('a', 'b')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringContaining('Correct the TUMBLR_… variables'),
    });
    errors.clear();
    await connect('a', 'b');
    errors.set('a', REVOKED).set('b', REVOKED);
    expect(await connect('a', 'b')).toBe(false);
    expect(await live()).toEqual(['a revoked', 'b revoked']);
  });
});
