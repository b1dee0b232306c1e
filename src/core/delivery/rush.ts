/**
 * Knows when so many deliveries go out at once that everything else should wait a moment: what is due comes first, what
 * is told about it second.
 */
import { type Clock, SECOND, sleep } from '../clock.ts';

/** So many deliveries begun within so long are a rush; people and real networks stay below it but for a moment. */
const RUSH_COUNT = 25;
const RUSH_WINDOW_MS = SECOND / 4;
/** Whoever waits for the end of a rush goes on after this long all the same. */
const PATIENCE_MS = 10 * SECOND;
/** What falls due at an instant has begun to go out after this long, also where there is much of it. */
const BEGINNING_MS = 1 * SECOND;

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

  /** Resolves when there is no rush, at the latest after PATIENCE_MS. Rejects with the signal's reason when it is aborted. */
  async over(signal?: AbortSignal): Promise<void> {
    const until = this.#clock.now().getTime() + PATIENCE_MS;
    while (this.#isOn() && this.#clock.now().getTime() < until)
      await sleep(this.#clock, RUSH_WINDOW_MS, signal);
  }

  /** For what is woken by the very instant that may bring a rush: waits for it to come, and to end. */
  async calm(signal: AbortSignal): Promise<void> {
    await sleep(this.#clock, BEGINNING_MS, signal);
    await this.over(signal);
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
