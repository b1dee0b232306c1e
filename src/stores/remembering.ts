/**
 * Reading from memory what only this process changes. Who somebody is, where a conversation belongs and which accounts
 * there are is asked at each message; with the built-in database, which has one process, an answer holds until the next
 * write through the same store.
 */

/** Answers kept for a store; past it all are forgotten, and asked for again. */
const ANSWERS_MAX = 1000;

type Method = (...parameters: unknown[]) => Promise<unknown>;

/**
 * The store, with the answers of `reads` kept until another of its methods is called, but for those of `besides`, which change
 * nothing that is read. Answers are shared and must not be changed by whoever gets them. A failed read is not kept.
 */
export function remembering<S extends object>(
  store: S,
  reads: readonly (keyof S & string)[],
  besides: readonly (keyof S & string)[] = [],
): S {
  const answers = new Map<string, Promise<unknown>>();
  const isIn = (names: readonly string[], name: string): boolean => names.includes(name);
  const methods = Object.entries(store as Record<string, Method>).map(([name, method]): [string, Method] => {
    if (isIn(reads, name)) return [name, read(name, method)];
    return [name, isIn(besides, name) ? method : write(method)];
  });

  function read(name: string, method: Method): Method {
    return (...parameters) => {
      const key = JSON.stringify([name, ...parameters]);
      const known = answers.get(key);
      if (known) return known;
      if (answers.size >= ANSWERS_MAX) answers.clear();
      const answer = method(...parameters);
      answers.set(key, answer);
      answer.catch(() => answers.get(key) === answer && answers.delete(key));
      return answer;
    };
  }

  function write(method: Method): Method {
    return async (...parameters) => {
      // Before: what is read from now on may see the change. After: what was read meanwhile may not have seen it.
      answers.clear();
      try {
        return await method(...parameters);
      } finally {
        answers.clear();
      }
    };
  }

  return Object.fromEntries(methods) as S;
}
