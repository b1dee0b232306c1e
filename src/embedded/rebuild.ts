// Makes all indexes and counters of a store anew from its documents, for a store that nobody else uses.
import { dirname } from 'node:path';
import { Engine } from './engine.ts';
import { MongoError } from './errors.ts';
import { fillIndexes } from './index-builder.ts';
import { StorageError } from './storage-error.ts';

/**
 * @throws StorageError when a document cannot be read, or two have the same key in a unique index; the store is then half
 * done and to be thrown away
 */
export async function rebuildIndexes(directory: string): Promise<void> {
  const engine = await Engine.open(directory);
  try {
    // All of the space, for a changed bit may have moved an entry into the range of an index that does not exist.
    await engine.storage.indexes.clearAsync();
    for (const { namespace } of engine.catalogue.list()) {
      await engine.catalogue.transaction(() => {
        const collection = engine.catalogue.get(namespace);
        if (!collection) return;
        const indexes = collection.indexes.map((index) => ({ ...index, multikeyPaths: [], longKeys: false }));
        engine.catalogue.setIndexes(collection, indexes);
        engine.catalogue.recount(collection, fillIndexes(engine, collection, indexes));
      });
    }
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    const advice = error.code === 11000 ? '; remove one of the two documents, then run it again' : '';
    throw new StorageError(
      `the indexes of the database in ${dirname(engine.storage.file)} cannot be made anew: ${error.message}${advice}`,
      { cause: error },
    );
  } finally {
    await engine.close();
  }
}
