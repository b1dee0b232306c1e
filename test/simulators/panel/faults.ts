/** Faults on command, by names that are the same for every network, and for every chat. */
import { z } from 'zod';
import type { Fault } from '../faults.ts';
import { CHAT_FAULTS, type SimulatedChat } from './chat.ts';
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

const times = z.number().int().min(1).max(CALLS_MAX).default(1);
/** What to break; `calls` and `times` say nothing about faults that last. */
const networkOrder = z.strictObject({
  fault: z.enum([...CALL_FAULTS, ...LASTING_FAULTS]),
  /** `creating`: only the calls that publish something. */
  calls: z.enum(['any', 'creating']).default('creating'),
  times,
});
const chatOrder = z.strictObject({ fault: z.enum(CHAT_FAULTS), times });

export interface Breaker {
  /** The names of all faults that there can be. */
  readonly possible: readonly string[];
  /** Those that last at the moment. */
  lasting(): readonly string[];
  /** Calls that will still be met. */
  waiting(): number;
  /** @param order `{ fault, calls, times }`; answers what is wrong with it, in words */
  set(order: unknown): string | undefined;
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

  const possible = [...CALL_FAULTS, ...LASTING_FAULTS.filter((name) => network.lasting[name] !== undefined)];
  return {
    possible,
    lasting: () => [...lasting],
    waiting: () => network.faults.waiting(),
    set(order) {
      const read = networkOrder.safeParse(order);
      if (!read.success) return wrong(read.error);
      const { fault, calls, times } = read.data;
      if (isCallFault(fault)) {
        const [method, path] =
          calls === 'any' ? (['any', /^/] as const) : (['POST', network.creating] as const);
        network.faults.next(method, path, faultOf(fault), times);
        return undefined;
      }
      const begin = network.lasting[fault];
      if (!begin) return unknown(network, fault, possible);
      begin();
      lasting.add(fault);
      return undefined;
    },
    reset() {
      network.faults.clear();
      network.restore();
      lasting.clear();
      for (const each of release.splice(0)) each();
    },
  };
}

export function createChatBreaker(chat: SimulatedChat): Breaker {
  const possible = CHAT_FAULTS.filter((name) => chat.faults[name] !== undefined);
  return {
    possible,
    lasting: () => [],
    waiting: () => chat.waiting(),
    set(order) {
      const read = chatOrder.safeParse(order);
      if (!read.success) return wrong(read.error);
      const { fault, times } = read.data;
      const begin = chat.faults[fault];
      if (!begin) return unknown(chat, fault, possible);
      begin(times);
      return undefined;
    },
    reset: () => chat.restore(),
  };
}

function wrong({ issues }: z.ZodError): string {
  return issues.map(({ message }) => message).join('; ');
}

function unknown({ label }: { readonly label: string }, fault: string, possible: readonly string[]): string {
  return `${label} has no “${fault}”; possible: ${possible.join(', ')}.`;
}

function isCallFault(name: string): name is CallFault {
  return (CALL_FAULTS as readonly string[]).includes(name);
}
