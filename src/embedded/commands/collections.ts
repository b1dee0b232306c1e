// create, drop, renameCollection, collMod, listCollections, listDatabases, dropDatabase.
import { type Document, isDocument } from '../bson/types.ts';
import {
  booleanField,
  type Command,
  documentField,
  namespaceOf,
  refuseUnknownFields,
  stringField,
  toBoolean,
  toNumber,
} from '../command.ts';
import { badValue, MongoError, notSupported, typeMismatch } from '../errors.ts';
import { samePattern } from '../hint.ts';
import { dropCollection, findIndex, listedIndex } from '../index-builder.ts';
import type { CollectionInfo } from '../index-info.ts';
import { compileFilter } from '../matcher.ts';
import { parseCollation } from '../order.ts';
import { ArraySource } from '../result-sources.ts';
import { firstBatch } from './find.ts';
import { cursorBatchSize, existing } from './indexes.ts';

/** What a collection may be in MongoDB and is not here, in the words of the refusal. */
const REFUSED_KINDS: Readonly<Record<string, string>> = {
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

export const create: Command = {
  name: 'create',
  fields: [
    ...Object.keys(REFUSED_KINDS),
    'collation',
    'autoIndexId',
    'size',
    'max',
    'validationLevel',
    'validationAction',
    'pipeline',
    'idIndex',
  ],
  run(request) {
    const { engine, command } = request;
    const namespace = namespaceOf(request);
    refuseKinds(command);
    const idIndex = documentField(request, 'idIndex');
    if (idIndex) checkIdIndex(idIndex);
    const collation = documentField(request, 'collation');
    const options = collation && parseCollation(collation) ? { collation } : {};
    return engine.catalogue.transaction((): Document => {
      if (engine.catalogue.get(namespace))
        throw new MongoError(48, `Collection ${namespace} already exists.`);
      engine.catalogue.create(namespace, options);
      return {};
    });
  },
};

/** What copies of collections say of the index that every collection has. */
function checkIdIndex(index: Document): void {
  refuseUnknownFields(index, ID_INDEX_FIELDS, 'create.idIndex');
  if (!samePattern({ _id: 1 }, index.key)) throw badValue('The field idIndex must be an index on _id');
}
const ID_INDEX_FIELDS = new Set(['key', 'name', 'v', 'ns']);

/** Without a validator these say nothing, and only what says nothing can be taken. */
const DEFAULTS_OF_VALIDATION = { validationLevel: 'strict', validationAction: 'error' };

function refuseKinds(command: Document): void {
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

export const drop: Command = {
  name: 'drop',
  fields: [],
  run(request) {
    const { engine } = request;
    const namespace = namespaceOf(request);
    return engine.catalogue.transaction((): Document => {
      const collection = engine.catalogue.get(namespace);
      // Since version 7.0 a collection that is not there counts as dropped.
      if (!collection) return {};
      const nIndexesWas = collection.indexes.length;
      dropCollection(engine, collection);
      engine.cursors.killNamespace(namespace);
      return { nIndexesWas, ns: namespace };
    });
  },
};

export const dropDatabase: Command = {
  name: 'dropDatabase',
  fields: [],
  run({ engine, database }) {
    return engine.catalogue.transaction((): Document => {
      const collections = engine.catalogue.list(database);
      for (const collection of collections) dropCollection(engine, collection);
      engine.cursors.killNamespace(`${database}.`);
      return collections.length > 0 ? { dropped: database } : {};
    });
  },
};

export const renameCollection: Command = {
  name: 'renameCollection',
  fields: ['to', 'dropTarget'],
  run(request) {
    const { engine } = request;
    const from = String(request.command.renameCollection);
    const to = stringField(request, 'to');
    if (!to?.includes('.')) throw new MongoError(73, `Invalid target namespace: ${String(to)}`);
    const dropTarget = booleanField(request, 'dropTarget');
    return engine.catalogue.transaction((): Document => {
      const collection = engine.catalogue.get(from);
      if (!collection) throw new MongoError(26, `Source collection ${from} does not exist`);
      if (from === to) throw new MongoError(20, "Can't rename a collection to itself");
      const target = engine.catalogue.get(to);
      if (target && !dropTarget) throw new MongoError(48, 'target namespace exists');
      if (target) dropCollection(engine, target);
      engine.catalogue.rename(collection, to);
      for (const namespace of [from, to]) engine.cursors.killNamespace(namespace);
      return {};
    });
  },
};

const COLL_MOD_INDEX_FIELDS = new Set(['name', 'keyPattern', 'expireAfterSeconds', 'hidden']);

/** collMod changes what can be changed without rewriting: the expiry of a TTL index, and whether an index is hidden. */
export const collMod: Command = {
  name: 'collMod',
  fields: ['index', ...Object.keys(REFUSED_KINDS), 'validationLevel', 'validationAction'],
  run(request) {
    const { engine } = request;
    const namespace = namespaceOf(request);
    refuseKinds(request.command);
    const change = documentField(request, 'index');
    if (!change) return {};
    refuseUnknownFields(change, COLL_MOD_INDEX_FIELDS, 'collMod.index');
    return engine.catalogue.transaction((): Document => {
      const collection = existing(request, namespace);
      const index = findIndex(collection, change.name ?? change.keyPattern);
      const changed = { ...index };
      const reply: Document = {};
      if (change.expireAfterSeconds !== undefined) {
        const seconds = toNumber(change.expireAfterSeconds);
        if (seconds === undefined || !(seconds >= 0))
          throw badValue('expireAfterSeconds must be a number of at least 0');
        if (index.expireAfterSeconds !== undefined) reply.expireAfterSeconds_old = index.expireAfterSeconds;
        reply.expireAfterSeconds_new = seconds;
        changed.expireAfterSeconds = seconds;
      }
      if (change.hidden !== undefined) {
        reply.hidden_old = index.hidden;
        changed.hidden = toBoolean(change.hidden, () => typeMismatch('hidden must be a boolean'));
        reply.hidden_new = changed.hidden;
      }
      engine.catalogue.setIndexes(
        collection,
        collection.indexes.map((other) => (other === index ? changed : other)),
      );
      return reply;
    });
  },
};

export const listCollections: Command = {
  name: 'listCollections',
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run(request) {
    const matches = compileFilter(documentField(request, 'filter') ?? {});
    const nameOnly = booleanField(request, 'nameOnly');
    const listed = request.engine.catalogue
      .list(request.database)
      .map(describeCollection)
      .filter(matches)
      .map((collection) => (nameOnly ? { name: collection.name, type: collection.type } : collection));
    return firstBatch(
      request,
      `${request.database}.$cmd.listCollections`,
      new ArraySource(listed),
      false,
      cursorBatchSize(request),
    );
  },
};

function describeCollection(collection: CollectionInfo): Document {
  const [idIndex] = collection.indexes;
  return {
    name: collection.name,
    type: 'collection',
    options: collection.options,
    info: { readOnly: false, uuid: collection.uuid },
    idIndex: idIndex ? listedIndex(idIndex) : null,
  };
}

export const listDatabases: Command = {
  name: 'listDatabases',
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run(request) {
    const sizes = new Map<string, number>();
    for (const collection of request.engine.catalogue.list()) {
      sizes.set(collection.database, (sizes.get(collection.database) ?? 0) + collection.bytes);
    }
    const matches = compileFilter(documentField(request, 'filter') ?? {});
    const databases = [...sizes]
      .map(([name, sizeOnDisk]): Document => ({ name, sizeOnDisk, empty: false }))
      .filter(matches)
      .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
    if (booleanField(request, 'nameOnly')) return { databases: databases.map(({ name }) => ({ name })) };
    const totalSize = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 1024 / 1024) };
  },
};
