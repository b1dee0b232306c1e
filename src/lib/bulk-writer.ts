/**
 * Small writes of many people at the same time share bulks: one round trip and one commit for all of a round (gathering.ts).
 * Documents go past Mongoose's casting, which costs more than the write; a store checks itself what casting was good for.
 */
import mongoose from 'mongoose';
import { type Gathered, Gathering } from './gathering.ts';

const { BSON, MongoBulkWriteError, MongoInvalidArgumentError, MongoServerError } = mongoose.mongo;

export type Operation = mongoose.mongo.AnyBulkWriteOperation<mongoose.mongo.Document>;

/** What a bulk came to. */
export interface BulkAnswer {
  /** Operations of everybody in it. */
  readonly operations: number;
  /** Documents that its updates met, over all of them. */
  readonly matched: number;
}

/** Operations that belong together, and where their answer goes. */
export type BulkPart = Gathered<readonly Operation[], BulkAnswer>;

type Collection = mongoose.mongo.Collection;

export class BulkWriter {
  readonly #gathering: Gathering<readonly Operation[], BulkAnswer>;

  /** @param model its collection may be opened later */
  constructor(model: { readonly collection: unknown }) {
    this.#gathering = new Gathering((round) => sendBulk(model.collection as Collection, round));
  }

  /**
   * Ends when the operations are stored, in no order among themselves or with others that are under way.
   * Errors: the first that one of these operations brought; never somebody else's.
   */
  write(...operations: readonly Operation[]): Promise<BulkAnswer> {
    return this.#gathering.ask(operations);
  }
}

/** Sends one bulk; every part gets its own answer, or its own error. Never throws. */
export async function sendBulk(collection: Collection, parts: readonly BulkPart[]): Promise<void> {
  const all = parts.flatMap((each) => each.request);
  const operations = all.length;
  try {
    // As Mongoose does: an absent value is no null.
    const { matchedCount: matched } = await collection.bulkWrite(all, {
      ordered: false,
      ignoreUndefined: true,
    });
    for (const each of parts) each.resolve({ operations, matched });
  } catch (error) {
    // One value that cannot be stored keeps the driver from sending any of the bulk: the others go without it.
    if (parts.length > 1 && wasNotSent(error)) {
      for (const each of parts) await sendBulk(collection, [each]);
      return;
    }
    const refused = refusedIn(error);
    let index = 0;
    for (const each of parts) {
      const end = index + each.request.length;
      const own = refused?.find((entry) => entry.index >= index && entry.index < end);
      index = end;
      // An error of the whole bulk (the connection is gone) is everybody's.
      if (refused === undefined) each.reject(error);
      else if (own) each.reject(new MongoServerError({ message: own.errmsg ?? 'refused', code: own.code }));
      else each.resolve({ operations, matched: (error as mongoose.mongo.MongoBulkWriteError).matchedCount });
    }
  }
}

/** The operations that the server refused, when it answered; all others of the bulk are stored. */
function refusedIn(error: unknown): readonly mongoose.mongo.WriteError[] | undefined {
  if (!(error instanceof MongoBulkWriteError)) return undefined;
  const refused = [error.writeErrors].flat();
  return refused.length > 0 ? refused : undefined;
}

/** True for a bulk that the driver could not even put into bytes. */
function wasNotSent(error: unknown): boolean {
  return error instanceof MongoInvalidArgumentError || error instanceof BSON.BSONError;
}
