/** Faults on demand. Each is for the next calls of a method (`*`: any; `file`: a download) and is used up by them. */

export type Fault =
  | { kind: 'status'; code: number; description: string; parameters?: Record<string, unknown> }
  | { kind: 'drop'; when: 'before' | 'after' }
  | { kind: 'slow'; milliseconds: number };

export class Faults {
  #waiting: { method: string; times: number; fault: Fault }[] = [];

  /** 429: asks to wait `seconds`. */
  tooMany(method: string, seconds: number, times = 1): void {
    this.add(
      method,
      {
        kind: 'status',
        code: 429,
        description: `Too Many Requests: retry after ${seconds}`,
        parameters: { retry_after: seconds },
      },
      times,
    );
  }

  serverError(method: string, times = 1, code = 502): void {
    this.add(method, { kind: 'status', code, description: 'Bad Gateway' }, times);
  }

  refuse(method: string, description: string, times = 1, code = 400): void {
    this.add(method, { kind: 'status', code, description }, times);
  }

  /** The connection breaks and nothing was done. */
  dropBefore(method: string, times = 1): void {
    this.add(method, { kind: 'drop', when: 'before' }, times);
  }

  /** It was done, but the answer never arrives. */
  dropAfter(method: string, times = 1): void {
    this.add(method, { kind: 'drop', when: 'after' }, times);
  }

  slow(method: string, milliseconds: number, times = 1): void {
    this.add(method, { kind: 'slow', milliseconds }, times);
  }

  /** Another program polls: our getUpdates are ended with 409. */
  conflict(times = 1): void {
    this.refuse(
      'getUpdates',
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      times,
      409,
    );
  }

  add(method: string, fault: Fault, times = 1): void {
    this.#waiting.push({ method, times, fault });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** How many calls it will still meet. */
  waiting(): number {
    return this.#waiting.reduce((sum, { times }) => sum + times, 0);
  }

  /** The fault for this call, counted as used. */
  next(method: string): Fault | undefined {
    const index = this.#waiting.findIndex(
      (one) => one.method === method || (one.method === '*' && method !== 'getUpdates'),
    );
    const found = this.#waiting[index];
    if (found === undefined) return undefined;
    found.times -= 1;
    if (found.times <= 0) this.#waiting.splice(index, 1);
    return found.fault;
  }
}
