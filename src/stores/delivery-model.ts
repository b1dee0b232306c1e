/** How deliveries lie in the database; shared by the files of the delivery store alone. */
import type mongoose from 'mongoose';
import type { Attempt, Delivery, DeliveryState, Intent, PublishedPart } from '../core/words.ts';
import { collectionSchema, modelOf, plain, valueSchema } from './schema.ts';
import { anyJson, leaseSchema, recordedErrorSchema } from './values.ts';

export interface DeliveryDocument extends Omit<Delivery, 'id'> {
  readonly _id: string;
  /** Marks the write that touched the document last, so that a bulk that met fewer documents than it has writes can tell which. */
  readonly stamp?: string;
}

export type DeliveryModel = mongoose.Model<DeliveryDocument>;

/** States in which something goes on by itself as long as there is a next attempt. */
export const OPEN_STATES: readonly DeliveryState[] = ['scheduled', 'publishing', 'processing', 'uncertain'];

/** The numbers of core/words.ts. Named in each query of what is due, since the index begins with them. */
export const PRIORITIES: number[] = [2, 1, 0];

/** Before every instant that is stored: a range from here finds dates and nothing absent. */
export const BEGINNING = new Date(0);

const attemptSchema = valueSchema<Attempt>({
  id: String,
  startedAt: Date,
  endedAt: Date,
  outcome: String,
  intent: valueSchema<Intent>({
    text: String,
    link: String,
    mediaCount: Number,
    format: String,
    part: valueSchema<NonNullable<Intent['part']>>({ number: Number, of: Number }),
  }),
  remoteId: String,
  error: recordedErrorSchema,
});

const schema = collectionSchema<DeliveryDocument>({
  _id: String,
  workspaceId: String,
  postId: String,
  accountId: String,
  network: String,
  state: String,
  dueAt: Date,
  nextAttemptAt: Date,
  priority: Number,
  confirmedAt: Date,
  lease: leaseSchema,
  failures: Number,
  looks: Number,
  checkpoint: anyJson,
  preparingSince: Date,
  attempts: [attemptSchema],
  // Without this default Mongoose gives every delivery a thread of no parts.
  parts: {
    type: [valueSchema<PublishedPart>({ id: String, url: String, text: String })],
    default: undefined,
  },
  remoteId: String,
  remoteUrl: String,
  remark: String,
  error: recordedErrorSchema,
  progress: String,
  settledAt: Date,
  createdAt: Date,
  updatedAt: Date,
  stamp: String,
});

// The claim, the next instant, what is overdue. Finished deliveries have no next attempt and stay out of the index, so
// years of history cost the claim nothing. Equal instants are in the order of ids, which begin with the post's: the
// accounts of a post come up side by side. `accountId` lets MongoDB pass over held accounts without their documents.
schema.index(
  { priority: -1, nextAttemptAt: 1, _id: 1, accountId: 1 },
  { partialFilterExpression: { nextAttemptAt: { $exists: true } } },
);
schema.index({ postId: 1 });
// Postponing, parking and unparking of an account.
schema.index({ accountId: 1, state: 1, nextAttemptAt: 1 });
// What went out of an account in a stretch of time; entered once, when it is settled.
schema.index(
  { accountId: 1, state: 1, settledAt: 1 },
  { partialFilterExpression: { settledAt: { $exists: true } } },
);
// Whose post something of the network is; entered once, when it is published.
schema.index({ remoteId: 1 }, { partialFilterExpression: { remoteId: { $exists: true } } });

export function deliveryModel(connection: mongoose.Connection): DeliveryModel {
  return modelOf(connection, 'Delivery', schema, 'deliveries');
}

export const toDelivery = (document: DeliveryDocument): Delivery => plain(document, ['stamp']);
