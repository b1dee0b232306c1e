/** One call, its answer checked for shape, and its failure told in our terms. */
import type { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { inOurTerms, shaped as shapedAs } from '../ask.ts';
import type { GraphCall, MetaClient } from './client.ts';
import { translate } from './errors.ts';
import { MetaFailure } from './failure.ts';
import type { MetaNetwork } from './network.ts';
import type { MetaStep } from './wording.ts';

/** What every step needs. */
export interface MetaSession {
  readonly client: MetaClient;
  readonly clock: Clock;
  readonly network: MetaNetwork;
}

/** The parsed answer. Throws MetaFailure, also for a success whose body is not what it should be. */
export async function ask<T>(
  session: MetaSession,
  call: GraphCall,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  return shaped(await session.client.call(call, signal), shape);
}

/** Checks an answer. Throws MetaFailure. */
export const shaped = <T>(body: unknown, shape: z.ZodType<T>): T => shapedAs(body, shape, MetaFailure);

/** Runs a step and tells its failure in our terms. */
export async function inStep<T>(session: MetaSession, step: MetaStep, work: () => Promise<T>): Promise<T> {
  return inOurTerms(
    MetaFailure,
    (failure) => translate(failure, step, session.network, session.clock.now()),
    work,
  );
}
