/** One call, its answer checked for shape, and its failure told in our terms. */
import type { z } from 'zod';
import type { Clock, Random } from '../../core/clock.ts';
import { asCarillonError } from '../../core/errors.ts';
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
  const body = await session.client.call(call, signal);
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new TumblrFailure({ sent: true, status: 200, reason: 'a success without what should be in it' });
}

/** Runs a step and tells its failure in our terms. */
export async function inStep<T>(
  session: Pick<TumblrSession, 'clock'>,
  step: Step,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TumblrFailure
      ? translate(error, step, session.clock.now())
      : asCarillonError(error);
  }
}
