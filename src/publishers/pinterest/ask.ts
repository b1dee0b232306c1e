/** One call, its answer checked for shape, and its failure told in our terms. */
import type { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { inOurTerms, shaped } from '../ask.ts';
import type { Step } from '../wording.ts';
import type { PinterestCall, PinterestClient } from './client.ts';
import { translate } from './errors.ts';
import { PinterestFailure } from './failure.ts';

/** What every step needs. */
export interface PinterestSession {
  readonly client: PinterestClient;
  readonly clock: Clock;
}

/** The parsed answer. Throws PinterestFailure, also for a success whose body is not what it should be. */
export async function ask<T>(
  session: PinterestSession,
  call: PinterestCall,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  return shaped(await session.client.call(call, signal), shape, PinterestFailure);
}

/** Runs a step and tells its failure in our terms. */
export async function inStep<T>(session: PinterestSession, step: Step, work: () => Promise<T>): Promise<T> {
  return inOurTerms(PinterestFailure, (failure) => translate(failure, step, session.clock.now()), work);
}
