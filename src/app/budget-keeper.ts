/**
 * Keeps in the database what is left of the networks' allowances. Headers come with every call, so changes are gathered: one
 * write in a few seconds for each set of credentials, at once when little is left, and the rest at the end. Where other
 * processes keep theirs in the same place, what they were told is read, and nothing of it is written over.
 */

import { type BudgetStore, joinWindows, type RateWindow } from '../core/budget.ts';
import { after, type Clock, SECOND } from '../core/clock.ts';
import type { Logger } from '../core/log.ts';
import type { BudgetMemory } from '../publishers/rate-budget.ts';

const GATHER_MS = 5 * SECOND;

export interface BudgetKeeper {
  open(id: string): Promise<BudgetMemory>;
  /** Resolves when everything is written that was to be kept until now. Never throws. */
  flush(): Promise<void>;
}

export function createBudgetKeeper(ports: {
  readonly budgets: BudgetStore;
  /** True when no other process uses the same database. */
  readonly alone: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}): BudgetKeeper {
  const { budgets, alone, clock, log } = ports;
  const unwritten = new Map<string, readonly RateWindow[]>();
  let cancelTimer: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  /** One write after the other, so that an older state never comes last. */
  const flush = (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    writing = writing.then(async () => {
      for (const [id, windows] of [...unwritten]) {
        unwritten.delete(id);
        try {
          const joined = alone ? windows : joinWindows(windows, await budgets.find(id));
          await budgets.put(id, joined, clock.now());
        } catch (error) {
          // What is lost is told again by the headers of the next call.
          log.warn({ err: error, budget: id }, 'what is left of an allowance could not be kept');
        }
      }
    });
    return writing;
  };

  const read = async (id: string): Promise<readonly RateWindow[]> => {
    try {
      return await budgets.find(id);
    } catch (error) {
      // What this process was told itself still counts.
      log.warn({ err: error, budget: id }, 'what others know of an allowance could not be read');
      return [];
    }
  };

  return {
    async open(id) {
      return {
        known: await budgets.find(id),
        ...(alone ? {} : { read: () => read(id) }),
        keep(windows, isLow) {
          unwritten.set(id, windows);
          if (isLow) void flush();
          else cancelTimer ??= clock.at(after(clock.now(), GATHER_MS), () => void flush());
        },
      };
    },
    flush,
  };
}
