// A bound on what all connections together hold of large messages: who gets no permit does not read on until another has
// given its own back. Small messages need none, so they pass however many large ones wait.

/** Called when the bytes may be held. */
type Grant = () => void;

export interface Permit {
  /** Gives the bytes back, or gives up waiting for them. Further calls do nothing. */
  release(): void;
}

export class MemoryPermits {
  #free: number;
  #waiting: { bytes: number; grant: Grant; permit: Permit }[] = [];

  constructor(bytes: number) {
    this.#free = bytes;
  }

  /**
   * Asks for bytes, at most as many as there are in all.
   * @param grant called once, at once if the bytes are free, else later in the order of asking
   */
  request(bytes: number, grant: Grant): Permit {
    let isHeld = false;
    let isOver = false;
    const permit: Permit = {
      release: () => {
        if (isOver) return;
        isOver = true;
        if (isHeld) this.#free += bytes;
        else this.#waiting = this.#waiting.filter((other) => other.permit !== permit);
        this.#serve();
      },
    };
    const take = () => {
      isHeld = true;
      grant();
    };
    this.#waiting.push({ bytes, grant: take, permit });
    this.#serve();
    return permit;
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next && next.bytes <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.bytes;
      next.grant();
    }
  }
}
