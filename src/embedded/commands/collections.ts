// create, drop, renameCollection, listCollections, listDatabases, dropDatabase.
import { describeValue } from '../bson/describe.ts';
import type { Document } from '../bson/types.ts';
import {
  booleanField,
  type Command,
  documentField,
  namespaceOf,
  refuseUnknownFields,
  stringField,
} from '../command.ts';
import { badValue, MongoError } from '../errors.ts';
import { samePattern } from '../hint.ts';
import { dropCollection, listedIndex } from '../index-builder.ts';
import type { CollectionInfo } from '../index-info.ts';
import { compileFilter } from '../matcher.ts';
import { completeCollation } from '../order.ts';
import { ArraySource } from '../result-sources.ts';
import { REFUSED_KINDS, refuseKinds } from './collection-kinds.ts';
import { firstBatch } from './find.ts';
import { cursorBatchSize } from './indexes.ts';

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
    const named = documentField(request, 'collation');
    const collation = named && completeCollation(named);
    return engine.catalogue.transaction((): Document => {
      const there = engine.catalogue.get(namespace);
      if (there) checkSameOptions(there, collation);
      else engine.catalogue.create(namespace, collation ? { collation } : {});
      return {};
    });
  },
};

/** Since version 7.0 a collection that is there already with the same options counts as made. */
function checkSameOptions(
  { namespace, uuid, options }: CollectionInfo,
  collation: Document | undefined,
): void {
  if (describeValue(options.collation) === describeValue(collation)) return;
  const stored = options.collation ? `, collation: ${describeValue(options.collation)}` : '';
  throw new MongoError(
    48,
    `namespace ${namespace} already exists, but with different options: { uuid: UUID("${uuid}")${stored} }`,
  );
}

/** What copies of collections say of the index that every collection has. */
function checkIdIndex(index: Document): void {
  refuseUnknownFields(index, ID_INDEX_FIELDS, 'create.idIndex');
  if (!samePattern({ _id: 1 }, index.key)) throw badValue('The field idIndex must be an index on _id');
}
const ID_INDEX_FIELDS = new Set(['key', 'name', 'v', 'ns']);

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
