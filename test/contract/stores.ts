/** One suite for the database stores; test/stores runs it on the embedded database and on a MongoDB server. */
import { describe } from 'vitest';
import { accountsContract } from './stores/accounts.ts';
import { budgetsContract } from './stores/budgets.ts';
import { deliveryChangesContract } from './stores/delivery-changes.ts';
import { deliveryClaimsContract } from './stores/delivery-claims.ts';
import { deliveryHoldsContract } from './stores/delivery-holds.ts';
import { deliverySpansContract } from './stores/delivery-spans.ts';
import { deliveryWritesContract } from './stores/delivery-writes.ts';
import { examinedContract } from './stores/examined.ts';
import { type DatabaseServer, useStores } from './stores/harness.ts';
import { noticesContract } from './stores/notices.ts';
import { postsContract } from './stores/posts.ts';
import { retentionContract } from './stores/retention.ts';
import { turnsContract } from './stores/turns.ts';
import { workspacesContract } from './stores/workspaces.ts';

export function storesContract(name: string, start: () => Promise<DatabaseServer>): void {
  describe(`stores on ${name}`, () => {
    const harness = useStores(start);
    workspacesContract(harness);
    accountsContract(harness);
    postsContract(harness);
    deliveryClaimsContract(harness);
    deliveryChangesContract(harness);
    deliveryWritesContract(harness);
    deliveryHoldsContract(harness);
    deliverySpansContract(harness);
    noticesContract(harness);
    budgetsContract(harness);
    turnsContract(harness);
    retentionContract(harness);
    examinedContract(harness);
  });
}
