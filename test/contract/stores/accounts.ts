import { describe, expect, it } from 'vitest';
import type { MediaFacts } from '../../../src/core/words.ts';
import { account, NOW, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

export function accountsContract(harness: Harness): void {
  describe('accounts', () => {
    it('knows an account again by its profile, and keeps health, hold and id', async () => {
      const { accounts } = harness.stores;
      const first = await accounts.upsert(account({ profileUrl: 'https://alpha.example/bakery' }));
      expect(first).toEqual(account({ profileUrl: 'https://alpha.example/bakery' }));
      await accounts.setHealth('A1', 'revoked', 'Access was withdrawn.');
      await accounts.hold('A1', seconds(60), 'slow down');
      const again = await accounts.upsert(account({ id: 'A2', handle: '@BAKERY', name: 'The Bakery' }));
      expect(again).toEqual(
        account({
          handle: '@BAKERY',
          name: 'The Bakery',
          health: 'revoked',
          healthMessage: 'Access was withdrawn.',
          heldUntil: seconds(60),
          holdReason: 'slow down',
        }),
      );
    });

    it('tells profiles apart by workspace, network, mode and remote id', async () => {
      const { accounts } = harness.stores;
      await accounts.upsert(account({ id: 'A1' }));
      await accounts.upsert(account({ id: 'A2', network: 'beta' }));
      await accounts.upsert(account({ id: 'A3', mode: 'live', source: 'environment', remoteId: '17' }));
      await accounts.upsert(account({ id: 'A4', mode: 'live', source: 'environment', remoteId: '18' }));
      await accounts.upsert(account({ id: 'A5', workspaceId: 'W2' }));
      expect((await accounts.list('W1')).map((each) => each.id).sort()).toEqual(['A1', 'A2', 'A3', 'A4']);
      expect(await accounts.find('W1', 'A5')).toBeUndefined();
      expect((await accounts.findMany(['A5', 'A9', 'A1'])).map((each) => each.id).sort()).toEqual([
        'A1',
        'A5',
      ]);
    });

    it('makes one account when two processes start at once', async () => {
      const made = await Promise.all(
        [harness.stores, harness.elsewhere, harness.stores, harness.elsewhere].map(({ accounts }, index) =>
          accounts.upsert(account({ id: `A${index}` })),
        ),
      );
      expect(new Set(made.map((each) => each.id)).size).toBe(1);
      expect(await harness.stores.accounts.list('W1')).toHaveLength(1);
    });

    it('refuses an id that belongs to another profile', async () => {
      await harness.stores.accounts.upsert(account());
      await expect(harness.stores.accounts.upsert(account({ handle: '@other' }))).rejects.toThrow(
        'account id A1',
      );
    });

    it('retires accounts whose credentials are gone, in one workspace', async () => {
      const { accounts } = harness.stores;
      await accounts.upsert(account({ id: 'A1' }));
      await accounts.upsert(account({ id: 'A2', network: 'beta' }));
      await accounts.upsert(account({ id: 'A3', workspaceId: 'W2' }));
      await accounts.retireOthers('W1', ['A1']);
      const active = (await accounts.findMany(['A1', 'A2', 'A3'])).map(({ id, active }) => [id, active]);
      expect(active.sort()).toEqual([
        ['A1', true],
        ['A2', false],
        ['A3', true],
      ]);
    });

    it('forgets the message when health is fine again, and never shortens a hold', async () => {
      const { accounts } = harness.stores;
      await accounts.upsert(account());
      await accounts.setHealth('A1', 'billing', 'Pay first.');
      await accounts.setHealth('A1', 'ok');
      await accounts.hold('A1', seconds(60), 'first');
      await accounts.hold('A1', seconds(30), 'second');
      const held = await accounts.find('W1', 'A1');
      expect(held).toEqual(account({ heldUntil: seconds(60), holdReason: 'first' }));
      await accounts.hold('A1', seconds(90), 'third');
      expect((await accounts.find('W1', 'A1'))?.heldUntil).toEqual(seconds(90));
    });

    it('leases an account to one worker until it is released or the lease ends', async () => {
      const { accounts } = harness.stores;
      for (const id of ['A1', 'A2', 'A3']) await accounts.upsert(account({ id, network: id }));
      const [one, two] = await Promise.all([
        accounts.acquire(['A1', 'A2', 'A3'], 'one', NOW, seconds(30)),
        harness.elsewhere.accounts.acquire(['A1', 'A2', 'A3'], 'two', NOW, seconds(30)),
      ]);
      expect([...one, ...two].sort()).toEqual(['A1', 'A2', 'A3']);
      await accounts.release(['A1', 'A2', 'A3'], 'one');
      await accounts.release(['A1', 'A2', 'A3'], 'two');

      expect(await accounts.acquire(['A1', 'A2'], 'one', NOW, seconds(30))).toEqual(new Set(['A1', 'A2']));
      expect(await accounts.acquire(['A1', 'A3'], 'two', NOW, seconds(30))).toEqual(new Set(['A3']));
      await accounts.release(['A1'], 'two');
      expect(await accounts.acquire(['A1'], 'two', seconds(29), seconds(60))).toEqual(new Set());
      expect(await accounts.acquire(['A1'], 'one', seconds(29), seconds(60))).toEqual(new Set(['A1']));
      expect(await accounts.acquire(['A1', 'A2'], 'two', seconds(31), seconds(60))).toEqual(new Set(['A2']));
      expect(await accounts.find('W1', 'A1')).not.toHaveProperty('lease');
      await accounts.breakLeases();
      expect(await accounts.acquire(['A1'], 'three', seconds(31), seconds(60))).toEqual(new Set(['A1']));
    });
  });

  describe('media', () => {
    const facts: MediaFacts = {
      kind: 'image',
      mime: 'image/png',
      bytes: 3,
      width: 2,
      height: 1,
      alpha: true,
    };

    it('remembers facts by workspace and content, also when told twice at once', async () => {
      const { media } = harness.stores;
      const stored = { sha256: 'abc', bytes: 3 };
      await Promise.all([
        media.remember('W1', stored, facts, NOW),
        harness.elsewhere.media.remember('W1', stored, facts, NOW),
      ]);
      await media.remember('W1', stored, facts, seconds(5));
      expect(await media.find('W1', 'abc')).toEqual(facts);
      expect(await media.find('W2', 'abc')).toBeUndefined();
    });
  });
}
