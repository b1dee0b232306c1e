/** Deliveries in the database: inserting, reading, and what concerns all deliveries of an account. */
import type mongoose from 'mongoose';
import { SETTLED } from '../core/delivery/standing.ts';
import type { DeliveryStore } from '../core/stores.ts';
import type { DeliveryState } from '../core/words.ts';
import { BulkWriter } from '../lib/bulk-writer.ts';
import { isDuplicateKey } from '../lib/duplicate-key.ts';
import { breakLeases, claim, findDue, takeForChange } from './delivery-claims.ts';
import {
  BEGINNING,
  type DeliveryDocument,
  deliveryModel,
  OPEN_STATES,
  PRIORITIES,
  toDelivery,
} from './delivery-model.ts';
import { countGoingOut, goingOut } from './delivery-spans.ts';
import { DeliveryWriter } from './delivery-writes.ts';
import { countOf, REPLY_MAX, refuseUnknownFields } from './schema.ts';

/** States whose next attempt an account's trouble takes away; `publishing` is always leased by whoever works on it. */
const PARKED_STATES: readonly DeliveryState[] = ['scheduled', 'processing', 'uncertain'];

/** States that wait with their account while the network asks to slow down: taking away is a call like others. */
const POSTPONED_STATES: readonly DeliveryState[] = [...OPEN_STATES, 'removing'];

/** The delivery store of a connection. */
export function deliveryStore(connection: mongoose.Connection): DeliveryStore {
  const model = deliveryModel(connection);
  const inserts = new BulkWriter(model);
  const writer = new DeliveryWriter(model);

  return {
    async insert(deliveries) {
      const documents = deliveries.map(({ id, ...fields }) => ({ _id: id, ...fields }));
      for (const document of documents) refuseUnknownFields(model.schema, document);
      // Each for itself: one that exists already is no error of the others.
      await Promise.all(
        documents.map(async (document) => {
          try {
            await inserts.write({ insertOne: { document: document as never } });
          } catch (error) {
            if (!isDuplicateKey(error)) throw error;
          }
        }),
      );
    },

    async ofPost(workspaceId, postId) {
      const found = await model.find({ workspaceId, postId }).sort({ _id: 1 }).lean<DeliveryDocument[]>();
      return found.map(toDelivery);
    },

    async ofPosts(workspaceId, postIds) {
      const found = await model
        .find({ workspaceId, postId: { $in: [...postIds] } })
        .sort({ _id: 1 })
        .lean<DeliveryDocument[]>();
      return found.map(toDelivery);
    },

    async ofManyPosts(postIds) {
      const found = await model
        .find({ postId: { $in: [...postIds] } })
        .sort({ _id: 1 })
        .batchSize(REPLY_MAX)
        .lean<DeliveryDocument[]>();
      return found.map(toDelivery);
    },

    findDue: (now, options) => findDue(model, now, options),

    claim: (ids, now, lease) => claim(model, ids, now, lease),

    takeForChange: (workspaceId, postId, now, { states, ...lease }) =>
      takeForChange(model, { workspaceId, postId }, now, lease, states),

    async renew(ids, token, until) {
      if (ids.length === 0) return new Set();
      const held = { _id: { $in: [...ids] }, 'lease.token': token };
      const renewed = await model.updateMany(held, { $set: { 'lease.until': until, nextAttemptAt: until } });
      if (renewed.matchedCount === ids.length) return new Set(ids);
      const ours = await model.find(held, { _id: 1 }).lean<{ _id: string }[]>();
      return new Set(ours.map((document) => document._id));
    },

    write: (id, token, patch, at) => writer.write(id, token, patch, at),

    async giveBack(ids, token, nextAttemptAt) {
      if (ids.length === 0) return;
      await model.updateMany(
        { _id: { $in: [...ids] }, 'lease.token': token },
        { $set: { nextAttemptAt }, $unset: { lease: true } },
      );
    },

    async nextDue(after = BEGINNING) {
      const first = await model
        .findOne({ priority: { $in: PRIORITIES }, nextAttemptAt: { $gt: after } }, { nextAttemptAt: 1 })
        .sort({ nextAttemptAt: 1, _id: 1 })
        .lean<Pick<DeliveryDocument, 'nextAttemptAt'>>();
      return first?.nextAttemptAt;
    },

    async postpone(accountId, until) {
      // What is leased right now is left alone: its worker sets the next attempt itself.
      await model.updateMany(
        {
          accountId,
          state: { $in: [...POSTPONED_STATES] },
          nextAttemptAt: { $gt: BEGINNING, $lt: until },
          lease: { $exists: false },
        },
        { $set: { nextAttemptAt: until } },
      );
    },

    async park(accountId, error) {
      const result = await model.updateMany(
        {
          accountId,
          state: { $in: [...PARKED_STATES] },
          nextAttemptAt: { $gt: BEGINNING },
          lease: { $exists: false },
        },
        { $set: { error }, $unset: { nextAttemptAt: true } },
      );
      return result.modifiedCount;
    },

    async unpark(workspaceId, accountId, nextAttemptAt) {
      const result = await model.updateMany(
        {
          accountId,
          workspaceId,
          state: { $in: [...PARKED_STATES] },
          // Absent, said as null: both servers look that up in the index, `$exists: false` only one of them.
          nextAttemptAt: null,
          lease: { $exists: false },
        },
        { $set: { nextAttemptAt }, $unset: { error: true } },
      );
      return result.modifiedCount;
    },

    breakLeases: (now) => breakLeases(model, now),

    countOverdue: (before) =>
      countOf(model, { priority: { $in: PRIORITIES }, nextAttemptAt: { $gt: BEGINNING, $lt: before } }),

    goingOut: (accountId, span, limit) => goingOut(model, accountId, span, limit),

    countGoingOut: (accountId, span) => countGoingOut(model, accountId, span),

    async isTaken(accountId, remoteId, besides) {
      return (await model.exists({ remoteId, accountId, _id: { $ne: besides } })) !== null;
    },

    async removeSettled(postIds, instant, now) {
      const removed = await model.deleteMany({
        postId: { $in: [...postIds] },
        state: { $in: [...SETTLED] },
        updatedAt: { $lt: instant },
        // No lease, or one that has ended.
        'lease.until': { $not: { $gt: now } },
      });
      return removed.deletedCount;
    },
  };
}
