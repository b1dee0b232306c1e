/**
 * The wall in the database. A thousand rehearsal deliveries may be due in one second, so entries that are added in one turn
 * of the event loop, and those that arrive while a write is under way, share the next insert.
 */
import type mongoose from 'mongoose';
import type { Wall, WallEntry, WallMedia, WallPoll } from '../core/wall.ts';
import { collectionSchema, modelOf, plain, valueSchema } from './schema.ts';

interface WallDocument extends Omit<WallEntry, 'id'> {
  readonly _id: string;
}

const mediaSchema = valueSchema<WallMedia>({
  sha256: String,
  kind: String,
  mime: String,
  bytes: Number,
  width: Number,
  height: Number,
  alt: String,
  isCover: Boolean,
  coverSecond: Number,
});

const schema = collectionSchema<WallDocument>({
  _id: String,
  workspaceId: String,
  network: String,
  account: String,
  handle: String,
  post: String,
  delivery: String,
  format: String,
  text: String,
  title: String,
  link: String,
  board: String,
  firstComment: String,
  poll: valueSchema<WallPoll>({ options: [String], minutes: Number }),
  part: valueSchema<NonNullable<WallEntry['part']>>({ number: Number, of: Number }),
  answers: String,
  replies: String,
  media: [mediaSchema],
  at: Date,
});
// Not unique: a delivery that was published twice must be seen twice.
schema.index({ delivery: 1 });
schema.index({ at: -1 });
// Whether a medium is shown; entries without media stay out of it.
schema.index(
  { 'media.sha256': 1, workspaceId: 1 },
  { partialFilterExpression: { 'media.sha256': { $exists: true } } },
);

/** Entries in one insert; past it the first caller would wait for too many others. */
const INSERT_MAX = 500;

interface PendingEntry {
  readonly document: WallDocument;
  resolve(): void;
  reject(error: unknown): void;
}

const toEntry = (document: WallDocument): WallEntry => plain(document);

/** The wall of a connection. */
export function wallStore(connection: mongoose.Connection): Wall {
  const model = modelOf(connection, 'Wall', schema, 'wall');
  const pending: PendingEntry[] = [];
  let isBusy = false;

  /** Every caller of an insert that failed is told so: which entries arrived is found out by looking. */
  const insert = async (entries: readonly PendingEntry[]): Promise<void> => {
    try {
      // Past Mongoose's casting, which costs more than the write: the port's types allow nothing that it would change.
      await model.collection.insertMany(entries.map((each) => each.document) as never, { ordered: false });
      for (const each of entries) each.resolve();
    } catch (error) {
      for (const each of entries) each.reject(error);
    }
  };

  const drain = async (): Promise<void> => {
    while (pending.length > 0) await insert(pending.splice(0, INSERT_MAX));
    isBusy = false;
  };

  return {
    add({ id, ...fields }) {
      return new Promise((resolve, reject) => {
        pending.push({ document: { _id: id, ...fields }, resolve, reject });
        if (isBusy) return;
        isBusy = true;
        // Not a microtask: callers that continue after the same event should all be in.
        setImmediate(() => void drain());
      });
    },

    async findByDelivery(deliveryId, part) {
      const which = { delivery: deliveryId, ...(part === undefined ? {} : { 'part.number': part }) };
      const document = await model.findOne(which).sort({ at: 1 }).lean<WallDocument>();
      return document ? toEntry(document) : undefined;
    },

    async newest(limit) {
      const documents = await model.find().sort({ at: -1 }).limit(limit).lean<WallDocument[]>();
      return documents.map(toEntry);
    },

    async remove(id) {
      await model.deleteOne({ _id: id });
    },

    async removeBefore(instant, limit) {
      const old = await model
        .find({ at: { $lt: instant } }, { _id: 1 })
        .sort({ at: 1 })
        .limit(limit)
        .lean<Pick<WallDocument, '_id'>[]>();
      if (old.length === 0) return 0;
      const removed = await model.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } });
      return removed.deletedCount;
    },

    async withMedium(workspaceId, sha256) {
      const document = await model.findOne({ 'media.sha256': sha256, workspaceId }).lean<WallDocument>();
      return document ? toEntry(document) : undefined;
    },
  };
}
