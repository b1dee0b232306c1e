/**
 * What the tests of every network rest on: how its harness begins and ends, and what the shared tables (refusals.ts,
 * connection.ts, reconciling.ts) need to know of it.
 */
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { CarillonError } from '../../src/core/errors.ts';
import type { Content, Publisher } from '../../src/core/publisher.ts';
import type { Account } from '../../src/core/words.ts';
import type { ManualClock } from '../helpers/manual-clock.ts';
import type { RunOptions } from '../helpers/publishing.ts';
import type { Faults } from '../simulators/faults.ts';

/** A publisher and the simulator that it talks to, for one test. */
export interface Started {
  readonly publisher: Publisher;
  readonly clock: ManualClock;
  readonly options: (content: Content, patch?: Partial<RunOptions>) => RunOptions;
  readonly simulator: {
    readonly faults: Faults;
    readonly requests: readonly { readonly method: string; readonly path: string; readonly socket: number }[];
    refuse(): Promise<void>;
    listenAgain(): Promise<void>;
  };
}

export interface Network<S extends Started = Started> {
  /** Its name for people. */
  readonly label: string;
  /**
   * @param settings of its simulator; `lagMs`: what was created is shown so much later
   * @param clockDifferenceMs how far its clock is ahead of ours
   */
  start(settings?: { readonly lagMs?: number }, clockDifferenceMs?: number): Promise<S>;
  /** As little as it takes. */
  readonly smallest: Content;
  /** The path of the creating call of the smallest, a POST. */
  readonly creating: RegExp;
  /** The creating call of other things, where it differs, and how many calls to the same path come before it. */
  creatingOf?(content: Content): { readonly path: RegExp; readonly before?: number };
  /** The path of the call that asks whose the credentials are, a GET. */
  readonly identifying: RegExp;
  /** Everything that was created and is still shown. */
  created(started: S): readonly { readonly id: string }[];
  permalink(id: string): string;
  /** A publisher for a network at another address. */
  publisherAt(apiUrl: string, clock: Clock): Publisher;
}

/** The simulator ends with the test, which fails when a request broke a rule that no answer tells of. */
export function untilTestEnds<T extends { stop(): Promise<void> }>(simulator: T): T {
  onTestFinished(() => simulator.stop());
  return simulator;
}

/** What `publishAll` is given; waiting moves the clock. */
export function runsOf(account: Account, clock: ManualClock): Started['options'] {
  return (content, patch = {}) => ({
    account,
    content,
    clock,
    waitUntil: (instant) => clock.advance(instant.getTime() - clock.now().getTime()),
    ...patch,
  });
}

/** The creating calls that have arrived. */
export function creatingCalls({ creating }: Network, { simulator }: Started) {
  return simulator.requests.filter(({ method, path }) => method === 'POST' && creating.test(path));
}

export async function failureOf(work: Promise<unknown>): Promise<CarillonError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof CarillonError) return error;
  throw error;
}
