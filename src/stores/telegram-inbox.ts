/**
 * The inbox of the Telegram front-end: inputs until they are worked on, their ids for a while longer, and notes (open
 * questions, offers). One collection, because all of it lives for hours or days and is read by key.
 */
import type mongoose from 'mongoose';
import type { ChatInbox } from '../core/chat-inbox.ts';
import { collectionSchema, isDuplicateKey, modelOf } from './schema.ts';

interface InboxDocument {
  /** `in:SOURCE:NUMBER` or `note:KEY`. */
  readonly _id: string;
  /** Present while an input is not finished: its source, whether somebody works on it, and how often it was begun. */
  readonly source?: string;
  readonly begun?: boolean;
  readonly tries?: number;
  /** An opaque text on purpose: what a chat sends may have any field names. */
  readonly payload?: string;
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

  const insert = async (document: InboxDocument): Promise<boolean> => {
    try {
      await model.create([document]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  };

  return {
    async keep(inputs, at) {
      // One insert each: the answer of a bulk write with duplicates in it tells what was new only by exception, and
      // inputs come one or two at a time; concurrent writes share a flush of the disk anyway.
      const kept = await Promise.all(
        inputs.map(async ({ id, payload }) => {
          const fields = { source: sourceOf(id), begun: false, tries: 0, payload, keptAt: at };
          return (await insert({ _id: INPUT + id, ...fields })) ? id : undefined;
        }),
      );
      return new Set(kept.filter((id) => id !== undefined));
    },

    async begin([first, ...others]) {
      if (first === undefined) return false;
      const begin = { $set: { begun: true }, $inc: { tries: 1 } };
      const claimed = await model.updateOne({ _id: INPUT + first, begun: false }, begin);
      if (claimed.modifiedCount !== 1) return false;
      if (others.length > 0) await model.updateMany({ _id: { $in: others.map((id) => INPUT + id) } }, begin);
      return true;
    },

    async finish(ids) {
      await model.updateMany(
        { _id: { $in: ids.map((id) => INPUT + id) } },
        { $unset: { source: true, begun: true, tries: true, payload: true } },
      );
    },

    async reopen(source) {
      const found = await model.find({ source }).lean<InboxDocument[]>();
      await model.updateMany({ source, begun: true }, { $set: { begun: false } });
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
