/** Accounts as people name them: `x`, `x:@acme`, `@acme`, `all`, several with commas between. */

import type { Capabilities } from '../capabilities.ts';
import { CHOICES_MAX, type Choice, type TargetChange } from '../command.ts';
import { type Cover, coverOf } from '../cover.ts';
import { usageError } from '../errors.ts';
import { formatOf } from '../formats.ts';
import { nearestName } from '../nearest-name.ts';
import type { Content } from '../publisher.ts';
import type { AccountStore } from '../stores.ts';
import type { Account, PostFormat, Workspace } from '../words.ts';

export interface AccountService {
  /** The accounts that can be published to now or once they are mended. */
  list(workspaceId: string): Promise<readonly Account[]>;
  /** The accounts that `to` names; left out: the workspace's default, or all. Errors: TARGET_UNKNOWN, TARGETS_NONE. */
  resolve(workspace: Workspace, to: string | undefined): Promise<readonly Account[]>;
  /** The same for names of which some have a sign. */
  resolveChange(workspace: Workspace, to: string): Promise<TargetChange>;
  complete(workspace: Workspace, typed: string): Promise<readonly Choice[]>;
  labelOf(account: Account): string;
  networkLabel(network: string): string;
  /** How the content will stand on the account's network; undefined where there is one kind of post. */
  formatOf(account: Account, content: Content): PostFormat | undefined;
  /** What a person has chosen as the cover of the video, and the network does. */
  coverOf(account: Account, content: Content): Cover | undefined;
}

export interface AccountServicePorts {
  readonly accounts: AccountStore;
  /** The network's name for people ("Facebook Page"). */
  networkLabel(network: string): string;
  /** Undefined for a network that nothing is known of any more. */
  capabilitiesOf(network: string): Capabilities | undefined;
}

export const ALL = 'all';

export function createAccountService({
  accounts,
  networkLabel,
  capabilitiesOf,
}: AccountServicePorts): AccountService {
  const list = async (workspaceId: string): Promise<readonly Account[]> =>
    (await accounts.list(workspaceId)).filter((account) => account.active);
  const listSome = async (workspaceId: string): Promise<readonly Account[]> => {
    const known = await list(workspaceId);
    if (known.length > 0) return known;
    throw usageError(
      'TARGETS_NONE',
      'There is no account to publish to.',
      'See /accounts for how to add one.',
    );
  };
  const labelOf = (account: Account): string =>
    `${networkLabel(account.network)} ${account.mode === 'rehearsal' ? '(rehearsal)' : account.handle}`;

  return {
    list,
    labelOf,
    networkLabel,
    formatOf: ({ network }, content) => formatOf(capabilitiesOf(network) ?? {}, content),
    coverOf({ network }, content) {
      const capabilities = capabilitiesOf(network);
      return capabilities && coverOf(capabilities, content);
    },

    async resolve(workspace, to) {
      const known = await listSome(workspace.id);
      const names = namesIn(to ?? '');
      return names.length === 0 ? byDefault(workspace, known) : allNamed(names, known);
    },

    async resolveChange(workspace, to) {
      const known = await listSome(workspace.id);
      const names = namesIn(to);
      const signed = (sign: RegExp): readonly Account[] =>
        allNamed(
          names.filter((name) => sign.test(name)).map((name) => name.replace(sign, '')),
          known,
        );
      return { named: signed(UNSIGNED), added: signed(PLUS), dropped: signed(MINUS) };
    },

    async complete(workspace, typed) {
      const known = await list(workspace.id);
      const cut = Math.max(typed.lastIndexOf(','), typed.lastIndexOf(' ')) + 1;
      const begun = typed.slice(cut);
      const sign = UNSIGNED.test(begun) ? '' : begun.slice(0, 1);
      const before = typed.slice(0, cut) + sign;
      const last = begun.slice(sign.length).toLowerCase();
      const options = [
        // Beside another name "all" would say nothing more.
        ...(cut === 0 ? [{ name: ALL, label: `all: ${everyone(known).map(labelOf).join(', ')}` }] : []),
        ...[...new Set(known.map((account) => account.network))].map((network) => ({
          name: network,
          label: networkLabel(network),
        })),
        ...known.map((account) => ({
          name: `${account.network}:${account.handle}`,
          label: labelOf(account),
        })),
      ];
      const ranked = options.filter(
        ({ name, label }) => name.toLowerCase().includes(last) || label.toLowerCase().includes(last),
      );
      return ranked
        .slice(0, CHOICES_MAX)
        .map(({ name, label }) => ({ value: before + name, label: before + label }));
    },
  };
}

/** With a real account connected, `all` means the real ones: a rehearsal beside them is named on purpose or not at all. */
function everyone(known: readonly Account[]): readonly Account[] {
  const live = known.filter((account) => account.mode === 'live');
  return live.length > 0 ? live : known;
}

function byDefault(workspace: Workspace, known: readonly Account[]): readonly Account[] {
  if (workspace.defaultTargets.length === 0) return everyone(known);
  const chosen = known.filter((account) => workspace.defaultTargets.includes(account.id));
  if (chosen.length > 0) return chosen;
  // Everybody else instead would publish where nobody asked for it.
  throw usageError(
    'TARGETS_NONE',
    'The accounts that `to` means when it is left out are not connected any more.',
    'Name others with `to`, or set new ones: /settings default_to:all',
  );
}

const PLUS = /^\+/;
/** Phones make a dash of it. */
const MINUS = /^[-–−]/;
const UNSIGNED = /^(?![-+–−])/;

const namesIn = (typed: string): readonly string[] => typed.split(/[\s,]+/).filter(Boolean);

function allNamed(names: readonly string[], known: readonly Account[]): readonly Account[] {
  return [...new Set(names.flatMap((name) => named(name, known)))];
}

function named(name: string, known: readonly Account[]): readonly Account[] {
  const wanted = name.toLowerCase();
  if (wanted === ALL) return everyone(known);
  const found = known.filter((account) => namesOf(account).includes(wanted));
  if (found.length > 0) {
    const live = found.filter((account) => account.mode === 'live');
    return live.length > 0 ? live : found;
  }
  const possible = [
    ALL,
    ...new Set(known.flatMap((account) => [account.network, `${account.network}:${account.handle}`])),
  ];
  const near = nearestName(wanted, possible);
  throw usageError(
    'TARGET_UNKNOWN',
    `There is no account “${name}”.${near ? ` Did you mean ${near}?` : ''}`,
    `Possible here: ${possible.join(', ')}.`,
  );
}

function namesOf(account: Account): readonly string[] {
  const handle = account.handle.toLowerCase();
  const bare = handle.replace(/^@/, '');
  return [
    account.network,
    account.id.toLowerCase(),
    handle,
    bare,
    `${account.network}:${handle}`,
    `${account.network}:${bare}`,
  ];
}
