/** Lines that were entered and wait for their turn. */
export class LineQueue {
  readonly #waiting: string[] = [];
  #taker: ((line: string | undefined) => void) | undefined;
  #closed = false;

  push(line: string): void {
    const taker = this.#taker;
    this.#taker = undefined;
    if (taker) taker(line);
    else this.#waiting.push(line);
  }

  /** The next line; undefined once the queue is closed and empty. One taker at a time. */
  next(): Promise<string | undefined> {
    const line = this.#waiting.shift();
    if (line !== undefined || this.#closed) return Promise.resolve(line);
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }

  /** Ends the queue. Lines that nobody has taken yet are still given out, unless they are dropped. */
  close(drop: boolean): void {
    this.#closed = true;
    if (drop) this.#waiting.length = 0;
    this.#taker?.(undefined);
    this.#taker = undefined;
  }
}
