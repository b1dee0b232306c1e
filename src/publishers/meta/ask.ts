/** One call, its answer checked for shape, and its failure told in our terms. */
import type { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { asCarillonError } from '../../core/errors.ts';
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
export function shaped<T>(body: unknown, shape: z.ZodType<T>): T {
  const answer = shape.safeParse(body);
  if (answer.success) return answer.data;
  throw new MetaFailure({ sent: true, status: 200, reason: 'a success without what should be in it' });
}

/** Runs a step and tells its failure in our terms. */
export async function inStep<T>(session: MetaSession, step: MetaStep, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof MetaFailure
      ? translate(error, step, session.network, session.clock.now())
      : asCarillonError(error);
  }
}
