/**
 * The lanes of all accounts, and which of them may run: in each lane one delivery after the other, lanes beside each other
 * up to the bound of their service.
 */
import type { Account } from '../words.ts';
import type { Delivered } from './after-error.ts';
import { type Claimed, LANE_MAX, Lane } from './lane.ts';

export interface LanesPorts {
  /** Deliveries that may be under way at once to the network of this account, over all of its accounts of this mode. */
  concurrencyOf(account: Account): number;
  /** Works on a delivery; ends when the next one of its account may begin. Never rejects. */
  work(claimed: Claimed): Promise<Delivered>;
  /** The account as it is by now, or as far as that can be told. */
  reread(account: Account): Promise<Account>;
  /** A delivery was taken out of this lane. */
  taken(lane: Lane): void;
  /** Nothing waits in this lane any more. */
  ended(lane: Lane): void;
}

export class Lanes {
  readonly #ports: LanesPorts;
  readonly #lanes = new Map<string, Lane>();
  readonly #underWay = new Map<string, number>();

  constructor(ports: LanesPorts) {
    this.#ports = ports;
  }

  /** How many more of this account may wait. */
  roomOf(accountId: string): number {
    return this.#lanes.get(accountId)?.room ?? LANE_MAX;
  }

  add(claimed: Claimed): void {
    const { account } = claimed;
    const lane = this.#lanes.get(account.id) ?? new Lane(account, this.#ports.concurrencyOf(account));
    this.#lanes.set(account.id, lane);
    lane.add(claimed);
  }

  /** Starts the lanes that have something to do and may run. */
  run(): void {
    for (const lane of this.#lanes.values()) {
      const underWay = this.#underWay.get(lane.service) ?? 0;
      if (lane.running || lane.waiting.length === 0 || underWay >= lane.atOnce) continue;
      lane.running = true;
      this.#underWay.set(lane.service, underWay + 1);
      void this.#runLane(lane);
    }
  }

  /** Takes out everything that has not begun. */
  drain(): readonly Claimed[] {
    return [...this.#lanes.values()].flatMap((lane) => lane.drain());
  }

  /** The accounts without work; their lanes are gone with this. */
  takeIdle(): readonly string[] {
    const idle = [...this.#lanes.values()].filter((lane) => !lane.running && lane.waiting.length === 0);
    for (const lane of idle) this.#lanes.delete(lane.accountId);
    return idle.map((lane) => lane.accountId);
  }

  async #runLane(lane: Lane): Promise<void> {
    let refreshed: Account | undefined;
    for (let claimed = lane.next(); claimed; claimed = lane.next()) {
      this.#ports.taken(lane);
      const account = refreshed ?? claimed.account;
      const delivered = await this.#ports.work({ ...claimed, account });
      // A rate limit or a dead token concerns the whole account: those that wait in the lane must see it.
      if (delivered === 'account changed') refreshed = await this.#ports.reread(account);
    }
    lane.running = false;
    this.#underWay.set(lane.service, (this.#underWay.get(lane.service) ?? 1) - 1);
    this.run();
    this.#ports.ended(lane);
  }
}
