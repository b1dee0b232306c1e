/** Answers that are worked on at the same time, and shown in the order of their questions. */
export class InOrder<Answer> {
  readonly #show: (answer: Answer) => void;
  readonly #failed: (error: unknown) => void;
  readonly #max: number;
  /** Of each answer that is not shown yet, the end of its showing. */
  readonly #shown: Promise<void>[] = [];

  constructor(max: number, show: (answer: Answer) => void, failed: (error: unknown) => void) {
    this.#max = max;
    this.#show = show;
    this.#failed = failed;
  }

  /** Begins the work as soon as there is room for it. */
  async begin(work: () => Promise<Answer>): Promise<void> {
    while (this.#shown.length >= this.#max) await this.#shown[0];
    const before = this.#shown.at(-1);
    const answer = work();
    const shown = Promise.allSettled([answer, before]).then(([settled]) => {
      this.#shown.shift();
      if (settled.status === 'fulfilled') this.#show(settled.value);
      else this.#failed(settled.reason);
    });
    this.#shown.push(shown);
  }

  /** Resolves when everything is shown. */
  async end(): Promise<void> {
    await this.#shown.at(-1);
  }
}
