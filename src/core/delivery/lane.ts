/**
 * The line of claimed deliveries of one account: one at a time, by priority, then due time. Accounts do not wait for
 * each other.
 */
import type { Account, Delivery, Post } from '../words.ts';

/** Claimed deliveries that may wait in one lane; more stay in the database, where a more urgent one can overtake them. */
export const LANE_MAX = 8;

export interface Claimed {
  readonly delivery: Delivery;
  readonly token: string;
  readonly post: Post;
  readonly account: Account;
}

export class Lane {
  readonly accountId: string;
  readonly network: string;
  #waiting: Claimed[] = [];
  running = false;

  constructor(accountId: string, network: string) {
    this.accountId = accountId;
    this.network = network;
  }

  get isFull(): boolean {
    return this.#waiting.length >= LANE_MAX;
  }

  get waiting(): readonly Claimed[] {
    return this.#waiting;
  }

  add(claimed: Claimed): void {
    this.#waiting.push(claimed);
    this.#waiting.sort((a, b) => moreUrgentFirst(a.delivery, b.delivery));
  }

  next(): Claimed | undefined {
    return this.#waiting.shift();
  }

  /** Takes out everything that has not begun. */
  drain(): readonly Claimed[] {
    return this.#waiting.splice(0);
  }
}

export function moreUrgentFirst(a: Delivery, b: Delivery): number {
  return b.priority - a.priority || a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1);
}
