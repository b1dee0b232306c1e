/**
 * What is due and not leased yet, as last seen: read in long stretches, leased in short ones as lanes get room. So a
 * line of ten thousand is not read through again for every few that are taken, and whatever is not about to be sent
 * stays free for a person's change and for other workers.
 */
import { after, type Clock, SECOND } from '../clock.ts';
import type { DeliveryStore, DueDelivery } from '../stores.ts';

/** Due deliveries seen with one query. */
export const SEEN_MAX = 1000;
/** When all that was seen belongs to accounts that are busy, it is looked past them this often. */
const LOOK_PAST_MS = 1 * SECOND;

export class Backlog {
  readonly #deliveries: Pick<DeliveryStore, 'findDue'>;
  readonly #clock: Clock;
  #waiting: readonly DueDelivery[] = [];
  readonly #accounts = new Set<string>();
  #isCut = false;
  #seenUntil: Date | undefined;
  #lastQuery: Date | undefined;

  constructor(deliveries: Pick<DeliveryStore, 'findDue'>, clock: Clock) {
    this.#deliveries = deliveries;
    this.#clock = clock;
  }

  /** Everything that was due at this instant has been looked for, or is being looked for. */
  get seenUntil(): Date | undefined {
    return this.#seenUntil;
  }

  /** Whether something of this account is due, or may be. */
  mayHave(accountId: string): boolean {
    return this.#isCut || this.#accounts.has(accountId);
  }

  /** Looks for what is due now; what was seen before is forgotten. */
  async read(): Promise<void> {
    const found = await this.#find([]);
    this.#isCut = found.length === SEEN_MAX;
    this.#keep(found);
  }

  /** Up to `limit` ids, most urgent first, of each account no more than it has room for. */
  async take(limit: number, roomOf: (accountId: string) => number): Promise<readonly string[]> {
    await this.#readOn();
    const ids: string[] = [];
    const left: DueDelivery[] = [];
    const rooms = new Map<string, number>();
    for (const each of this.#waiting) {
      const room = rooms.get(each.accountId) ?? roomOf(each.accountId);
      const isTaken = room > 0 && ids.length < limit;
      rooms.set(each.accountId, isTaken ? room - 1 : room);
      if (isTaken) ids.push(each.id);
      else left.push(each);
    }
    if (ids.length > 0) this.#keep(left);
    return ids;
  }

  /** When there was more than one query shows: reads again once half is taken, or looks past the accounts that are busy. */
  async #readOn(): Promise<void> {
    if (!this.#isCut) return;
    if (this.#waiting.length <= SEEN_MAX / 2) return this.read();
    if (this.#lastQuery && after(this.#lastQuery, LOOK_PAST_MS) > this.#clock.now()) return;
    this.#keep([...this.#waiting, ...(await this.#find([...this.#accounts]))]);
  }

  async #find(exceptAccounts: readonly string[]): Promise<readonly DueDelivery[]> {
    const now = this.#clock.now();
    this.#lastQuery = now;
    // Before the answer: the alarms of an instant ring while it is being looked for.
    if (exceptAccounts.length === 0) this.#seenUntil = now;
    return this.#deliveries.findDue(now, { limit: SEEN_MAX, exceptAccounts });
  }

  #keep(waiting: readonly DueDelivery[]): void {
    this.#waiting = waiting;
    this.#accounts.clear();
    for (const { accountId } of waiting) this.#accounts.add(accountId);
  }
}
