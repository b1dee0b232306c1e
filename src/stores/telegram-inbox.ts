/**
 * The inbox of the Telegram front-end: inputs until they are worked on, their ids for a while longer, and notes (open
 * questions, offers). One collection, because all of it lives for hours or days and is read by key.
 */
import mongoose from 'mongoose';
import type { ChatInbox } from '../core/chat-inbox.ts';
import { DUPLICATE_KEY } from '../lib/duplicate-key.ts';
import { Gathering, unhurried } from '../lib/gathering.ts';
import { collectionSchema, modelOf } from './schema.ts';
import { StampedWriter } from './stamped-writer.ts';

interface InboxDocument {
  /** `in:SOURCE:NUMBER` or `note:KEY`. */
  readonly _id: string;
  /** Present while an input is not finished: its source, whether somebody works on it, and how often it was begun. */
  readonly source?: string;
  readonly begun?: boolean;
  readonly tries?: number;
  /** An opaque text on purpose: what a chat sends may have any field names. */
  readonly payload?: string;
  /** Of whoever began it last (stamped-writer.ts). */
  readonly stamp?: string;
  /** When this document may go: of an input, after it was kept; of a note, its end. */
  readonly keptAt?: Date;
  readonly expiresAt?: Date;
}

const schema = collectionSchema<InboxDocument>({
  _id: String,
  source: String,
  begun: Boolean,
  tries: Number,
  payload: String,
  stamp: String,
  keptAt: Date,
  expiresAt: Date,
});
schema.index({ source: 1 }, { partialFilterExpression: { source: { $exists: true } } });
// Removal is done by `forget` on the clock of the process, not by a TTL index, so that it follows a virtual clock too.
schema.index({ keptAt: 1 }, { partialFilterExpression: { keptAt: { $exists: true } } });
schema.index({ expiresAt: 1 }, { partialFilterExpression: { expiresAt: { $exists: true } } });

/** Before every instant that is stored: a range from here finds dates and nothing absent. */
const BEGINNING = new Date(0);

const INPUT = 'in:';
const NOTE = 'note:';

/** The inbox of a connection. Made before `createIndexes` is called, it gets its indexes there. */
export function telegramInbox(connection: mongoose.Connection): ChatInbox {
  const model = modelOf(connection, 'TelegramInbox', schema, 'telegram_inbox');

  // Each message costs two or three writes, and their values are plain: they go to the driver without Mongoose's casting and
  // change tracking, which took longer than the writes. Those of the same moment share bulks.
  const inputs = (): mongoose.mongo.Collection<InboxDocument> => model.collection as never;
  const begins = new StampedWriter(model);
  const ends = new Gathering<readonly string[], void>(
    async (round) => {
      const over = { source: true, begun: true, tries: true, payload: true, stamp: true } as const;
      await inputs().updateMany({ _id: { $in: round.flatMap(({ request }) => request) } }, { $unset: over });
      for (const { resolve } of round) resolve();
    },
    undefined,
    unhurried,
  );

  return {
    async keep(given, at) {
      if (given.length === 0) return new Set();
      const documents = given.map(({ id, payload, begun = false }): InboxDocument => {
        return { _id: INPUT + id, source: sourceOf(id), begun, tries: begun ? 1 : 0, payload, keptAt: at };
      });
      const known = await insertFresh(inputs(), documents);
      const fresh = new Set(given.filter((_, index) => !known.has(index)).map(({ id }) => id));
      if (known.size === 0) return fresh;
      const ids = documents.filter((_, index) => known.has(index)).map(({ _id }) => _id);
      const waiting = await model
        .find({ _id: { $in: ids }, begun: false }, { _id: 1 })
        .lean<{ _id: string }[]>();
      for (const { _id } of waiting) fresh.add(_id.slice(INPUT.length));
      return fresh;
    },

    async begin([first, ...others]) {
      if (first === undefined) return false;
      const begin = { $set: { begun: true }, $inc: { tries: 1 } };
      if (!(await begins.write({ _id: INPUT + first, begun: false }, begin))) return false;
      if (others.length > 0)
        await inputs().updateMany({ _id: { $in: others.map((id) => INPUT + id) } }, begin);
      return true;
    },

    async finish(ids) {
      if (ids.length > 0) await ends.ask(ids.map((id) => INPUT + id));
    },

    async reopen(source) {
      const found = await model.find({ source }).lean<InboxDocument[]>();
      // By their ids: an index on `begun` would cost every message a write, and few are begun when a process dies.
      const begun = found.filter((document) => document.begun).map(({ _id }) => _id);
      if (begun.length > 0)
        await model.updateMany({ _id: { $in: begun }, begun: true }, { $set: { begun: false } });
      return found.map(({ _id, payload = '', tries = 0 }) => ({
        id: _id.slice(INPUT.length),
        payload,
        tries,
      }));
    },

    async remember(key, payload, expiresAt) {
      await model.updateOne({ _id: NOTE + key }, { $set: { payload, expiresAt } }, { upsert: true });
    },

    async recall(key, now) {
      const note = await model.findOne({ _id: NOTE + key, expiresAt: { $gt: now } }).lean<InboxDocument>();
      return note?.payload;
    },

    async take(key, now) {
      const note = await model
        .findOneAndDelete({ _id: NOTE + key, expiresAt: { $gt: now } })
        .lean<InboxDocument>();
      return note?.payload;
    },

    async forget(keptBefore, now) {
      // What is unfinished stays, however old it is.
      await model.deleteMany({ keptAt: { $gt: BEGINNING, $lt: keptBefore }, source: { $exists: false } });
      await model.deleteMany({ expiresAt: { $gt: BEGINNING, $lte: now } });
    },
  };
}

const sourceOf = (id: string): string => id.slice(0, id.indexOf(':'));

/** Inserts the documents that are not there yet; answers the positions of those that are. */
async function insertFresh(
  collection: mongoose.mongo.Collection<InboxDocument>,
  documents: InboxDocument[],
): Promise<ReadonlySet<number>> {
  try {
    await collection.insertMany(documents, { ordered: false });
    return new Set();
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw error;
    const faults = [error.writeErrors].flat();
    // Any other fault than a duplicate leaves open what was written: the caller must not acknowledge, and tries again.
    if (faults.length === 0 || faults.some((fault) => fault.code !== DUPLICATE_KEY)) throw error;
    return new Set(faults.map((fault) => fault.index));
  }
}
