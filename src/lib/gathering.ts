/**
 * What many people ask for at the same time is done together: all that comes in one turn of the event loop, or while the
 * round before is under way, shares the next round. Who asks alone waits for nobody; where several asked a moment ago, a
 * round waits a little for those who are about to, since most of its cost is there for one and for twenty; when as many are
 * there as the last time, it waits no longer.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Requests in one round; past it the first would wait for too many others. */
const ROUND_MAX = 200;
/** Found with `npm run bench -- schedule`: shorter waits leave more rounds, longer ones are felt. */
const CROWD_WAIT_MS = 5;
/** The same for what nobody waits for: it may come later, with more in each round. */
const UNHURRIED_WAIT_MS = 25;

const hurried = (): Promise<unknown> => sleep(CROWD_WAIT_MS);

/** The pause of a gathering that nobody waits for. */
export const unhurried = (): Promise<unknown> => sleep(UNHURRIED_WAIT_MS);

/** One request, and where its answer goes. */
export interface Gathered<Request, Answer> {
  readonly request: Request;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

export class Gathering<Request, Answer> {
  readonly #work: (round: readonly Gathered<Request, Answer>[]) => Promise<void>;
  readonly #keyOf: ((request: Request) => unknown) | undefined;
  readonly #pause: () => Promise<unknown>;
  #waiting: Gathered<Request, Answer>[] = [];
  #isBusy = false;
  /** Requests of the last round: as many are likely to come again, each after its answer. */
  #expected = 1;
  #isEnough: (() => void) | undefined;

  /**
   * @param work answers every request of a round; when it throws, those without an answer get its error
   * @param keyOf of requests with the same key one at most is in a round, and they keep their order
   * @param pause before a round that follows one of several requests
   */
  constructor(
    work: (round: readonly Gathered<Request, Answer>[]) => Promise<void>,
    keyOf?: (request: Request) => unknown,
    pause: () => Promise<unknown> = hurried,
  ) {
    this.#work = work;
    this.#keyOf = keyOf;
    this.#pause = pause;
  }

  ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      if (this.#waiting.length >= this.#expected) this.#isEnough?.();
      if (this.#isBusy) return;
      this.#isBusy = true;
      // Not a microtask: callers that continue after the same event should all be in.
      setImmediate(() => void this.#run());
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#company();
      const round = this.#take();
      this.#expected = round.length;
      try {
        await this.#work(round);
      } catch (error) {
        for (const each of round) each.reject(error);
      }
    }
    this.#isBusy = false;
  }

  /** Ends when as many wait as were in the last round, or when those who are missing let the others wait too long. */
  async #company(): Promise<void> {
    if (this.#waiting.length >= this.#expected) return;
    const enough = new Promise<void>((resolve) => {
      this.#isEnough = resolve;
    });
    await Promise.race([enough, this.#pause()]);
    this.#isEnough = undefined;
  }

  #take(): Gathered<Request, Answer>[] {
    if (this.#keyOf === undefined) return this.#waiting.splice(0, ROUND_MAX);
    const round = new Map<unknown, Gathered<Request, Answer>>();
    const later: Gathered<Request, Answer>[] = [];
    for (const each of this.#waiting) {
      const key = this.#keyOf(each.request);
      if (round.size < ROUND_MAX && !round.has(key)) round.set(key, each);
      else later.push(each);
    }
    this.#waiting = later;
    return [...round.values()];
  }
}
