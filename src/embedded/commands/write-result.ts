// What insert, update and delete have in common: statements run one after another, and a failed one becomes an entry
// of `writeErrors` with MongoDB's code.
import type { Document } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { errorFields } from '../reply.ts';

/** MongoDB's maxWriteBatchSize, which `hello` announces. */
export const MAX_WRITE_BATCH = 100_000;

const MAX_TIME_EXPIRED = 50;

/**
 * Runs each statement.
 * @param ordered stop at the first error
 * @returns the entries for `writeErrors`
 * @throws whatever is not a MongoError: the transaction must not commit then
 */
export function runStatements<T>(
  statements: readonly T[],
  ordered: boolean,
  run: (statement: T, index: number) => void,
): Document[] {
  const errors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      // Out of time is not the fault of one statement: the command ends, and nothing of it is kept.
      if (!(error instanceof MongoError) || error.code === MAX_TIME_EXPIRED) throw error;
      errors.push(writeError(index, error));
      if (ordered) break;
    }
  }
  return errors;
}

/** An entry of `writeErrors`. Drivers read keyPattern and keyValue from here. */
function writeError(index: number, error: MongoError): Document {
  const { ok: _ok, codeName: _codeName, ...fields } = errorFields(error);
  return { index, ...fields };
}

/** @throws MongoError 16 for an empty or oversized batch */
export function checkBatchSize(count: number): void {
  if (count < 1 || count > MAX_WRITE_BATCH) {
    throw new MongoError(
      16,
      `Write batch sizes must be between 1 and ${MAX_WRITE_BATCH}. Got ${count} operations.`,
    );
  }
}

export function withErrors(reply: Document, errors: readonly Document[]): Document {
  return errors.length > 0 ? { ...reply, writeErrors: errors } : reply;
}
