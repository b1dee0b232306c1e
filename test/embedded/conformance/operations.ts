// The operations of the format, by the kind of object that they are called on.
import type { AbstractCursor, Db, Document, MongoClient, RunCommandCursor } from 'mongodb';
import type { Operation } from './case-format.ts';
import type { Entities } from './entities.ts';
import { gridfsOperations } from './gridfs-operations.ts';
import { RunnerLacks } from './runner-lacks.ts';
import { runnerOperations } from './runner-operations.ts';

/** @param options the arguments, `session` already the session itself */
export type Run = (entities: Entities, object: string, options: Document) => unknown;

export async function perform(operation: Operation, entities: Entities): Promise<unknown> {
  const { name, object } = operation;
  const run = operationOf(operation, entities);
  if (!run) throw new RunnerLacks(`${name} on ${object}`);
  return await run(entities, object, argumentsOf(operation, entities));
}

function operationOf({ name, object }: Operation, entities: Entities): Run | undefined {
  if (object === 'testRunner') return runnerOperations[name];
  const kind = kindOf(entities.get(object));
  return OPERATIONS[kind]?.[name] ?? OPERATIONS.any?.[name];
}

function argumentsOf({ object, arguments: given = {} }: Operation, entities: Entities): Document {
  if (object === 'testRunner' || typeof given.session !== 'string') return { ...given };
  return { ...given, session: entities.session(given.session) };
}

function kindOf(entity: unknown): string {
  const kind = (entity as object).constructor.name;
  return kind.endsWith('Cursor') ? 'cursor' : kind;
}

const after = ({ returnDocument, ...options }: Document) => ({
  ...options,
  ...(returnDocument && { returnDocument: returnDocument.toLowerCase() }),
});

/** The command is to be sent now, the cursor not to be moved. */
async function started<C extends AbstractCursor>(cursor: C): Promise<C> {
  await cursor.hasNext();
  return cursor;
}

const collectionOperations: Record<string, Run> = {
  aggregate: (e, id, { pipeline, ...options }) => e.collection(id).aggregate(pipeline, options).toArray(),
  bulkWrite: (e, id, { requests, ...options }) => e.collection(id).bulkWrite(requests, options),
  count: (e, id, { filter, ...options }) => e.collection(id).count(filter, options),
  countDocuments: (e, id, { filter, ...options }) => e.collection(id).countDocuments(filter, options),
  createFindCursor: (e, id, { filter, ...options }) => started(e.collection(id).find(filter, options)),
  createIndex: (e, id, { keys, ...options }) => e.collection(id).createIndex(keys, options),
  createChangeStream: (e, id, { pipeline, ...options }) =>
    started(e.collection(id).watch(pipeline, options) as never),
  createSearchIndex: (e, id, { model }) => e.collection(id).createSearchIndex(model),
  createSearchIndexes: (e, id, { models }) => e.collection(id).createSearchIndexes(models),
  deleteMany: (e, id, { filter, ...options }) => e.collection(id).deleteMany(filter, options),
  deleteOne: (e, id, { filter, ...options }) => e.collection(id).deleteOne(filter, options),
  distinct: (e, id, { fieldName, filter = {}, ...options }) =>
    e.collection(id).distinct(fieldName, filter, options),
  drop: (e, id, options) => e.collection(id).drop(options),
  dropIndex: (e, id, { name, ...options }) => e.collection(id).dropIndex(name, options),
  dropIndexes: (e, id, options) => e.collection(id).dropIndexes(options),
  dropSearchIndex: (e, id, { name }) => e.collection(id).dropSearchIndex(name),
  estimatedDocumentCount: (e, id, options) => e.collection(id).estimatedDocumentCount(options),
  find: (e, id, { filter, ...options }) => e.collection(id).find(filter, options).toArray(),
  findOne: (e, id, { filter, ...options }) => e.collection(id).findOne(filter, options),
  findOneAndDelete: (e, id, { filter, ...options }) =>
    e.collection(id).findOneAndDelete(filter, after(options)),
  findOneAndReplace: (e, id, { filter, replacement, ...options }) =>
    e.collection(id).findOneAndReplace(filter, replacement, after(options)),
  findOneAndUpdate: (e, id, { filter, update, ...options }) =>
    e.collection(id).findOneAndUpdate(filter, update, after(options)),
  insertMany: (e, id, { documents, ...options }) => e.collection(id).insertMany(documents, options),
  insertOne: (e, id, { document, ...options }) => e.collection(id).insertOne(document, options),
  listIndexes: (e, id, options) => e.collection(id).listIndexes(options).toArray(),
  listIndexNames: async (e, id, options) => (await e.collection(id).indexes(options)).map(({ name }) => name),
  listSearchIndexes: (e, id, { name, aggregationOptions }) =>
    e.collection(id).listSearchIndexes(name, aggregationOptions).toArray(),
  rename: (e, id, { to, ...options }) => e.collection(id).rename(to, options),
  replaceOne: (e, id, { filter, replacement, ...options }) =>
    e.collection(id).replaceOne(filter, replacement, options),
  updateMany: (e, id, { filter, update, ...options }) => e.collection(id).updateMany(filter, update, options),
  updateOne: (e, id, { filter, update, ...options }) => e.collection(id).updateOne(filter, update, options),
  updateSearchIndex: (e, id, { name, definition }) => e.collection(id).updateSearchIndex(name, definition),
};

/** Options of the later getMore commands are set on the cursor. */
function commandCursor(
  database: Db,
  { command, commandName: _, batchSize, maxTimeMS, comment, ...options }: Document,
): RunCommandCursor {
  const cursor = database.runCursorCommand(command, options);
  if (batchSize !== undefined) cursor.setBatchSize(batchSize);
  if (maxTimeMS !== undefined) cursor.setMaxTimeMS(maxTimeMS);
  if (comment !== undefined) cursor.setComment(comment);
  return cursor;
}

const databaseOperations: Record<string, Run> = {
  aggregate: (e, id, { pipeline, ...options }) => e.database(id).aggregate(pipeline, options).toArray(),
  createChangeStream: (e, id, { pipeline, ...options }) =>
    started(e.database(id).watch(pipeline, options) as never),
  createCollection: (e, id, { collection, ...options }) =>
    e.database(id).createCollection(collection, options),
  createCommandCursor: (e, id, options) => started(commandCursor(e.database(id), options)),
  dropCollection: (e, id, { collection, ...options }) => e.database(id).dropCollection(collection, options),
  listCollections: (e, id, { filter, ...options }) =>
    e.database(id).listCollections(filter, options).toArray(),
  listCollectionNames: async (e, id, { filter, ...options }) =>
    (
      await e
        .database(id)
        .listCollections(filter, { ...options, nameOnly: true })
        .toArray()
    ).map(({ name }) => name),
  modifyCollection: (e, id, { collection, ...options }) =>
    e.database(id).command({ collMod: collection, ...options }),
  runCommand: (e, id, { command, commandName: _, ...options }) => e.database(id).command(command, options),
  runCursorCommand: (e, id, options) => commandCursor(e.database(id), options).toArray(),
};

const databasesOf = async (client: MongoClient, options: Document) =>
  (await client.db('admin').admin().listDatabases(options)).databases;

const clientOperations: Record<string, Run> = {
  createChangeStream: (e, id, { pipeline, ...options }) =>
    started(e.client(id).watch(pipeline, options) as never),
  listDatabases: (e, id, options) => databasesOf(e.client(id), options),
  listDatabaseNames: async (e, id, options) =>
    (await databasesOf(e.client(id), { ...options, nameOnly: true })).map(({ name }) => name),
};

const cursorOf = (e: Entities, id: string) => e.get(id) as AbstractCursor;

const OPERATIONS: Record<string, Record<string, Run>> = {
  Collection: collectionOperations,
  Db: databaseOperations,
  MongoClient: clientOperations,
  ClientSession: { endSession: (e, id) => e.session(id).endSession() },
  GridFSBucket: gridfsOperations,
  cursor: {
    iterateUntilDocumentOrError: (e, id) => cursorOf(e, id).next(),
    iterateOnce: (e, id) => cursorOf(e, id).tryNext(),
  },
  any: { close: (e, id) => (e.get(id) as MongoClient).close() },
};
