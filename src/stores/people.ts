/** People and their roles in the database. */
import type mongoose from 'mongoose';
import type { PeopleStore } from '../core/stores.ts';
import type { Person } from '../core/words.ts';
import { isDuplicateKey } from '../lib/duplicate-key.ts';
import { collectionSchema, modelOf, plain } from './schema.ts';

interface PersonDocument extends Person {
  /** Workspace and identity: somebody is in a workspace once. */
  readonly _id: string;
}

const schema = collectionSchema<PersonDocument>({
  _id: String,
  identity: String,
  workspaceId: String,
  role: String,
  name: String,
  addedAt: Date,
  addedBy: String,
});
schema.index({ identity: 1, addedAt: 1 });
schema.index({ workspaceId: 1, addedAt: 1 });

const keyOf = (workspaceId: string, identity: string): string => `${workspaceId}/${identity}`;

function toPerson(document: PersonDocument): Person {
  // A person is known by identity and workspace; the joined key is ours alone.
  const { id: _key, ...person } = plain<Person & { id: string }>(document);
  return Object.freeze(person);
}

/** The people store of a connection. */
export function peopleStore(connection: mongoose.Connection): PeopleStore {
  const model = modelOf(connection, 'Person', schema, 'people');

  return {
    async find(identity) {
      const found = await model.find({ identity }).sort({ addedAt: 1 }).lean<PersonDocument[]>();
      return found.map(toPerson);
    },

    async findIn(workspaceId, identity) {
      const found = await model.findOne({ _id: keyOf(workspaceId, identity) }).lean<PersonDocument>();
      return found ? toPerson(found) : undefined;
    },

    async list(workspaceId) {
      const found = await model.find({ workspaceId }).sort({ addedAt: 1 }).lean<PersonDocument[]>();
      return found.map(toPerson);
    },

    async put(person) {
      const _id = keyOf(person.workspaceId, person.identity);
      const { name, role, addedAt, ...onInsert } = person;
      // Ownership is taken away by changeRole alone, which keeps the last owner: so an owner is not matched here.
      const filter: mongoose.QueryFilter<PersonDocument> =
        role === 'owner' ? { _id } : { _id, role: { $ne: 'owner' } };
      const update = { $set: { name, role }, $setOnInsert: { ...onInsert, addedAt } };
      try {
        await model.updateOne(filter, update, { upsert: true });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // An owner, or somebody who was added at this very moment: only what can do no harm is rewritten.
        await model.updateOne({ _id }, { $set: { name } });
      }
    },

    /**
     * Keeping an owner without transactions: write first, look afterwards, undo when nobody is left. Every demotion looks
     * after its own write, so of several at once the last to look sees them all; none can end with no owner. Two owners
     * who demote each other in the same instant may both be refused, which is the safe way to be wrong. A removed owner
     * is a viewer until the look is done, so that a crash in between loses nobody.
     */
    async changeRole(workspaceId, identity, role) {
      const _id = keyOf(workspaceId, identity);
      const before = await model
        .findOneAndUpdate({ _id }, { $set: { role: role ?? 'viewer' } }, { returnDocument: 'before' })
        .lean<PersonDocument>();
      if (before === null) return 'unknown';
      if (before.role === 'owner' && role !== 'owner') {
        const other = await model.exists({ workspaceId, role: 'owner' });
        if (other === null) {
          await model.updateOne({ _id }, { $set: { role: 'owner' } });
          return 'last owner';
        }
      }
      if (role === null) await model.deleteOne({ _id, role: 'viewer' });
      return 'done';
    },
  };
}
