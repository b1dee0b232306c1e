/** Lets so many calls run at a time; the others wait for their turn, in order. */

export type Gate = <Value>(work: () => Promise<Value>) => Promise<Value>;

/** `atOnce` calls run together. A call that fails gives its place free like any other. */
export function createGate(atOnce: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The place is handed on, not given back, so that nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
