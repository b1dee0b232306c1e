/**
 * Knows when so many deliveries go out at once that everything else should wait a moment: what is due comes first, what
 * is told about it second.
 */
import { type Clock, SECOND, sleep } from '../clock.ts';

/** So many deliveries begun within so long are a rush; people and real networks stay far below it. */
const RUSH_COUNT = 50;
const RUSH_WINDOW_MS = SECOND / 4;
/** Whoever waits for the end of a rush goes on after this long all the same. */
const PATIENCE_MS = 1 * SECOND;

export class Rush {
  readonly #clock: Clock;
  #windowFrom = 0;
  #count = 0;
  #countBefore = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A delivery is begun. */
  note(): void {
    this.#turn();
    this.#count += 1;
  }

  /** Resolves when there is no rush, at the latest after PATIENCE_MS. */
  async over(): Promise<void> {
    const until = this.#clock.now().getTime() + PATIENCE_MS;
    while (this.#isOn() && this.#clock.now().getTime() < until) await sleep(this.#clock, RUSH_WINDOW_MS);
  }

  #isOn(): boolean {
    this.#turn();
    return Math.max(this.#count, this.#countBefore) >= RUSH_COUNT;
  }

  /** Moves on to the present window; the one before it counts as long as it follows directly. */
  #turn(): void {
    const now = this.#clock.now().getTime();
    const windows = Math.floor((now - this.#windowFrom) / RUSH_WINDOW_MS);
    if (windows === 0) return;
    this.#countBefore = windows === 1 ? this.#count : 0;
    this.#count = 0;
    this.#windowFrom += windows * RUSH_WINDOW_MS;
  }
}
