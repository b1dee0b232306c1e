/** What was published is asked about, and the network knows it no more. */
import { type CarillonError, failure } from '../core/errors.ts';

/** @param label the network's name for people */
export function notThere(label: string, cause: unknown): CarillonError {
  return failure('ConfigError', {
    code: 'NOT_THERE',
    message: `${label} does not know the post any more.`,
    hint: 'It was probably deleted there by hand.',
    cause,
  });
}
