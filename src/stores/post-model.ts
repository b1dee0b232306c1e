/** How posts lie in the database; shared by the files of the post store alone. */
import type mongoose from 'mongoose';
import type { MediaItem, Origin, Post, Words } from '../core/words.ts';
import { wordsKey } from './same-words.ts';
import { collectionSchema, modelOf, plain, valueSchema } from './schema.ts';
import { anyJson, conversationSchema, mediaFactsFields, messageReferenceSchema } from './values.ts';

export interface PostDocument extends Omit<Post, 'id'> {
  readonly _id: string;
  /** Keys of the words and of the variants' words, for the question whether the same was said already. */
  readonly wordsKey?: string;
  readonly variantKeys?: readonly string[];
  /** The copies of its videos that were made for some accounts, by content; absent: it has none. */
  readonly conversionKeys?: readonly string[];
}

export type PostModel = mongoose.Model<PostDocument>;

const wordsSchema = valueSchema<Words>({
  text: String,
  link: String,
  title: String,
  board: String,
  firstComment: String,
  thread: Boolean,
  // Without this default Mongoose gives every post a poll of no answers.
  poll: { type: [String], default: undefined },
  pollMinutes: Number,
  replies: String,
  format: String,
  fit: String,
  cover: Number,
});

const originSchema = valueSchema<Origin>({
  conversation: conversationSchema,
  person: String,
  personName: String,
  messageId: String,
});

const schema = collectionSchema<PostDocument>({
  _id: String,
  workspaceId: String,
  standing: String,
  revision: Number,
  rollUps: Number,
  words: wordsSchema,
  // Keys are names of networks and ids of accounts.
  variants: anyJson,
  media: [
    valueSchema<MediaItem>({
      ...mediaFactsFields,
      sha256: String,
      name: String,
      alt: String,
      conversions: anyJson,
    }),
  ],
  targets: [String],
  dueAt: Date,
  immediate: Boolean,
  timeZone: String,
  priority: String,
  expiresAt: Date,
  origin: originSchema,
  originKey: String,
  card: messageReferenceSchema,
  createdAt: Date,
  updatedAt: Date,
  wordsKey: String,
  variantKeys: [String],
  // Without this default every post has a list, and is in the index.
  conversionKeys: { type: [String], default: undefined },
});
// Lists of a workspace and of one of its accounts, in either direction.
schema.index({ workspaceId: 1, standing: 1, dueAt: 1, _id: 1 });
schema.index({ workspaceId: 1, targets: 1, standing: 1, dueAt: 1, _id: 1 });
// The sweep, over all workspaces.
schema.index({ standing: 1, dueAt: 1 });
// Retention, over all workspaces: what is finished, and who needs a medium.
schema.index({ standing: 1, updatedAt: 1 });
schema.index(
  { 'media.sha256': 1, workspaceId: 1 },
  { partialFilterExpression: { 'media.sha256': { $exists: true } } },
);
schema.index(
  { conversionKeys: 1, workspaceId: 1 },
  { partialFilterExpression: { conversionKeys: { $exists: true } } },
);
schema.index({ workspaceId: 1, wordsKey: 1, dueAt: 1 });
schema.index({ workspaceId: 1, variantKeys: 1, dueAt: 1 });
// The same message, handled twice, makes one post.
schema.index(
  { workspaceId: 1, originKey: 1 },
  { unique: true, partialFilterExpression: { originKey: { $exists: true } } },
);
// A chat that gets a new id.
schema.index({ 'origin.conversation.id': 1 });
schema.index({ 'card.conversation.id': 1 }, { sparse: true });

export function postModel(connection: mongoose.Connection): PostModel {
  return modelOf(connection, 'Post', schema, 'posts');
}

export const toPost = (document: PostDocument): Post =>
  plain(document, ['wordsKey', 'variantKeys', 'conversionKeys']);

/** The keys that follow from what a post or a change of it says and shows; `null` removes the old one. */
export function keysOf(content: { words?: Words; variants?: Post['variants']; media?: Post['media'] }): {
  wordsKey?: string | null;
  variantKeys?: readonly string[];
  conversionKeys?: readonly string[] | null;
} {
  const { words, variants, media } = content;
  const copies = (media ?? []).flatMap(({ conversions }) => Object.values(conversions ?? {}));
  const ofVariants = Object.values(variants ?? {}).flatMap(({ text }) => wordsKey(text ?? '') ?? []);
  return {
    ...(words === undefined ? {} : { wordsKey: wordsKey(words.text) ?? null }),
    ...(variants === undefined ? {} : { variantKeys: [...new Set(ofVariants)] }),
    ...(media === undefined
      ? {}
      : { conversionKeys: copies.length > 0 ? [...new Set(copies.map(({ sha256 }) => sha256))] : null }),
  };
}
