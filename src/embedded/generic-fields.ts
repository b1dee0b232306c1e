// Fields that every command may carry: sessions, transactions, concerns, the versioned API. What a standalone server has
// no use for is checked all the same, so that nothing is accepted that would mean something else than it says.
import { type Document, isDocument } from './bson/types.ts';
import { refuseUnknownFields, toNumber } from './command.ts';
import { badValue, MongoError, notSupported, typeMismatch } from './errors.ts';

/** https://github.com/mongodb/specifications (OP_MSG, sessions, versioned API) */
export const GENERIC_FIELDS: ReadonlySet<string> = new Set([
  '$db',
  '$readPreference',
  '$clusterTime',
  'lsid',
  'comment',
  'maxTimeMS',
  'readConcern',
  'writeConcern',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'txnNumber',
  'autocommit',
  'startTransaction',
]);

const READ_CONCERN_LEVELS = new Set(['local', 'available', 'majority', 'linearizable']);
const READ_CONCERN_FIELDS = new Set(['level', 'afterClusterTime', 'atClusterTime', 'provenance']);
const WRITE_CONCERN_FIELDS = new Set(['w', 'j', 'wtimeout', 'fsync', 'provenance']);

/** Commands of version 1 of the API. https://www.mongodb.com/docs/v7.0/reference/stable-api/ */
const STABLE_API = new Set(
  `aggregate collMod count create createIndexes delete drop dropDatabase dropIndexes endSessions explain find findAndModify
  getMore hello insert killCursors listCollections listDatabases listIndexes ping refreshSessions saslContinue saslStart
  update`.split(/\s+/),
);

/** @throws MongoError for what this store cannot do, and for what no standalone server can */
export function checkGenericFields(name: string, command: Document): void {
  if (
    command.txnNumber !== undefined ||
    command.startTransaction !== undefined ||
    command.autocommit !== undefined
  ) {
    // MongoDB's code is 20 here, which the driver turns into a message about retryable writes: the words would be lost.
    throw notSupported('A transaction');
  }
  checkApi(name, command);
  checkReadConcern(command.readConcern);
  checkWriteConcern(command.writeConcern);
}

function checkApi(name: string, { apiVersion, apiStrict, apiDeprecationErrors }: Document): void {
  if (apiVersion === undefined && (apiStrict !== undefined || apiDeprecationErrors !== undefined))
    throw new MongoError(322, 'apiVersion is missing beside apiStrict or apiDeprecationErrors');
  if (apiVersion !== undefined && apiVersion !== '1')
    throw new MongoError(322, `Provided apiVersion "${String(apiVersion)}", possible "1"`);
  if (apiStrict === true && !STABLE_API.has(name))
    throw new MongoError(323, `Provided apiStrict:true, but the command ${name} is not in API Version 1`);
}

function checkReadConcern(concern: unknown): void {
  if (concern === undefined) return;
  if (!isDocument(concern)) throw typeMismatch('readConcern must be an object');
  refuseUnknownFields(concern, READ_CONCERN_FIELDS, 'readConcern');
  const { level } = concern;
  if (level !== undefined && !READ_CONCERN_LEVELS.has(String(level)))
    throw notSupported(`Read concern "${String(level)}"`, 72);
  for (const field of ['afterClusterTime', 'atClusterTime'])
    if (concern[field] !== undefined) throw notSupported(`readConcern.${field}`, 72);
}

/** Every acknowledged write is on disk, so each of the weaker and equal promises is kept. */
function checkWriteConcern(concern: unknown): void {
  if (concern === undefined) return;
  if (!isDocument(concern)) throw typeMismatch('writeConcern must be an object');
  refuseUnknownFields(concern, WRITE_CONCERN_FIELDS, 'writeConcern');
  const { w } = concern;
  if (typeof w === 'string' && w !== 'majority')
    throw badValue("cannot use non-majority 'w' mode when a host is not a member of a replica set");
  if (isDocument(w)) throw notSupported('A write concern by tags', 79);
  const members = toNumber(w);
  if (members !== undefined && members > 1)
    throw badValue(`cannot use 'w' > 1 when a host is not replicated: found w: ${members}`);
}
