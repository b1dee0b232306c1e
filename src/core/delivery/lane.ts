/**
 * The line of claimed deliveries of one account: one at a time, by priority, then due time. Accounts do not wait for
 * each other.
 */
import type { Account, Delivery, Post } from '../words.ts';

/** Claimed deliveries that may wait in one lane; more stay in the database, where a more urgent one can overtake them. */
export const LANE_MAX = 8;
/** A lane with so much room asks for more, before it stands still. */
export const LANE_REFILL = LANE_MAX / 2;

export interface Claimed {
  readonly delivery: Delivery;
  readonly token: string;
  readonly post: Post;
  readonly account: Account;
}

export class Lane {
  readonly accountId: string;
  /** The service that its account shares with others, and that bounds how many of them may be under way at once. */
  readonly service: string;
  readonly atOnce: number;
  #waiting: Claimed[] = [];
  running = false;

  /** `atOnce`: accounts of the service that may be under way together. A rehearsal is a service of its own. */
  constructor({ id, mode, network }: Account, atOnce: number) {
    this.accountId = id;
    this.service = `${mode} ${network}`;
    this.atOnce = atOnce;
  }

  /** How many more may wait here. */
  get room(): number {
    return Math.max(0, LANE_MAX - this.#waiting.length);
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
