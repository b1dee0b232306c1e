/** What every network's `ask.ts` rests on: an answer checked for shape, and a step whose failure is told in our terms. */
import type { z } from 'zod';
import { asCarillonError, type CarillonError } from '../core/errors.ts';
import type { CallFacts, CallFailure, Said } from './failure.ts';

/** The parsed answer. Throws the network's failure for a success whose body is not what it should be. */
export function shaped<T>(
  body: unknown,
  shape: z.ZodType<T>,
  Failure: new (facts: CallFacts<never>) => CallFailure<Said>,
): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure({ sent: true, status: 200, reason: 'a success without what should be in it' });
}

/** Runs a step; a failure of the network's own kind is translated, anything else stays or is a fault of ours. */
export async function inOurTerms<T, Failure extends Error>(
  Failure: new (...facts: never[]) => Failure,
  translate: (failure: Failure) => CarillonError,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Failure ? translate(error) : asCarillonError(error);
  }
}
