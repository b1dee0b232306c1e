/**
 * What is left of a network's allowances of calls, by the headers of every answer, so that calls are held back before one is
 * refused. It is kept from one start to the next: a restart does not forget what was used up. Where several processes use the
 * same credentials, each reads now and then what the others were told.
 */
import { createHash } from 'node:crypto';
import { joinWindows, type RateWindow } from '../core/budget.ts';
import { type Clock, SECOND } from '../core/clock.ts';
import { rateLimited } from '../core/errors.ts';

/** A port: where the windows of one network's credentials are kept. */
export interface BudgetMemory {
  /** As they were kept last. */
  readonly known: readonly RateWindow[];
  /** As they are kept now; absent where nobody else keeps any. Never rejects. */
  read?(): Promise<readonly RateWindow[]>;
  /** Returns at once. @param isLow they are nearly used up, so they are worth a write of their own */
  keep(windows: readonly RateWindow[], isLow: boolean): void;
}

/** A window that bounds a call, and how many units of it this call must leave for more important ones. */
export interface Bound {
  readonly window: string;
  readonly keep: number;
}

/** Of a window with less than this part left, each change is worth a write. */
const LOW_SHARE = 0.1;
/** What others were told is read when a call is to be made and the last look is older than this. */
const READ_AGAIN_MS = 5 * SECOND;
/** 64 bits: credentials of one installation never meet. */
const ID_DIGITS = 16;

/** The id under which the budget of these credentials is kept: others begin with a fresh one. Tells nothing about the secret. */
export function budgetId(network: string, secret: string): string {
  return `${network}.${createHash('sha256').update(secret).digest('hex').slice(0, ID_DIGITS)}`;
}

export class RateBudget {
  readonly #label: string;
  readonly #clock: Clock;
  readonly #memory: BudgetMemory | undefined;
  #windows: Map<string, RateWindow>;
  #readAt: Date;

  /** @param memory absent: what is left is forgotten with the process */
  constructor(label: string, clock: Clock, memory?: BudgetMemory) {
    this.#label = label;
    this.#clock = clock;
    this.#memory = memory;
    this.#windows = byName(memory?.known ?? []);
    this.#readAt = clock.now();
  }

  /** What the headers of an answer said; windows that they do not name stay as they are. */
  note(windows: readonly RateWindow[]): void {
    if (windows.length === 0) return;
    for (const window of windows) this.#windows.set(window.name, window);
    const now = this.#clock.now();
    // Windows that are over bound nothing any more.
    const open = [...this.#windows.values()].filter(({ resetAt }) => resetAt > now);
    this.#memory?.keep(open, windows.some(isLow));
  }

  /** How much a window allows, as it was told last; undefined: not told yet. */
  limitOf(name: string): number | undefined {
    return this.#windows.get(name)?.limit;
  }

  /** Rejects with RateLimited while one of these windows has nothing left for the call. */
  async refuseWhenSpent(bounds: readonly Bound[]): Promise<void> {
    await this.#joinOthers();
    const now = this.#clock.now();
    const spent = bounds
      .flatMap(({ window, keep }) => {
        const known = this.#windows.get(window);
        return known && known.resetAt > now && known.remaining <= keep ? [known] : [];
      })
      .sort((a, b) => b.resetAt.getTime() - a.resetAt.getTime());
    const [last] = spent;
    if (!last) return;
    const { name, limit, remaining, resetAt } = last;
    throw rateLimited(resetAt, {
      code: 'RATE_LIMITED',
      message: `Calls to ${this.#label} are held back, because its allowance of calls (${name}) is nearly used up.`,
      hint: 'Nothing to do: it goes on by itself.',
      context: { window: name, limit, remaining },
    });
  }

  async #joinOthers(): Promise<void> {
    const now = this.#clock.now();
    if (!this.#memory?.read || now.getTime() - this.#readAt.getTime() < READ_AGAIN_MS) return;
    this.#readAt = now;
    const theirs = await this.#memory.read();
    this.#windows = byName(joinWindows([...this.#windows.values()], theirs));
  }
}

function byName(windows: readonly RateWindow[]): Map<string, RateWindow> {
  return new Map(windows.map((window) => [window.name, window]));
}

function isLow({ limit, remaining }: RateWindow): boolean {
  return remaining <= (limit ?? 0) * LOW_SHARE;
}
