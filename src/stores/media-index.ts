/** What is known about stored media; their bytes live in the BlobStore. */
import type mongoose from 'mongoose';
import type { MediaIndex, MediaUse } from '../core/media.ts';
import type { MediaFacts } from '../core/words.ts';
import { isDuplicateKey } from '../lib/duplicate-key.ts';
import { collectionSchema, modelOf } from './schema.ts';
import { mediaFactsSchema } from './values.ts';

interface MediaDocument {
  /** Workspace and content: one workspace never sees what another has stored. */
  readonly _id: string;
  readonly workspaceId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly facts: MediaFacts;
  readonly createdAt: Date;
  /** Retention counts from here. */
  readonly lastUsedAt: Date;
}

const schema = collectionSchema<MediaDocument>({
  _id: String,
  workspaceId: String,
  sha256: String,
  bytes: Number,
  facts: mediaFactsSchema,
  createdAt: Date,
  lastUsedAt: Date,
});

// Retention: what was not used for long, and whether another workspace has the same bytes.
schema.index({ lastUsedAt: 1 });
schema.index({ sha256: 1 });

const toUse = ({ workspaceId, sha256, bytes, lastUsedAt }: MediaDocument): MediaUse => ({
  workspaceId,
  sha256,
  bytes,
  lastUsedAt,
});

const keyOf = (workspaceId: string, sha256: string): string => `${workspaceId}/${sha256}`;

/** The media index of a connection. */
export function mediaIndex(connection: mongoose.Connection): MediaIndex {
  const model = modelOf(connection, 'Media', schema, 'media');
  return {
    async remember(workspaceId, stored, facts, at) {
      const _id = keyOf(workspaceId, stored.sha256);
      const $set = { facts, bytes: stored.bytes, lastUsedAt: at };
      const $setOnInsert = { workspaceId, sha256: stored.sha256, createdAt: at };
      try {
        await model.updateOne({ _id }, { $set, $setOnInsert }, { upsert: true });
      } catch (error) {
        // The same file twice at once: the other insert won, ours becomes an update.
        if (!isDuplicateKey(error)) throw error;
        await model.updateOne({ _id }, { $set });
      }
    },

    async find(workspaceId, sha256) {
      const found = await model.findOne({ _id: keyOf(workspaceId, sha256) }).lean<MediaDocument>();
      return found?.facts;
    },

    async usedBefore(instant, limit) {
      const found = await model
        .find({ lastUsedAt: { $lt: instant } })
        .sort({ lastUsedAt: 1 })
        .limit(limit)
        .lean<MediaDocument[]>();
      return found.map(toUse);
    },

    async usesOf(sha256) {
      const found = await model.find({ sha256 }).lean<MediaDocument[]>();
      return found.map(toUse);
    },

    async touch(workspaceId, sha256, at) {
      await model.updateOne({ _id: keyOf(workspaceId, sha256) }, { $max: { lastUsedAt: at } });
    },

    async forget(workspaceId, sha256, instant) {
      await model.deleteOne({ _id: keyOf(workspaceId, sha256), lastUsedAt: { $lt: instant } });
    },
  };
}
