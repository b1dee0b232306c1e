/** Brings the accounts of the first workspace in line with the configuration: rehearsals for every network, real ones where credentials are. */

import type { Clock } from '../core/clock.ts';
import { newId, type Random } from '../core/clock.ts';
import { asCarillonError, type CarillonError, failure } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import type { Publisher } from '../core/publisher.ts';
import type { AccountStore, DeliveryStore } from '../core/stores.ts';
import type { Account, Workspace } from '../core/words.ts';
import type { Publishers } from '../publishers/index.ts';

const ACCOUNT_ID_LENGTH = 6;
export const REHEARSAL_HANDLE = '@rehearsal';

export interface AccountSetup {
  /** True when every real account was identified, as far as asking again can help. */
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

  /** The account that the credentials turn out to belong to, brought up to date. */
  async function identify(
    publisher: Publisher,
    profile: string | undefined,
    signal: AbortSignal,
  ): Promise<Account> {
    const { network } = publisher;
    const { remoteId, handle, name, profileUrl } = await publisher.identify(signal, profile);
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
  }

  /** Every profile by itself: one that is refused does not keep the others away. */
  async function connectLive(publisher: Publisher, signal: AbortSignal): Promise<Connected> {
    const { network, profiles = [undefined] } = publisher;
    const known = (await accounts.list(workspace.id)).filter(
      (account) => account.network === network && account.mode === 'live' && account.active,
    );
    const identified = new Map<string, Account>();
    const errors: CarillonError[] = [];
    for (const profile of profiles) {
      try {
        const account = await identify(publisher, profile, signal);
        identified.set(account.id, account);
      } catch (thrown) {
        errors.push(asCarillonError(thrown));
      }
    }
    if (errors.length === 0) return { accounts: [...identified.values()], complete: true };
    // An error does not say which account it is about: it is one of those that were there before and are not found now.
    const missing = known.filter(({ id }) => !identified.has(id));
    const refused = errors.find(isRefused);
    if (refused && identified.size + missing.length === 0) throw unusable(publisher, refused);
    for (const { id } of refused ? missing : []) {
      const health = refused?.kind === 'PermissionMissing' ? 'permission' : 'revoked';
      await accounts.setHealth(id, health, `${refused?.message} ${refused?.hint}`);
    }
    for (const error of errors) log.warn({ network, err: error }, remarkOn(error));
    // What the network refuses for a profile that never was an account is mended in the configuration, not by asking again.
    return {
      accounts: [...identified.values(), ...missing],
      complete: missing.length === 0 && errors.every(isRefused),
    };
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
        const publisher = publishers.live.get(network);
        if (!publisher) continue;
        const live = await connectLive(publisher, signal);
        kept.push(...live.accounts.map(({ id }) => id));
        complete &&= live.complete;
      }
      await accounts.retireOthers(workspace.id, kept);
      return complete;
    },
  };
}

interface Connected {
  /** Identified, or known from before and not to be asked just now. */
  readonly accounts: readonly Account[];
  readonly complete: boolean;
}

/** The network's definite word, which only a person can change. */
function isRefused({ next }: CarillonError): boolean {
  return next.do === 'reconnect' || next.do === 'refresh';
}

function remarkOn(error: CarillonError): string {
  return isRefused(error)
    ? `an account is left out: ${error.message} ${error.hint}`
    : 'the account could not be identified; it is tried again';
}

function unusable({ network, label }: Publisher, error: CarillonError): CarillonError {
  return failure('ConfigError', {
    code: 'CONFIG_INVALID',
    message: `${label} refuses the credentials: ${error.message}`,
    hint: `${error.hint} Correct the ${network.toUpperCase()}_… variables, or remove them to rehearse.`,
    cause: error,
  });
}
