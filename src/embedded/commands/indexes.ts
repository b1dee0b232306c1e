// createIndexes, listIndexes, dropIndexes.
import { type Document, isDocument } from '../bson/types.ts';
import {
  arrayField,
  type Command,
  type CommandRequest,
  missingField,
  namespaceOf,
  toNumber,
} from '../command.ts';
import { badValue, MongoError, notSupported, typeMismatch, unknownName } from '../errors.ts';
import { createIndex, dropIndex, findIndex, listedIndex } from '../index-builder.ts';
import { type CollectionInfo, isIdIndex } from '../index-info.ts';
import { readIndex } from '../index-specification.ts';
import { ArraySource } from '../result-sources.ts';
import { firstBatch } from './find.ts';

export const createIndexes: Command = {
  name: 'createIndexes',
  fields: ['indexes', 'commitQuorum'],
  run(request) {
    const namespace = namespaceOf(request);
    // As a standalone server has it: there is nobody to vote.
    if (request.command.commitQuorum !== undefined) throw notSupported('The option commitQuorum', 2);
    const specs = arrayField(request, 'indexes') ?? [];
    if (specs.length === 0) throw badValue('Must specify at least one index to create');
    const { engine } = request;
    return engine.catalogue.transaction((): Document => {
      const existing = engine.catalogue.get(namespace);
      const collection = existing ?? engine.catalogue.create(namespace);
      const wanted = specs.map((spec) => {
        if (!isDocument(spec)) throw typeMismatch('The elements of the "indexes" array must be objects');
        return readIndex(spec, collection.options.collation);
      });
      const numIndexesBefore = collection.indexes.length;
      let made = 0;
      for (const index of wanted) if (createIndex(engine, collection, index)) made += 1;
      const reply = {
        numIndexesBefore,
        numIndexesAfter: collection.indexes.length,
        createdCollectionAutomatically: !existing,
      };
      return made > 0 ? reply : { ...reply, note: 'all indexes already exist' };
    });
  },
};

export const listIndexes: Command = {
  name: 'listIndexes',
  fields: ['cursor'],
  run(request) {
    const namespace = namespaceOf(request);
    const collection = existing(request, namespace);
    return firstBatch(
      request,
      namespace,
      new ArraySource(collection.indexes.map(listedIndex)),
      false,
      cursorBatchSize(request),
    );
  },
};

export const dropIndexes: Command = {
  name: 'dropIndexes',
  fields: ['index'],
  run(request) {
    const { engine } = request;
    const namespace = namespaceOf(request);
    const named = request.command.index;
    if (named === undefined) throw missingField('dropIndexes.index');
    return engine.catalogue.transaction((): Document => {
      const collection = engine.catalogue.get(namespace);
      if (!collection) throw new MongoError(26, `ns not found ${namespace}`);
      const nIndexesWas = collection.indexes.length;
      const names = Array.isArray(named) ? named : [named];
      const chosen =
        named === '*'
          ? collection.indexes.filter((index) => !isIdIndex(index))
          : names.map((name) => findIndex(collection, name));
      if (chosen.some(isIdIndex)) throw new MongoError(72, 'cannot drop _id index');
      for (const index of chosen) dropIndex(engine, collection, index);
      engine.cursors.killNamespace(namespace);
      return named === '*' ? { nIndexesWas, msg: 'non-_id indexes dropped for collection' } : { nIndexesWas };
    });
  },
};

/** @throws MongoError 26, which GridFS and Mongoose expect for a collection that is not there yet */
export function existing(request: CommandRequest, namespace: string): CollectionInfo {
  const collection = request.engine.catalogue.get(namespace);
  if (!collection) throw new MongoError(26, `ns does not exist: ${namespace}`);
  return collection;
}

/** The batch size of commands that wrap it in a `cursor` document. */
export function cursorBatchSize(request: CommandRequest): number | undefined {
  const { cursor } = request.command;
  if (cursor === undefined) return undefined;
  if (!isDocument(cursor)) throw typeMismatch('cursor field must be missing or an object');
  const unknown = Object.keys(cursor).find((name) => name !== 'batchSize');
  if (unknown !== undefined) throw unknownName(40415, `BSON field 'cursor.${unknown}' is an unknown field`);
  const size = cursor.batchSize === undefined ? undefined : toNumber(cursor.batchSize);
  if (size !== undefined && !(size >= 0))
    throw badValue(`cursor.batchSize must be at least 0, found ${String(cursor.batchSize)}`);
  return size;
}
