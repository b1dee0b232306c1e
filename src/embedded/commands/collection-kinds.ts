// What a collection may be in MongoDB and is not here.
import { type Document, isDocument } from '../bson/types.ts';
import { notSupported } from '../errors.ts';

/** Options of create and collMod that make a collection of another kind, in the words of the refusal. */
export const REFUSED_KINDS: Readonly<Record<string, string>> = {
  capped: 'A capped collection',
  validator: 'A validator',
  viewOn: 'A view',
  timeseries: 'A time series collection',
  clusteredIndex: 'A clustered collection',
  changeStreamPreAndPostImages: 'A collection with pre- and post-images',
  encryptedFields: 'An encrypted collection',
  storageEngine: 'A storage engine option',
  indexOptionDefaults: 'An option for all indexes',
  expireAfterSeconds: 'Expiry of a whole collection',
};

/** Without a validator these say nothing, and only what says nothing can be taken. */
const DEFAULTS_OF_VALIDATION = { validationLevel: 'strict', validationAction: 'error' };

/** @throws MongoError 72 */
export function refuseKinds(command: Document): void {
  for (const [field, words] of Object.entries(REFUSED_KINDS)) {
    const value = command[field];
    if (value !== undefined && value !== false && !(isDocument(value) && Object.keys(value).length === 0))
      throw notSupported(words, 72);
  }
  for (const [field, usual] of Object.entries(DEFAULTS_OF_VALIDATION)) {
    const value = command[field];
    if (value !== undefined && value !== usual) throw notSupported(`${field}: ${String(value)}`, 72);
  }
  for (const field of ['size', 'max'])
    if (command[field] !== undefined) throw notSupported(`The option ${field} of capped collections`, 72);
  if (command.pipeline !== undefined) throw notSupported('The pipeline of a view', 72);
  if (command.autoIndexId === false) throw notSupported('A collection without an index on _id', 72);
}
