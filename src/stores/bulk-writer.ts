/**
 * Small writes of many people at the same time share bulks: one round trip and one commit for all that came in one turn of
 * the event loop, or while the bulk before was under way. Who writes alone waits for nobody.
 *
 * Documents go past Mongoose's casting, which costs more than the write: `refuseUnknownFields` keeps what casting was good for.
 */
import mongoose from 'mongoose';

/** Writes in one bulk; past it the first caller would wait for too many others. */
const BULK_MAX = 200;

type Operation = mongoose.mongo.AnyBulkWriteOperation<mongoose.mongo.Document>;

/** What a bulk came to. */
export interface BulkAnswer {
  /** Documents that its updates met, over all operations of everybody in the bulk. */
  readonly matched: number;
}

interface Pending {
  readonly operations: readonly Operation[];
  resolve(answer: BulkAnswer): void;
  reject(error: unknown): void;
}

export class BulkWriter {
  readonly #collection: () => mongoose.mongo.Collection;
  #pending: Pending[] = [];
  #isBusy = false;

  constructor(model: { readonly collection: unknown }) {
    this.#collection = () => model.collection as mongoose.mongo.Collection;
  }

  /**
   * Ends when the operations are stored, in no order among themselves or with others that are under way.
   * Errors: the first that one of these operations brought; never somebody else's.
   */
  write(...operations: readonly Operation[]): Promise<BulkAnswer> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ operations, resolve, reject });
      if (this.#isBusy) return;
      this.#isBusy = true;
      // Not a microtask: callers that continue after the same event should all be in.
      setImmediate(() => void this.#drain());
    });
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) await this.#send(this.#pending.splice(0, BULK_MAX));
    this.#isBusy = false;
  }

  /** Every caller gets its own answer, or its own error; never throws. */
  async #send(bulk: readonly Pending[]): Promise<void> {
    try {
      const { matchedCount } = await this.#collection().bulkWrite(
        bulk.flatMap((each) => each.operations),
        // As Mongoose does: an absent value is no null.
        { ordered: false, ignoreUndefined: true },
      );
      for (const each of bulk) each.resolve({ matched: matchedCount });
    } catch (error) {
      await this.#settleFailed(bulk, error);
    }
  }

  async #settleFailed(bulk: readonly Pending[], error: unknown): Promise<void> {
    // One value that cannot be stored keeps the driver from sending any of the bulk: the others go without it.
    if (bulk.length > 1 && wasNotSent(error)) {
      for (const each of bulk) await this.#send([each]);
      return;
    }
    const refused = refusedIn(error);
    let index = 0;
    for (const each of bulk) {
      const end = index + each.operations.length;
      const own = refused?.find((entry) => entry.index >= index && entry.index < end);
      index = end;
      // An error of the whole bulk (the connection is gone) is everybody's.
      if (refused === undefined) each.reject(error);
      else if (own)
        each.reject(
          new mongoose.mongo.MongoServerError({ message: own.errmsg ?? 'refused', code: own.code }),
        );
      else each.resolve({ matched: (error as mongoose.mongo.MongoBulkWriteError).matchedCount });
    }
  }
}

/** The operations that the server refused, when it answered; all others of the bulk are stored. */
function refusedIn(error: unknown): readonly mongoose.mongo.WriteError[] | undefined {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) return undefined;
  const refused = [error.writeErrors].flat();
  return refused.length > 0 ? refused : undefined;
}

/** True for a bulk that the driver could not even put into bytes. */
export function wasNotSent(error: unknown): boolean {
  const { BSON, MongoInvalidArgumentError } = mongoose.mongo;
  return error instanceof MongoInvalidArgumentError || error instanceof BSON.BSONError;
}
