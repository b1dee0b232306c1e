import { describe, expect, it } from 'vitest';
import { person, seconds, workspace } from './fixtures.ts';
import type { Harness } from './harness.ts';

export function workspacesContract(harness: Harness): void {
  describe('workspaces', () => {
    it('makes one first workspace when two processes start at once', async () => {
      const { stores, elsewhere } = harness;
      const made = await Promise.all([
        stores.workspaces.ensureFirst(() => workspace({ id: 'W1' })),
        elsewhere.workspaces.ensureFirst(() => workspace({ id: 'W2' })),
        stores.workspaces.ensureFirst(() => workspace({ id: 'W3' })),
      ]);
      expect(new Set(made.map((each) => each.id)).size).toBe(1);
      expect(await harness.connection.collection('workspaces').estimatedDocumentCount()).toBe(1);
      const again = await stores.workspaces.ensureFirst(() => workspace({ id: 'W4' }));
      expect(again).toEqual(made[0]);
    });

    it('gives back what was put in, without fields of the database', async () => {
      const given = workspace({ claimCode: 'ABCD-EFGH', conversations: ['chat:1'] });
      await harness.stores.workspaces.ensureFirst(() => given);
      expect(await harness.stores.workspaces.find('W1')).toEqual(given);
      expect(await harness.stores.workspaces.find('W9')).toBeUndefined();
    });

    it('spends a claim code once, and the right one only', async () => {
      const { workspaces } = harness.stores;
      await workspaces.ensureFirst(() => workspace({ claimCode: 'ABCD-EFGH' }));
      expect(await workspaces.spendClaimCode('W1', 'XXXX-XXXX')).toBe(false);
      const spent = await Promise.all(
        [workspaces, harness.elsewhere.workspaces, workspaces].map((store) =>
          store.spendClaimCode('W1', 'ABCD-EFGH'),
        ),
      );
      expect(spent.filter(Boolean)).toHaveLength(1);
      expect(await workspaces.find('W1')).not.toHaveProperty('claimCode');
      await workspaces.setClaimCode('W1', 'NEWC-CODE');
      expect(await workspaces.spendClaimCode('W1', 'NEWC-CODE')).toBe(true);
    });

    it('finds the workspace of a conversation, the nearest key first', async () => {
      const { workspaces } = harness.stores;
      await workspaces.ensureFirst(() => workspace());
      await workspaces.attachConversation('W1', 'chat:channel');
      await workspaces.attachConversation('W1', 'chat:channel');
      expect((await workspaces.ofConversation(['chat:thread', 'chat:channel']))?.conversations).toEqual([
        'chat:channel',
      ]);
      expect(await workspaces.ofConversation(['chat:other'])).toBeUndefined();
      expect(await workspaces.ofConversation([])).toBeUndefined();
    });

    it('rewrites a conversation that got a new id', async () => {
      const { workspaces } = harness.stores;
      await workspaces.ensureFirst(() => workspace({ conversations: ['chat:a', 'chat:old'] }));
      await workspaces.renameConversation('chat:old', 'chat:new');
      await workspaces.renameConversation('chat:old', 'chat:new');
      expect((await workspaces.find('W1'))?.conversations).toEqual(['chat:a', 'chat:new']);
    });

    it('changes settings and answers the new ones', async () => {
      const { workspaces } = harness.stores;
      await workspaces.ensureFirst(() => workspace());
      const changed = await workspaces.change('W1', { timeZone: 'Asia/Tokyo', defaultTargets: ['A1'] });
      expect(changed).toEqual(workspace({ timeZone: 'Asia/Tokyo', defaultTargets: ['A1'] }));
      expect(await workspaces.change('W9', { name: 'x' })).toBeUndefined();
    });
  });

  describe('people', () => {
    it('keeps people by workspace and identity', async () => {
      const { people } = harness.stores;
      const ada = person({ addedBy: 'chat:1' });
      const elsewhere = person({ workspaceId: 'W2', role: 'viewer', addedAt: seconds(5) });
      await people.put(elsewhere);
      await people.put(ada);
      expect(await people.find('terminal:local')).toEqual([ada, elsewhere]);
      expect(await people.findIn('W1', 'terminal:local')).toEqual(ada);
      expect(await people.findIn('W3', 'terminal:local')).toBeUndefined();
      expect(await people.list('W2')).toEqual([elsewhere]);
    });

    it('rewrites somebody who is there, but takes ownership from nobody', async () => {
      const { people } = harness.stores;
      await people.put(person({ identity: 'chat:1', role: 'owner' }));
      await people.put(person({ identity: 'chat:2', role: 'viewer' }));
      await people.put(person({ identity: 'chat:1', role: 'viewer', name: 'Ada L.' }));
      await people.put(person({ identity: 'chat:2', role: 'editor', name: 'Bob' }));
      const roles = (await people.list('W1')).map(({ identity, role, name }) => [identity, role, name]);
      expect(roles.sort()).toEqual([
        ['chat:1', 'owner', 'Ada L.'],
        ['chat:2', 'editor', 'Bob'],
      ]);
    });

    it('changes and removes people, and keeps the last owner', async () => {
      const { people } = harness.stores;
      await people.put(person({ identity: 'chat:1' }));
      await people.put(person({ identity: 'chat:2', role: 'editor' }));
      expect(await people.changeRole('W1', 'chat:9', 'editor')).toBe('unknown');
      expect(await people.changeRole('W1', 'chat:1', 'editor')).toBe('last owner');
      expect(await people.changeRole('W1', 'chat:1', null)).toBe('last owner');
      expect((await people.findIn('W1', 'chat:1'))?.role).toBe('owner');
      expect(await people.changeRole('W1', 'chat:2', 'owner')).toBe('done');
      expect(await people.changeRole('W1', 'chat:1', null)).toBe('done');
      expect(await people.findIn('W1', 'chat:1')).toBeUndefined();
    });

    it('keeps an owner when all owners are removed at the same time', async () => {
      const { people } = harness.stores;
      const identities = Array.from({ length: 6 }, (_, index) => `chat:${index}`);
      for (const identity of identities) await people.put(person({ identity }));
      await Promise.all(
        identities.map((identity, index) =>
          (index % 2 ? harness.elsewhere : harness.stores).people.changeRole(
            'W1',
            identity,
            index % 2 ? null : 'viewer',
          ),
        ),
      );
      const owners = (await people.list('W1')).filter((each) => each.role === 'owner');
      expect(owners.length).toBeGreaterThanOrEqual(1);
    });
  });
}
