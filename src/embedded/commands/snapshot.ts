// embeddedSnapshot: a consistent copy of the whole store, for a backup while it runs. MongoDB has no such command.
import type { Document } from '../bson/types.ts';
import type { Command } from '../command.ts';
import type { Engine } from '../engine.ts';
import { MongoError } from '../errors.ts';
import { takeSnapshot } from '../snapshots.ts';
import { StorageError } from '../storage-error.ts';

/** Each copy needs the room of the store again: one at a time. */
const copying = new WeakSet<Engine>();

export const embeddedSnapshot: Command = {
  name: 'embeddedSnapshot',
  fields: [],
  async run({ engine, database }): Promise<Document> {
    if (database !== 'admin')
      throw new MongoError(13, 'embeddedSnapshot may only be run against the admin database.');
    if (copying.has(engine))
      throw new MongoError(117, 'another snapshot is being made; try again when it is done');
    copying.add(engine);
    try {
      return { ...(await takeSnapshot(engine.storage)) };
    } catch (error) {
      if (error instanceof StorageError) throw new MongoError(1, error.message, { cause: error });
      throw error;
    } finally {
      copying.delete(engine);
    }
  },
};
