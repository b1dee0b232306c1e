/** Errors of the places where media are stored, the same for each of them. */
import { type CarillonError, failure } from './errors.ts';

/** The bytes of a post's medium are not there (any more). */
export function mediaMissing(sha256: string, cause?: unknown): CarillonError {
  return failure('ContentError', {
    code: 'MEDIA_MISSING',
    message: 'The stored file is gone.',
    hint: 'Attach it again with /edit, then /retry.',
    context: { sha256 },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** No room for another file. */
export function storageFull(cause: unknown): CarillonError {
  return failure('ConfigError', {
    code: 'STORAGE_FULL',
    message: 'There is no room left where media are stored; the file was not taken.',
    hint: 'Free some space (the disk of DATA_DIR, or of the database), then send it again.',
    cause,
  });
}
