/** Workspaces in the database. */
import type mongoose from 'mongoose';
import type { WorkspaceStore } from '../core/stores.ts';
import type { Workspace } from '../core/words.ts';
import { isDuplicateKey } from '../lib/duplicate-key.ts';
import { collectionSchema, modelOf, plain } from './schema.ts';

interface WorkspaceDocument extends Omit<Workspace, 'id'> {
  readonly _id: string;
  /** True for the first workspace alone; a unique index makes sure that there is one. */
  readonly first?: true;
}

const schema = collectionSchema<WorkspaceDocument>({
  _id: String,
  name: String,
  timeZone: String,
  locale: String,
  defaultTargets: [String],
  conversations: [String],
  claimCode: String,
  createdAt: Date,
  first: Boolean,
});
schema.index({ first: 1 }, { unique: true, sparse: true });
schema.index({ conversations: 1 });

const toWorkspace = (document: WorkspaceDocument): Workspace => plain(document, ['first']);

/** The workspace store of a connection. */
export function workspaceStore(connection: mongoose.Connection): WorkspaceStore {
  const model = modelOf(connection, 'Workspace', schema, 'workspaces');

  const findFirst = async (): Promise<Workspace | undefined> => {
    const document = await model.findOne({ first: true }).lean<WorkspaceDocument>();
    return document ? toWorkspace(document) : undefined;
  };

  return {
    async ensureFirst(make) {
      const known = await findFirst();
      if (known !== undefined) return known;
      const { id, ...fields } = make();
      try {
        await model.create([{ _id: id, ...fields, first: true }]);
      } catch (error) {
        // Another process was faster: its workspace is the first one.
        if (!isDuplicateKey(error)) throw error;
      }
      const first = await findFirst();
      if (first === undefined)
        throw new Error(`The workspace id ${id} is taken by one that is not the first.`);
      return first;
    },

    async find(id) {
      const document = await model.findOne({ _id: id }).lean<WorkspaceDocument>();
      return document ? toWorkspace(document) : undefined;
    },

    async ofConversation(keys) {
      const documents = await model.find({ conversations: { $in: [...keys] } }).lean<WorkspaceDocument[]>();
      // The order of the keys decides: a thread's own membership comes before the one of its channel.
      for (const key of keys) {
        const owner = documents.find((document) => document.conversations.includes(key));
        if (owner !== undefined) return toWorkspace(owner);
      }
      return undefined;
    },

    async attachConversation(id, key) {
      // Two steps without a transaction: in between, the conversation belongs nowhere, which is safe.
      await model.updateMany({ _id: { $ne: id }, conversations: key }, { $pull: { conversations: key } });
      await model.updateOne({ _id: id }, { $addToSet: { conversations: key } });
    },

    async renameConversation(oldKey, newKey) {
      // First the new key, then without the old one: a crash in between leaves both, never none.
      await model.updateMany({ conversations: oldKey }, { $addToSet: { conversations: newKey } });
      await model.updateMany({ conversations: oldKey }, { $pull: { conversations: oldKey } });
    },

    async change(id, patch) {
      const document = await model
        .findOneAndUpdate({ _id: id }, { $set: patch }, { returnDocument: 'after' })
        .lean<WorkspaceDocument>();
      return document ? toWorkspace(document) : undefined;
    },

    async spendClaimCode(id, code) {
      const result = await model.updateOne({ _id: id, claimCode: code }, { $unset: { claimCode: true } });
      return result.modifiedCount === 1;
    },

    async setClaimCode(id, code) {
      await model.updateOne({ _id: id }, { $set: { claimCode: code } });
    },
  };
}
