/**
 * The boards of accounts, for suggestions while a person types and for the check before anything is scheduled. Networks are
 * asked seldom: a list that is known is answered at once and read anew behind that, and nobody waits long for one that is not.
 */
import { type Board, boardNamed } from '../boards.ts';
import { BoundedMap } from '../bounded-map.ts';
import { type Clock, MINUTE, SECOND } from '../clock.ts';
import { CHOICES_MAX, type Choice } from '../command.ts';
import type { Logger } from '../log.ts';
import type { Publisher } from '../publisher.ts';
import { within } from '../within.ts';
import type { Account } from '../words.ts';

export interface BoardService {
  /**
   * The boards of an account as far as they are known; undefined where there are none on its network, or when the network
   * does not tell in time. @param wanted a name for whose sake the list is read anew when it is not in it
   */
  of(account: Account, wanted?: string): Promise<readonly Board[] | undefined>;
  /** Names for what was typed, the accounts' boards together. */
  complete(accounts: readonly Account[], typed: string): Promise<readonly Choice[]>;
}

export interface BoardServicePorts {
  publisherFor(account: Account): Publisher | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the program stops: what is being read is let go. */
  readonly signal: AbortSignal;
}

/** A list older than this is answered and read anew. */
const FRESH_MS = 5 * MINUTE;
/** A list older than this is not believed any more. */
const KEPT_MS = 60 * MINUTE;
/** An account is not asked more often, whether it answers or not. */
const PAUSE_MS = 20 * SECOND;
/** Chats want suggestions within three seconds, their own way included. */
const WAIT_MS = 1500;
/** Accounts whose boards are kept; the one that was asked for longest ago goes first. */
const ACCOUNTS_MAX = 50;

interface Known {
  list?: { readonly boards: readonly Board[]; readonly at: number };
  /** When the network was asked last. */
  askedAt: number;
  reading?: Promise<void> | undefined;
}

export function createBoardService(ports: BoardServicePorts): BoardService {
  const { clock, log, signal } = ports;
  const known = new BoundedMap<string, Known>(ACCOUNTS_MAX);
  const now = (): number => clock.now().getTime();

  const entryOf = (id: string): Known => {
    const entry = known.get(id) ?? { askedAt: Number.NEGATIVE_INFINITY };
    known.set(id, entry);
    return entry;
  };

  const read = (entry: Known, account: Account): void => {
    if (entry.reading || now() - entry.askedAt < PAUSE_MS || signal.aborted) return;
    entry.askedAt = now();
    entry.reading = ports
      .publisherFor(account)
      ?.boards?.({ account, signal })
      .then((found) => {
        entry.list = { boards: found, at: now() };
      })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        log.warn({ err: error, accountId: account.id }, 'the boards of an account could not be read');
      })
      .finally(() => {
        delete entry.reading;
      });
  };

  const of = async (account: Account, wanted?: string): Promise<readonly Board[] | undefined> => {
    if (!ports.publisherFor(account)?.boards) return undefined;
    const entry = entryOf(account.id);
    const age = entry.list ? now() - entry.list.at : Number.POSITIVE_INFINITY;
    // A board may have been made since the list was read.
    const isMissing = wanted !== undefined && !boardNamed(wanted, entry.list?.boards ?? []);
    if (age > FRESH_MS || isMissing) read(entry, account);
    if ((age > KEPT_MS || isMissing) && entry.reading) await within(clock, WAIT_MS, entry.reading, undefined);
    return entry.list && now() - entry.list.at <= KEPT_MS ? entry.list.boards : undefined;
  };

  return {
    of,
    async complete(accounts, typed) {
      const lists = await Promise.all(accounts.map((account) => of(account)));
      const names = new Set(lists.flatMap((boards) => (boards ?? []).map(({ name }) => name)));
      const begun = typed.trim().toLowerCase();
      return [...names]
        .filter((name) => name.toLowerCase().includes(begun))
        .slice(0, CHOICES_MAX)
        .map((name) => ({ value: name, label: name }));
    },
  };
}
