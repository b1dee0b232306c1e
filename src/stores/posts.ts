/** Posts in the database. */
import type mongoose from 'mongoose';
import { FINISHED } from '../core/delivery/standing.ts';
import type { PostQuery, PostStore } from '../core/stores.ts';
import type { PostStanding } from '../core/words.ts';
import { BulkWriter } from '../lib/bulk-writer.ts';
import { isDuplicateKey } from '../lib/duplicate-key.ts';
import { keysOf, type PostDocument, postModel, toPost } from './post-model.ts';
import { wordsKey } from './same-words.ts';
import { SameWordsReader } from './same-words-reader.ts';
import { countOf, REPLY_MAX, refuseUnknownFields, setAndUnset } from './schema.ts';

/** Standings that the sweep looks after. */
const OPEN: readonly PostStanding[] = ['waiting', 'working'];

/** The post store of a connection. */
export function postStore(connection: mongoose.Connection): PostStore {
  const model = postModel(connection);
  // Two, since a bulk of both kinds would be two commands one after the other.
  const inserts = new BulkWriter(model);
  const cards = new BulkWriter(model);
  const sameWords = new SameWordsReader(model);

  const findByOrigin: PostStore['findByOrigin'] = async (workspaceId, originKey) => {
    const found = await model.findOne({ workspaceId, originKey }).lean<PostDocument>();
    return found ? toPost(found) : undefined;
  };

  return {
    async insert(post) {
      const { id, ...fields } = post;
      const { $set: keys } = setAndUnset(keysOf(post));
      const document = { _id: id, ...fields, ...keys };
      refuseUnknownFields(model.schema, document);
      try {
        await inserts.write({ insertOne: { document: document as never } });
        return 'inserted';
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const known =
        post.originKey === undefined ? undefined : await findByOrigin(post.workspaceId, post.originKey);
      return known === undefined ? 'id taken' : 'known';
    },

    findByOrigin,

    async find(workspaceId, id) {
      const found = await model.findOne({ _id: id, workspaceId }).lean<PostDocument>();
      return found ? toPost(found) : undefined;
    },

    async findMany(ids) {
      const found = await model
        .find({ _id: { $in: [...ids] } })
        .batchSize(REPLY_MAX)
        .lean<PostDocument[]>();
      return found.map(toPost);
    },

    async list(workspaceId, query) {
      const filter = {
        workspaceId,
        standing: { $in: [...query.standings] },
        ...(query.accountIds === undefined ? {} : { targets: { $in: [...query.accountIds] } }),
      };
      const [found, total] = await Promise.all([
        model
          .find(filter)
          .sort(orderOf(query.order))
          .skip(query.skip)
          .limit(query.limit)
          .lean<PostDocument[]>(),
        countOf(model, filter),
      ]);
      return { posts: found.map(toPost), total };
    },

    async idsLike(workspaceId, prefix, standings, limit) {
      const begin = prefix.toUpperCase();
      const found = await model
        .find({
          workspaceId,
          standing: { $in: [...standings] },
          // A range instead of a pattern: nothing that a person types can have a meaning in it.
          ...(begin === '' ? {} : { _id: { $gte: begin, $lt: `${begin}\u{10FFFF}` } }),
        })
        .sort(orderOf('newest'))
        .limit(limit)
        .lean<PostDocument[]>();
      return found.map(toPost);
    },

    async change(workspaceId, id, revision, patch) {
      const { $set, $unset } = setAndUnset({ ...patch, ...keysOf(patch) });
      const changed = await model
        .findOneAndUpdate(
          { _id: id, workspaceId, revision },
          { $set, $unset, $inc: { revision: 1 } },
          { returnDocument: 'after' },
        )
        .lean<PostDocument>();
      return changed ? toPost(changed) : undefined;
    },

    async rollUp(rolled, at) {
      if (rolled.length === 0) return true;
      const operations = rolled.map(({ id, rollUps, standing }) => ({
        updateOne: {
          // A post that a person cancelled meanwhile stays cancelled, whatever was read before.
          filter: { _id: id, rollUps, standing: { $ne: 'cancelled' as const } },
          update: { $set: { standing, updatedAt: at }, $inc: { rollUps: 1 } },
        },
      }));
      const result = await model.bulkWrite(operations, { ordered: false });
      return result.matchedCount === rolled.length;
    },

    async setCard(id, card) {
      await cards.write({ updateOne: { filter: { _id: id as never }, update: { $set: { card } } } });
    },

    async sameWords(workspaceId, words, accountIds, from, to) {
      const key = wordsKey(words);
      return key === undefined ? [] : sameWords.find({ workspaceId, key, accountIds, from, to });
    },

    async openDueBefore(instant, limit) {
      const found = await model
        .find({ standing: { $in: [...OPEN] }, dueAt: { $lt: instant } })
        .sort({ dueAt: 1 })
        .limit(limit)
        .lean<PostDocument[]>();
      return found.map(toPost);
    },

    async finishedBefore(instant, limit) {
      const found = await model
        .find({ standing: { $in: [...FINISHED] }, updatedAt: { $lt: instant } })
        .sort({ updatedAt: 1 })
        .limit(limit)
        .lean<PostDocument[]>();
      return found.map(toPost);
    },

    async removeFinished(ids, instant) {
      const removed = await model.deleteMany({
        _id: { $in: [...ids] },
        standing: { $in: [...FINISHED] },
        updatedAt: { $lt: instant },
      });
      return removed.deletedCount;
    },

    async withMedium(workspaceId, sha256) {
      const found = await model
        .findOne({
          $or: [
            { 'media.sha256': sha256, workspaceId },
            { conversionKeys: sha256, workspaceId },
          ],
        })
        .lean<PostDocument>();
      return found ? toPost(found) : undefined;
    },

    async renameConversation(frontend, oldId, newId) {
      for (const route of ['origin.conversation', 'card.conversation']) {
        await model.updateMany(
          { [`${route}.id`]: oldId, [`${route}.frontend`]: frontend },
          { $set: { [`${route}.id`]: newId } },
        );
      }
    },

    async remove(workspaceId, id) {
      await model.deleteOne({ _id: id, workspaceId });
    },
  };
}

/** Ids at the end, so that pages of posts due at the same instant neither repeat nor leave out one. */
function orderOf(order: PostQuery['order']): { dueAt: 1 | -1; _id: 1 | -1 } {
  return order === 'due' ? { dueAt: 1, _id: 1 } : { dueAt: -1, _id: -1 };
}
