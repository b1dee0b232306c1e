/** One call, its answer checked for shape, and its failure told in our terms. */
import type { z } from 'zod';
import type { Clock, Random } from '../../core/clock.ts';
import { inOurTerms, shaped } from '../ask.ts';
import type { Step } from '../wording.ts';
import type { TumblrCall, TumblrClient } from './client.ts';
import { translate } from './errors.ts';
import { TumblrFailure } from './failure.ts';

/** What every step needs. */
export interface TumblrSession {
  readonly client: TumblrClient;
  /** The blog as it stands in the path of a call. */
  readonly blog: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** The parsed answer. Throws TumblrFailure, also for a success whose body is not what it should be. */
export async function ask<T>(
  session: Pick<TumblrSession, 'client'>,
  call: TumblrCall,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  return shaped(await session.client.call(call, signal), shape, TumblrFailure);
}

/** Runs a step and tells its failure in our terms. */
export async function inStep<T>(
  session: Pick<TumblrSession, 'clock'>,
  step: Step,
  work: () => Promise<T>,
): Promise<T> {
  return inOurTerms(TumblrFailure, (failure) => translate(failure, step, session.clock.now()), work);
}
