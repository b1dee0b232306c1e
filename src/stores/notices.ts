/** The outbox: what is to be told in chats. A notice is due when `nextAttemptAt` has come; a lease moves it to its own end. */
import type mongoose from 'mongoose';
import type { Notice, NoticeRequest, NoticeStore } from '../core/stores.ts';
import { BulkWriter } from '../lib/bulk-writer.ts';
import { isDuplicateKey } from '../lib/duplicate-key.ts';
import { Gathering } from '../lib/gathering.ts';
import { collectionSchema, earliest, modelOf, plain } from './schema.ts';
import { leaseSchema } from './values.ts';

interface NoticeDocument extends Omit<Notice, 'id'> {
  readonly _id: string;
  /** When it was told or given up. */
  readonly settledAt?: Date;
}

const schema = collectionSchema<NoticeDocument>({
  _id: String,
  workspaceId: String,
  postId: String,
  kind: String,
  frontend: String,
  state: String,
  version: Number,
  failures: Number,
  nextAttemptAt: Date,
  lease: leaseSchema,
  createdAt: Date,
  settledAt: Date,
});
// Told notices have no next attempt; they stay out of the index.
schema.index(
  { frontend: 1, nextAttemptAt: 1 },
  { partialFilterExpression: { nextAttemptAt: { $exists: true } } },
);

/** Before every instant that is stored: a range from here finds dates and nothing absent. */
const BEGINNING = new Date(0);

const toNotice = (document: NoticeDocument): Notice => plain(document, ['settledAt']);

/** The outbox of a connection. */
export function noticeStore(connection: mongoose.Connection): NoticeStore {
  const model = modelOf(connection, 'Notice', schema, 'notices');
  const repeats = new BulkWriter(model);
  // Every card that is placed asks this, and most have no notice: a look costs no commit.
  const known = new Gathering<string, boolean>(async (round) => {
    const found = await model
      .find({ _id: { $in: round.map(({ request }) => request) } }, { _id: 1 })
      .lean<{ _id: string }[]>();
    const ids = new Set(found.map(({ _id }) => _id));
    for (const { request, resolve } of round) resolve(ids.has(request));
  });

  /** Asks again for a card that there is a notice of; one of the two applies. */
  const repeatStatements = (id: string, at: Date) => {
    // One that waits or is being drawn keeps its moment: a chat that fails is not asked sooner because more happened.
    const waiting = {
      updateOne: { filter: { _id: id, state: 'pending' }, update: { $inc: { version: 1 } } },
    };
    const again = { state: 'pending', failures: 0, nextAttemptAt: at };
    const ended = {
      updateOne: {
        filter: { _id: id, state: { $ne: 'pending' } },
        update: { $inc: { version: 1 }, $set: again, $unset: { settledAt: true } },
      },
    };
    return [waiting, ended];
  };

  /**
   * The statements of a request. Whatever the order in which they run and whatever comes between them, the notice is
   * pending afterwards, or was asked for by somebody else since these began, which is as good.
   */
  const statementsOf = ({ id, ...fields }: NoticeRequest, at: Date) => {
    const fresh = { ...fields, state: 'pending', version: 1, failures: 0, nextAttemptAt: at, createdAt: at };
    const absent = { updateOne: { filter: { _id: id }, update: { $setOnInsert: fresh }, upsert: true } };
    return fields.kind === 'card' ? [...repeatStatements(id, at), absent] : [absent];
  };

  const requestMany: NoticeStore['requestMany'] = async (notices, at) => {
    if (notices.length === 0) return;
    const operations = notices.flatMap((notice) => statementsOf(notice, at));
    try {
      // Past Mongoose's casting, which costs more than the write: nothing here needs it.
      await model.collection.bulkWrite(operations as never, { ordered: false });
    } catch (error) {
      // Inserted by another process at this very moment.
      if (!isDuplicateKey(error)) throw error;
    }
  };

  return {
    request: (notice, at) => requestMany([notice], at),

    requestMany,

    async repeat(id, at) {
      if (!(await known.ask(id))) return false;
      const { matched } = await repeats.write(...(repeatStatements(id, at) as never[]));
      return matched > 0;
    },

    async claim(now, frontends, lease, limit) {
      const ids: string[] = [];
      for (const frontend of frontends) {
        if (ids.length >= limit) break;
        const due = await model
          .find({ frontend, nextAttemptAt: { $gt: BEGINNING, $lte: now } }, { _id: 1 })
          .sort({ nextAttemptAt: 1 })
          .limit(limit - ids.length)
          .lean<{ _id: string }[]>();
        ids.push(...due.map((document) => document._id));
      }
      if (ids.length === 0) return [];
      await model.updateMany(
        { _id: { $in: ids }, nextAttemptAt: { $lte: now } },
        { $set: { lease, nextAttemptAt: lease.until } },
      );
      const ours = await model
        .find({ _id: { $in: ids }, 'lease.token': lease.token })
        .lean<NoticeDocument[]>();
      return ours
        .map(toNotice)
        .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
    },

    async finish(id, token, version, state, at) {
      const ended = await model.updateOne(
        { _id: id, 'lease.token': token, version },
        { $set: { state, settledAt: at }, $unset: { lease: true, nextAttemptAt: true } },
      );
      if (ended.matchedCount === 1) return;
      // Asked for again while it was drawn (a version never goes back): due at once. Or the lease is somebody else's: nothing.
      await model.updateOne(
        { _id: id, 'lease.token': token },
        { $set: { nextAttemptAt: at, failures: 0 }, $unset: { lease: true } },
      );
    },

    async retryAt(id, token, failures, nextAttemptAt) {
      await model.updateOne(
        { _id: id, 'lease.token': token },
        { $set: { failures, nextAttemptAt }, $unset: { lease: true } },
      );
    },

    async nextDue(frontends) {
      const firsts = await Promise.all(
        frontends.map((frontend) =>
          model
            .findOne({ frontend, nextAttemptAt: { $gt: BEGINNING } }, { nextAttemptAt: 1 })
            .sort({ nextAttemptAt: 1 })
            .lean<Pick<NoticeDocument, 'nextAttemptAt'>>(),
        ),
      );
      return earliest(firsts.map((first) => first?.nextAttemptAt));
    },

    async removeOfPosts(postIds) {
      if (postIds.length === 0) return 0;
      // Ids begin with the post's and a full stop; a slash comes right behind that. So no index is needed for this.
      const operations = postIds.map((postId) => ({
        deleteMany: { filter: { _id: { $gt: `${postId}.`, $lt: `${postId}/` } } },
      }));
      const { deletedCount } = await model.bulkWrite(operations, { ordered: false });
      return deletedCount;
    },

    async breakLeases(now, frontends) {
      await model.updateMany(
        { frontend: { $in: [...frontends] }, nextAttemptAt: { $gt: BEGINNING }, lease: { $exists: true } },
        { $set: { nextAttemptAt: now }, $unset: { lease: true } },
      );
    },
  };
}
