/** Faults on demand: the next requests that match are refused, delayed or cut off, before or after their effect. */
export interface FaultPlan {
  readonly method?: string;
  /** Part of the path, or a pattern for it; without it every request matches. */
  readonly path?: string | RegExp;
  /** How many requests it strikes; 1 unless said. */
  readonly times?: number;
  /** Answer with this status. With `retryAfter` (seconds) and 429 also Discord's rate-limit headers. */
  readonly status?: number;
  readonly code?: number;
  readonly retryAfter?: number;
  /** Cut the connection. */
  readonly drop?: boolean;
  /** The request takes effect before it is refused or cut off. */
  readonly afterEffect?: boolean;
  /** Milliseconds before anything happens. */
  readonly delay?: number;
}

export interface Fault extends FaultPlan {
  /** How many requests it has struck. */
  struck: number;
}

export class Faults {
  readonly #plans: Fault[] = [];

  add(plan: FaultPlan): Fault {
    const fault: Fault = { ...plan, struck: 0 };
    this.#plans.push(fault);
    return fault;
  }

  clear(): void {
    this.#plans.length = 0;
  }

  /** How many requests it will still strike. */
  waiting(): number {
    return this.#plans.reduce((sum, { times = 1, struck }) => sum + Math.max(0, times - struck), 0);
  }

  /** The fault that strikes this request, counted. */
  next(method: string, path: string): Fault | undefined {
    const fault = this.#plans.find(
      (plan) =>
        plan.struck < (plan.times ?? 1) &&
        (plan.method === undefined || plan.method === method) &&
        (plan.path === undefined ||
          (typeof plan.path === 'string' ? path.includes(plan.path) : plan.path.test(path))),
    );
    if (fault) fault.struck += 1;
    return fault;
  }
}
