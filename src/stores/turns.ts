/** Turns in the database: one small document for each that is taken. */
import type mongoose from 'mongoose';
import type { TurnStore } from '../core/turns.ts';
import { isDuplicateKey } from '../lib/duplicate-key.ts';
import { collectionSchema, modelOf } from './schema.ts';

interface TurnDocument {
  readonly _id: string;
  readonly token: string;
  readonly until: Date;
}

const schema = collectionSchema<TurnDocument>({ _id: String, token: String, until: Date });

/** The turn store of a connection. */
export function turnStore(connection: mongoose.Connection): TurnStore {
  const model = modelOf(connection, 'Turn', schema, 'turns');

  return {
    async take(name, token, now, until) {
      try {
        await model.updateOne(
          { _id: name, until: { $lte: now } },
          { $set: { token, until } },
          { upsert: true },
        );
        return true;
      } catch (error) {
        // There is one that has not ended, so it was not found, and there cannot be a second.
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    async end(name, token) {
      await model.deleteOne({ _id: name, token });
    },
  };
}
