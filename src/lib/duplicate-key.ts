/** How a unique index says no. */
import mongoose from 'mongoose';

/** MongoDB: a unique index refuses the write (https://www.mongodb.com/docs/manual/reference/error-codes/). */
export const DUPLICATE_KEY = 11_000;

/** True when a write, or every refused write of a bulk, failed because another document has the same unique key. */
export function isDuplicateKey(error: unknown): boolean {
  if (error instanceof mongoose.mongo.MongoBulkWriteError) {
    const refused = [error.writeErrors].flat();
    return refused.length > 0 && refused.every((each) => each.code === DUPLICATE_KEY);
  }
  return error instanceof mongoose.mongo.MongoServerError && error.code === DUPLICATE_KEY;
}
