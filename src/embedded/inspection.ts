// Reads a whole store that nobody uses and says what it holds, or what is wrong with it.
import { Engine } from './engine.ts';
import { StorageError } from './storage-error.ts';
import { validateCollection } from './validation.ts';

export interface InspectedCollection {
  namespace: string;
  documents: number;
  /** Sum of the documents' BSON sizes. */
  bytes: number;
  indexes: number;
}

/** Faults that a message lists; the rest is counted. */
const FAULTS_TOLD = 3;

/**
 * Compares every document with every index and counter. The caller sees to it that nobody has the directory open. A store
 * of an older format is brought to the present one by this.
 * @param onCollection told of each collection when it was read
 * @throws StorageError when it cannot be opened or does not agree with itself
 */
export async function inspectDatabase(
  directory: string,
  onCollection: (collection: InspectedCollection) => void = () => undefined,
): Promise<InspectedCollection[]> {
  const engine = await Engine.open(directory);
  try {
    return engine.catalogue.list().map((collection) => {
      const { namespace, indexes } = collection;
      const { documents, bytes, errors } = validateCollection(engine, collection);
      if (errors.length > 0) {
        const more = errors.length > FAULTS_TOLD ? ` and ${errors.length - FAULTS_TOLD} more` : '';
        throw new StorageError(
          `${engine.storage.file} is damaged in ${namespace}: ${errors.slice(0, FAULTS_TOLD).join('; ')}${more}. ` +
            'An index is made anew as "How to mend" in docs/embedded.md says; for anything else restore a backup',
        );
      }
      const inspected = { namespace, documents, bytes, indexes: indexes.length };
      onCollection(inspected);
      return inspected;
    });
  } finally {
    await engine.close();
  }
}
