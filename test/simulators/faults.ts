/** Faults on command: what goes wrong with the next requests that match. */

export type Fault =
  /** An answer of our choice, without the effect. */
  | {
      readonly do: 'answer';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection breaks, before or after the effect. */
  | { readonly do: 'drop'; readonly when: 'before' | 'after' }
  /** The effect happens; the answer breaks off in the middle, is no JSON, is empty, or never ends. */
  | { readonly do: 'spoil'; readonly how: 'truncated' | 'html' | 'empty' | 'wrong type' | 'gigantic' }
  /** The request is held until `release` is called; then it goes on. */
  | { readonly do: 'hold'; readonly until: Promise<void> };

interface Planned {
  readonly method: string;
  readonly path: RegExp;
  readonly fault: Fault;
  left: number;
}

export interface Faults {
  /** @param method `any` for every method; @param times how many matching requests it meets */
  next(method: string, path: RegExp, fault: Fault, times?: number): void;
  clear(): void;
  /** How many requests will still be met; faults without end are not counted. */
  waiting(): number;
}

export function createFaults(): Faults & { take(method: string, path: string): Fault | undefined } {
  let planned: Planned[] = [];
  return {
    next: (method, path, fault, times = 1) => void planned.push({ method, path, fault, left: times }),
    clear: () => {
      planned = [];
    },
    waiting: () => planned.reduce((sum, { left }) => sum + (Number.isFinite(left) ? left : 0), 0),
    take(method, path) {
      const found = planned.find(
        (each) => each.left > 0 && (each.method === method || each.method === 'any') && each.path.test(path),
      );
      if (found) found.left -= 1;
      return found?.fault;
    },
  };
}
