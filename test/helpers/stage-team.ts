/** The team that a stage begins with: one workspace, and an account for each publisher. */
import type { Publisher } from '../../src/core/publisher.ts';
import type { Stores } from '../../src/core/stores.ts';
import type { Account } from '../../src/core/words.ts';

/**
 * An account of X and one of Tumblr, and those that `live` publishers identify, in the place of these where it is the same
 * network. `xRemoteId` is whose account X's is. Resolves with the workspace's id.
 */
export async function seedTeam(
  stores: Stores,
  now: Date,
  live: readonly Publisher[],
  xRemoteId = '1',
): Promise<string> {
  const workspace = await stores.workspaces.ensureFirst(() => ({
    id: 'W1',
    name: 'Team',
    timeZone: 'Europe/Rome',
    locale: 'en-GB',
    defaultTargets: [],
    conversations: [],
    claimCode: 'ABCD-EFGH',
    createdAt: now,
  }));
  const account = (network: string): Account => ({
    id: `${network}1`,
    workspaceId: workspace.id,
    network,
    mode: 'live',
    handle: '@acme',
    name: 'Acme',
    remoteId: '1',
    source: 'environment',
    active: true,
    health: 'ok',
    createdAt: now,
  });
  await stores.accounts.upsert({ ...account('x'), remoteId: xRemoteId });
  if (live.every(({ network }) => network !== 'tumblr')) await stores.accounts.upsert(account('tumblr'));
  for (const publisher of live) {
    for (const [index, profile] of (publisher.profiles ?? [undefined]).entries()) {
      const identified = await publisher.identify(new AbortController().signal, profile);
      const id = `${publisher.network}${index + 1}`;
      await stores.accounts.upsert({ ...account(publisher.network), ...identified, id });
    }
  }
  return workspace.id;
}
