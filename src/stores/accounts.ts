/** Accounts in the database, with the lease that lets one worker at a time publish to an account. */
import type mongoose from 'mongoose';
import { failure } from '../core/errors.ts';
import type { AccountStore } from '../core/stores.ts';
import type { Account, Lease } from '../core/words.ts';
import { isDuplicateKey } from '../lib/duplicate-key.ts';
import { collectionSchema, modelOf, plain, REPLY_MAX, setAndUnset } from './schema.ts';
import { leaseSchema } from './values.ts';

interface AccountDocument extends Omit<Account, 'id'> {
  readonly _id: string;
  /** Who this is on the network: by the network's id, or by handle where there is none. Part of the unique key. */
  readonly profile: string;
  readonly lease?: Lease;
}

const schema = collectionSchema<AccountDocument>({
  _id: String,
  workspaceId: String,
  network: String,
  mode: String,
  profile: String,
  handle: String,
  name: String,
  remoteId: String,
  profileUrl: String,
  source: String,
  active: Boolean,
  health: String,
  healthMessage: String,
  heldUntil: Date,
  holdReason: String,
  createdAt: Date,
  lease: leaseSchema,
});
schema.index({ workspaceId: 1, network: 1, mode: 1, profile: 1 }, { unique: true });

const toAccount = (document: AccountDocument): Account => plain(document, ['profile', 'lease']);

/** Handles differ in case from one answer of a network to the next. */
const profileOf = (account: Account): string =>
  account.remoteId === undefined ? `handle:${account.handle.toLowerCase()}` : `id:${account.remoteId}`;

/** The account store of a connection. */
export function accountStore(connection: mongoose.Connection): AccountStore {
  const model = modelOf(connection, 'Account', schema, 'platform_accounts');

  /** Updates the known account or inserts it; throws on a duplicate key when another process inserts it meanwhile. */
  const upsertOnce = async (account: Account): Promise<Account> => {
    const { id, workspaceId, network, mode, ...fields } = account;
    const { handle, name, remoteId, profileUrl, source, active, ...onInsert } = fields;
    const { $set, $unset } = setAndUnset({
      handle,
      name,
      source,
      active,
      remoteId: remoteId ?? null,
      profileUrl: profileUrl ?? null,
    });
    const document = await model
      .findOneAndUpdate(
        { workspaceId, network, mode, profile: profileOf(account) },
        { $set, $unset, $setOnInsert: { _id: id, ...onInsert } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<AccountDocument>();
    return toAccount(document);
  };

  return {
    async list(workspaceId) {
      const found = await model
        .find({ workspaceId })
        .sort({ network: 1, mode: 1, profile: 1 })
        .lean<AccountDocument[]>();
      return found.map(toAccount);
    },

    async find(workspaceId, id) {
      const found = await model.findOne({ _id: id, workspaceId }).lean<AccountDocument>();
      return found ? toAccount(found) : undefined;
    },

    async findMany(ids) {
      const found = await model
        .find({ _id: { $in: [...ids] } })
        .batchSize(REPLY_MAX)
        .lean<AccountDocument[]>();
      return found.map(toAccount);
    },

    async upsert(account) {
      try {
        return await upsertOnce(account);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      try {
        // Inserted by another process meanwhile: now it is an update.
        return await upsertOnce(account);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        throw failure('Conflict', {
          code: 'BUG',
          message: `The account id ${account.id} belongs to another profile already.`,
          hint: 'Give the account a new id.',
          cause: error,
        });
      }
    },

    async retireOthers(workspaceId, keep) {
      await model.updateMany(
        { workspaceId, active: true, _id: { $nin: [...keep] } },
        { $set: { active: false } },
      );
    },

    async setHealth(id, health, message) {
      await model.updateOne({ _id: id }, setAndUnset({ health, healthMessage: message ?? null }));
    },

    async hold(id, until, reason) {
      // A hold is never shortened: of two answers of a network, the later reset counts.
      await model.updateOne(
        { _id: id, $or: [{ heldUntil: { $exists: false } }, { heldUntil: { $lt: until } }] },
        { $set: { heldUntil: until, holdReason: reason } },
      );
    },

    async acquire(ids, token, now, until) {
      if (ids.length === 0) return new Set();
      const free = [
        { lease: { $exists: false } },
        { 'lease.until': { $lte: now } },
        { 'lease.token': token },
      ];
      await model.updateMany({ _id: { $in: [...ids] }, $or: free }, { $set: { lease: { token, until } } });
      const ours = await model
        .find({ _id: { $in: [...ids] }, 'lease.token': token }, { _id: 1 })
        .batchSize(REPLY_MAX)
        .lean<{ _id: string }[]>();
      return new Set(ours.map((document) => document._id));
    },

    async release(ids, token) {
      if (ids.length === 0) return;
      await model.updateMany({ _id: { $in: [...ids] }, 'lease.token': token }, { $unset: { lease: true } });
    },

    async breakLeases() {
      await model.updateMany({ lease: { $exists: true } }, { $unset: { lease: true } });
    },
  };
}
