/** Brings the accounts of the first workspace in line with the configuration: rehearsals for every network, real ones where credentials are. */

import type { Clock } from '../core/clock.ts';
import { newId, type Random } from '../core/clock.ts';
import { asCarillonError, failure } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import type { AccountStore, DeliveryStore } from '../core/stores.ts';
import type { Account, Workspace } from '../core/words.ts';
import type { Publishers } from '../publishers/index.ts';

const ACCOUNT_ID_LENGTH = 6;
export const REHEARSAL_HANDLE = '@rehearsal';

export interface AccountSetup {
  /** True when every real account was identified. */
  connect(signal: AbortSignal): Promise<boolean>;
}

export function createAccountSetup(ports: {
  accounts: AccountStore;
  deliveries: DeliveryStore;
  publishers: Publishers;
  workspace: Workspace;
  clock: Clock;
  random: Random;
  log: Logger;
}): AccountSetup {
  const { accounts, publishers, workspace, clock, random, log } = ports;

  const blank = (
    network: string,
  ): Pick<Account, 'id' | 'workspaceId' | 'network' | 'active' | 'health' | 'createdAt'> => ({
    id: newId(random, ACCOUNT_ID_LENGTH),
    workspaceId: workspace.id,
    network,
    active: true,
    health: 'ok',
    createdAt: clock.now(),
  });

  async function identify(network: string, signal: AbortSignal): Promise<Account | undefined> {
    const publisher = publishers.live.get(network);
    if (!publisher) return undefined;
    const known = (await accounts.list(workspace.id)).find(
      (account) => account.network === network && account.mode === 'live' && account.active,
    );
    try {
      const { remoteId, handle, name, profileUrl } = await publisher.identify(signal);
      const account = await accounts.upsert({
        ...blank(network),
        mode: 'live',
        source: 'environment',
        remoteId,
        handle,
        name,
        ...(profileUrl === undefined ? {} : { profileUrl }),
      });
      if (account.health !== 'ok') {
        await accounts.setHealth(account.id, 'ok');
        // Its posts waited for this; those that are late by now ask before they go out.
        await ports.deliveries.unpark(workspace.id, account.id, clock.now());
      }
      log.info({ network, handle, accountId: account.id }, 'account connected');
      return account;
    } catch (thrown) {
      const error = asCarillonError(thrown);
      const refused = error.next.do === 'reconnect' || error.next.do === 'refresh';
      if (refused && !known) {
        throw failure('ConfigError', {
          code: 'CONFIG_INVALID',
          message: `${publisher.label} refuses the credentials: ${error.message}`,
          hint: `${error.hint} Correct the ${network.toUpperCase()}_… variables, or remove them to rehearse.`,
          cause: error,
        });
      }
      if (refused && known)
        await accounts.setHealth(
          known.id,
          error.kind === 'PermissionMissing' ? 'permission' : 'revoked',
          `${error.message} ${error.hint}`,
        );
      log.warn({ network, err: error }, 'the account could not be identified; it is tried again');
      return known;
    }
  }

  return {
    async connect(signal) {
      const kept: string[] = [];
      let complete = true;
      for (const network of publishers.rules.keys()) {
        const rehearsal = await accounts.upsert({
          ...blank(network),
          mode: 'rehearsal',
          source: 'rehearsal',
          handle: REHEARSAL_HANDLE,
          name: 'Rehearsal',
        });
        kept.push(rehearsal.id);
        const live = await identify(network, signal);
        if (live) kept.push(live.id);
        if (publishers.live.has(network) && live?.health !== 'ok') complete = false;
      }
      await accounts.retireOthers(workspace.id, kept);
      return complete;
    },
  };
}
