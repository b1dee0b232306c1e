/** Faults on command, by names that are the same for every network. */
import { z } from 'zod';
import type { Fault } from '../faults.ts';
import {
  CALL_FAULTS,
  type CallFault,
  LASTING_FAULTS,
  type LastingFault,
  type SimulatedNetwork,
} from './network.ts';

const CALLS_MAX = 1000;
/** A refusal for the rate names an instant so far away. */
const RATE_PAUSE_MS = 60_000;

/** What to break; `calls` and `times` say nothing about faults that last. */
export const order = z.strictObject({
  fault: z.enum([...CALL_FAULTS, ...LASTING_FAULTS]),
  /** `creating`: only the calls that publish something. */
  calls: z.enum(['any', 'creating']).default('creating'),
  times: z.number().int().min(1).max(CALLS_MAX).default(1),
});
type Order = z.infer<typeof order>;

export interface Breaker {
  /** The names of all faults that this network can have. */
  readonly possible: readonly string[];
  /** Those that last at the moment. */
  lasting(): readonly LastingFault[];
  /** Calls that will still be met. */
  waiting(): number;
  /** False: the network has no such fault. */
  set(order: Order): boolean;
  /** All is well again; calls that hang go on. */
  reset(): void;
}

export function createBreaker(network: SimulatedNetwork): Breaker {
  const lasting = new Set<LastingFault>();
  const release: (() => void)[] = [];

  const faultOf = (name: CallFault): Fault => {
    switch (name) {
      case 'rate limit':
        return network.rateLimited(new Date(Date.now() + RATE_PAUSE_MS));
      case 'server error':
        return network.serverError;
      case 'HTML instead of JSON':
        return { do: 'spoil', how: 'html' };
      case 'hang':
        return { do: 'hold', until: new Promise((resolve) => release.push(resolve)) };
      case 'drop before the effect':
        return { do: 'drop', when: 'before' };
      case 'drop after the effect':
        return { do: 'drop', when: 'after' };
    }
  };

  return {
    possible: [...CALL_FAULTS, ...LASTING_FAULTS.filter((name) => network.lasting[name] !== undefined)],
    lasting: () => [...lasting],
    waiting: () => network.faults.waiting(),
    set({ fault, calls, times }) {
      if (isCallFault(fault)) {
        const [method, path] =
          calls === 'any' ? (['any', /^/] as const) : (['POST', network.creating] as const);
        network.faults.next(method, path, faultOf(fault), times);
        return true;
      }
      const begin = network.lasting[fault];
      if (!begin) return false;
      begin();
      lasting.add(fault);
      return true;
    },
    reset() {
      network.faults.clear();
      network.restore();
      lasting.clear();
      for (const each of release.splice(0)) each();
    },
  };
}

function isCallFault(name: string): name is CallFault {
  return (CALL_FAULTS as readonly string[]).includes(name);
}
