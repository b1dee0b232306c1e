/** Schemas of the values that several collections hold. */
import mongoose from 'mongoose';
import type { Conversation, Lease, MediaFacts, MessageReference, RecordedError } from '../core/words.ts';
import { valueSchema } from './schema.ts';

/** Free-form JSON; Mongoose looks at nothing inside. */
export const anyJson = mongoose.Schema.Types.Mixed;

export const leaseSchema = valueSchema<Lease>({ token: String, until: Date });

export const conversationSchema = valueSchema<Conversation>({
  frontend: String,
  id: String,
  topic: String,
  parent: String,
  kind: String,
  title: String,
});

export const messageReferenceSchema = valueSchema<MessageReference>({
  conversation: conversationSchema,
  messageId: String,
});

export const recordedErrorSchema = valueSchema<RecordedError>({
  code: String,
  kind: String,
  message: String,
  hint: String,
});

/** Fields of `MediaFacts`, used alone and as a part of a post's media. */
export const mediaFactsFields = {
  kind: String,
  mime: String,
  bytes: Number,
  width: Number,
  height: Number,
  oriented: Boolean,
  alpha: Boolean,
  metadata: Boolean,
  printColours: Boolean,
  frames: Number,
  durationMs: Number,
  container: String,
  videoCodec: String,
  audioCodec: String,
  framesPerSecond: Number,
  bitRate: Number,
  chroma: String,
  fastStart: Boolean,
} satisfies Record<keyof MediaFacts, unknown>;

export const mediaFactsSchema = valueSchema<MediaFacts>(mediaFactsFields);
