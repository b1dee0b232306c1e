/** What is known of a thing whose answer was lost: when it is recognised, and when its absence is believed. */
import { describe, expect, it } from 'vitest';
import type { Content, ReconcileContext, ReconcileOutcome } from '../../src/core/publisher.ts';
import { newRun, publishAll, type Run, type RunOptions, reconcileContext } from '../helpers/publishing.ts';
import type { Fault } from '../simulators/faults.ts';
import { failureOf, type Network, type Started } from './network.ts';

const MINUTE = 60_000;
/** As long as it takes until every network has shown what there is. */
const LONG_MS = 10 * MINUTE;

/** A try whose creating call lost its connection. */
export interface Interrupted {
  readonly run: Run;
  readonly steps: RunOptions;
  look(patch?: Partial<ReconcileContext>): Promise<ReconcileOutcome>;
}

/** @param when the connection breaks: before the thing is created, or after it */
export async function interrupt(
  { creating, creatingOf }: Network,
  { simulator, publisher, options }: Started,
  what: Content,
  when: 'before' | 'after' = 'after',
): Promise<Interrupted> {
  const { path, before = 0 } = creatingOf?.(what) ?? { path: creating };
  simulator.faults.next('POST', path, { do: 'hold', until: Promise.resolve() }, before);
  simulator.faults.next('POST', path, { do: 'drop', when });
  const run = newRun();
  const steps = options(what);
  expect((await failureOf(publishAll(publisher, steps, run))).kind).toBe('OutcomeUnknown');
  return {
    run,
    steps,
    look: (patch = {}) => publisher.reconcile({ ...reconcileContext(steps, run), ...patch }),
  };
}

export interface Reconciling {
  /** What is recognised. */
  readonly recognised: readonly (readonly [name: string, what: Content])[];
  /** What is not taken for one another. */
  readonly distinct: readonly (readonly [name: string, meant: Content, already: Content])[];
  /** What the network takes twice. */
  readonly twice: Content;
  /** An absence is believed after this time. */
  readonly settlingMs: number;
  /** The paths that are read to see what there is. */
  readonly reads: readonly RegExp[];
  /** Answers of its own that are no proof of an absence. */
  readonly noProof: readonly unknown[];
}

const UNREADABLE: readonly Fault[] = [
  { do: 'answer', status: 503, body: '' },
  { do: 'spoil', how: 'empty' },
  { do: 'spoil', how: 'html' },
  { do: 'spoil', how: 'wrong type' },
  { do: 'spoil', how: 'truncated' },
  { do: 'answer', status: 200, body: {} },
];

export function describeReconciling<S extends Started>(network: Network<S>, facts: Reconciling): void {
  const { smallest, created, permalink } = network;

  describe('what was meant is recognised in what is there', () => {
    it.each(facts.recognised)('%s', async (_name, what) => {
      const started = await network.start();
      const { look } = await interrupt(network, started, what);
      const id = created(started)[0]?.id ?? 'nothing was created';
      expect(await look()).toEqual({ state: 'published', id, url: permalink(id) });
    });

    it.each([-280_000, 280_000])('by a clock that differs by %i ms', async (difference) => {
      const started = await network.start({}, difference);
      const { look } = await interrupt(network, started, smallest);
      expect(await look()).toMatchObject({ state: 'published' });
    });

    it('but never in what another of ours is known to be', async () => {
      const started = await network.start();
      const { publisher, options, clock } = started;
      const first = await publishAll(publisher, options(facts.twice));
      const { look } = await interrupt(network, started, facts.twice);
      const isTaken = async (id: string) => first.state === 'published' && first.id === id;
      expect(await look({ isTaken })).toMatchObject({ state: 'published', id: created(started)[1]?.id });
      clock.advance(LONG_MS);
      expect(await look({ isTaken: async () => true })).toEqual({ state: 'absent' });
    });
  });

  describe('what is something else is not taken for it', () => {
    it.each(facts.distinct)('%s', async (_name, meant, already) => {
      const started = await network.start();
      await publishAll(started.publisher, started.options(already));
      const { look } = await interrupt(network, started, meant, 'before');
      started.clock.advance(LONG_MS);
      expect(await look()).toEqual({ state: 'absent' });
    });

    it('the same words of long before', async () => {
      const started = await network.start();
      await publishAll(started.publisher, started.options(facts.twice));
      started.clock.advance(7 * MINUTE);
      const { look } = await interrupt(network, started, facts.twice, 'before');
      started.clock.advance(facts.settlingMs);
      expect(await look()).toEqual({ state: 'absent' });
    });
  });

  describe('when an absence is believed', () => {
    it('only once it would have appeared', async () => {
      const started = await network.start({ lagMs: 30_000 });
      const { run, look } = await interrupt(network, started, smallest);
      const lookAgainAt = new Date((run.sentAt?.getTime() ?? 0) + facts.settlingMs);
      started.clock.advance(5000);
      expect(await look()).toEqual({ state: 'unknown', lookAgainAt });
      started.clock.advance(facts.settlingMs - 5000);
      expect(await look()).toMatchObject({ state: 'published' });
    });

    it('never from what could not be read', async () => {
      const started = await network.start();
      const { faults } = started.simulator;
      const { look } = await interrupt(network, started, smallest, 'before');
      started.clock.advance(LONG_MS);
      const answers = facts.noProof.map((body): Fault => ({ do: 'answer', status: 200, body }));
      for (const path of facts.reads) {
        for (const fault of [...UNREADABLE, ...answers]) {
          faults.next('GET', path, fault);
          expect((await failureOf(look())).kind).toBe('PlatformUnavailable');
        }
        faults.next('GET', path, { do: 'answer', status: 429, body: {} });
        expect((await failureOf(look())).kind).toBe('RateLimited');
      }
      expect(await look()).toEqual({ state: 'absent' });
    });
  });
}
