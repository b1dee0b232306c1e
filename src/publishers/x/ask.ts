/** One call, its answer checked for shape, and its failure told in our terms. */
import type { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { inOurTerms, shaped } from '../ask.ts';
import type { Step } from '../wording.ts';
import type { XCall, XClient } from './client.ts';
import { translate } from './errors.ts';
import { XFailure } from './failure.ts';

/** What every step needs. */
export interface XSession {
  readonly client: XClient;
  readonly clock: Clock;
}

/** The parsed answer. Throws XFailure, also for a success whose body is not what it should be. */
export async function ask<T>(
  session: XSession,
  call: XCall,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  return shaped(await session.client.call(call, signal), shape, XFailure);
}

/** Runs a step and tells its failure in our terms. */
export async function inStep<T>(session: XSession, step: Step, work: () => Promise<T>): Promise<T> {
  return inOurTerms(XFailure, (failure) => translate(failure, step, session.clock.now()), work);
}
