/** What is left of the networks' allowances of calls, as it is kept from one start to the next and told to other processes. */
import { SECOND } from './clock.ts';

/** What a network said last about one of its allowances of calls. */
export interface RateWindow {
  /** Which calls it bounds, in the network's words: "POST tweets", "the app, by the hour". */
  readonly name: string;
  /** How much the whole window allows, where that is told. */
  readonly limit?: number;
  readonly remaining: number;
  /** From then on there is room again. */
  readonly resetAt: Date;
}

/** Networks that name seconds from now are off by what the answer took on its way. */
const SAME_RESET_MS = 2 * SECOND;

/** What two processes were told, together: of a window the later one, and of the same one what has less left. */
export function joinWindows(
  ours: readonly RateWindow[],
  theirs: readonly RateWindow[],
): readonly RateWindow[] {
  const joined = new Map(ours.map((window) => [window.name, window]));
  for (const window of theirs) {
    const known = joined.get(window.name);
    if (!known || saysMore(window, known)) joined.set(window.name, window);
  }
  return [...joined.values()];
}

function saysMore(window: RateWindow, known: RateWindow): boolean {
  const laterMs = window.resetAt.getTime() - known.resetAt.getTime();
  return Math.abs(laterMs) <= SAME_RESET_MS ? window.remaining < known.remaining : laterMs > 0;
}

/** What is left of the networks' allowances, for each set of credentials. */
export interface BudgetStore {
  find(id: string): Promise<readonly RateWindow[]>;
  put(id: string, windows: readonly RateWindow[], at: Date): Promise<void>;
}
