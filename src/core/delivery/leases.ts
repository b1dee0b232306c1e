/** What this process has leased, deliveries and accounts, and the renewal of those leases while work goes on. */
import { after, type Clock, newId, type Random, SECOND } from '../clock.ts';
import { groupBy } from '../collections.ts';
import type { Logger } from '../log.ts';
import type { AccountStore, DeliveryStore } from '../stores.ts';
import type { Delivery } from '../words.ts';

/** A lease lasts this long and is renewed at a third of it; the work of a dead process comes up again after it. */
export const LEASE_MS = 30 * SECOND;

export interface LeasePorts {
  readonly deliveries: Pick<DeliveryStore, 'claim' | 'renew' | 'giveBack'>;
  readonly accounts: Pick<AccountStore, 'acquire' | 'release'>;
  /** The accounts whose lanes have no work: their leases are given back at the next renewal. */
  takeIdleAccounts(): readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

export interface LeasedDelivery {
  readonly delivery: Pick<Delivery, 'id'>;
  readonly token: string;
}

export class Leases {
  readonly #ports: LeasePorts;
  readonly #accountToken: string;
  readonly #accounts = new Set<string>();
  readonly #deliveries = new Map<string, string>();
  #cancelRenewal: (() => void) | undefined;

  constructor(ports: LeasePorts) {
    this.#ports = ports;
    this.#accountToken = newId(ports.random, 12);
  }

  /** Deliveries that were claimed and are not done. */
  get inHand(): number {
    return this.#deliveries.size;
  }

  /** Whether this process is the one worker of the account. */
  has(accountId: string): boolean {
    return this.#accounts.has(accountId);
  }

  /**
   * Leases deliveries, and the accounts that they are for where no other worker has them. What is not held on to with
   * `hold` comes up again by itself.
   */
  async claim(ids: readonly string[]): Promise<{ due: readonly Delivery[]; token: string }> {
    const { clock, random, deliveries, accounts } = this.#ports;
    const now = clock.now();
    const until = after(now, LEASE_MS);
    const token = newId(random, 12);
    const due = await deliveries.claim(ids, now, { token, until });
    const fresh = [...new Set(due.map((each) => each.accountId))].filter((id) => !this.has(id));
    if (fresh.length > 0) {
      for (const id of await accounts.acquire(fresh, this.#accountToken, now, until)) this.#accounts.add(id);
    }
    return { due, token };
  }

  /** From now on the lease of this delivery is renewed, until it is done or given back. */
  hold(id: string, token: string): void {
    this.#deliveries.set(id, token);
    this.#renewLater();
  }

  /** The work on a delivery is over; its last write gave the lease back. */
  done(id: string): void {
    this.#deliveries.delete(id);
  }

  /** Gives back deliveries that were not begun; they are due again at the instant given. */
  async giveBack(claimed: readonly LeasedDelivery[], dueAgainAt: Date): Promise<void> {
    for (const { delivery } of claimed) this.#deliveries.delete(delivery.id);
    for (const [token, group] of groupBy(claimed, (each) => each.token)) {
      const ids = group.map(({ delivery }) => delivery.id);
      await this.#ports.deliveries.giveBack(ids, token, dueAgainAt);
    }
  }

  async releaseAccounts(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    for (const id of ids) this.#accounts.delete(id);
    await this.#ports.accounts.release(ids, this.#accountToken);
  }

  /** Ends the renewal and gives back every account. */
  async end(): Promise<void> {
    this.#cancelRenewal?.();
    this.#cancelRenewal = undefined;
    await this.releaseAccounts([...this.#accounts]);
  }

  /** Armed while something is leased; an idle dispatcher has no timer but that of the next due delivery. */
  #renewLater(): void {
    this.#cancelRenewal ??= this.#ports.clock.at(
      after(this.#ports.clock.now(), LEASE_MS / 3),
      () => void this.#renew(),
    );
  }

  async #renew(): Promise<void> {
    const { clock, deliveries, accounts, log } = this.#ports;
    this.#cancelRenewal = undefined;
    try {
      const now = clock.now();
      const until = after(now, LEASE_MS);
      const byToken = groupBy(this.#deliveries, ([, token]) => token);
      // A lease that is lost already needs no care here: its next write is refused and the work is left.
      await Promise.all(
        [...byToken].map(([token, held]) =>
          deliveries.renew(
            held.map(([id]) => id),
            token,
            until,
          ),
        ),
      );
      await this.releaseAccounts(this.#ports.takeIdleAccounts());
      if (this.#accounts.size > 0)
        await accounts.acquire([...this.#accounts], this.#accountToken, now, until);
    } catch (error) {
      log.error({ err: error }, 'leases could not be renewed');
    } finally {
      if (this.#deliveries.size > 0 || this.#accounts.size > 0) this.#renewLater();
    }
  }
}
