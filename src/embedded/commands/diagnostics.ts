// serverStatus, dbStats, collStats, validate and what shells ask besides: true numbers of this store.

import { statfsSync } from 'node:fs';
import { hostname, platform, release } from 'node:os';
import { dirname } from 'node:path';
import { lastBackup } from '../backup-note.ts';
import type { Document } from '../bson/types.ts';
import { booleanField, type Command, type CommandRequest, namespaceOf, numberField } from '../command.ts';
import type { Engine } from '../engine.ts';
import { notSupported } from '../errors.ts';
import type { CollectionInfo, IndexInfo } from '../index-info.ts';
import { wholeStoredRange } from '../record-keys.ts';
import { validateCollection } from '../validation.ts';
import { existing } from './indexes.ts';

export const serverStatus: Command = {
  name: 'serverStatus',
  // Sections that a client switches off or on; all are small and always sent.
  fields: [
    'repl',
    'metrics',
    'locks',
    'tcmalloc',
    'opLatencies',
    'wiredTiger',
    'sharding',
    'transactions',
    'logicalSessionRecordCache',
    'mirroredReads',
  ],
  run({ engine }) {
    const { counters } = engine;
    const uptimeMillis = Math.round(performance.now() - engine.startedAt);
    const memory = process.memoryUsage();
    return {
      host: hostname(),
      version: '7.0.0',
      process: 'embedded',
      pid: process.pid,
      uptime: uptimeMillis / 1000,
      uptimeMillis,
      localTime: new Date(),
      connections: { current: counters.connections, totalCreated: counters.connectionsCreated },
      opcounters: {
        insert: counters.inserted,
        query: counters.queries,
        update: counters.updated,
        delete: counters.deleted,
        getmore: counters.getMores,
        command: counters.commands,
      },
      mem: { bits: 64, resident: Math.round(memory.rss / 1024 / 1024) },
      metrics: { cursor: { open: { total: engine.cursors.open }, timedOut: engine.cursors.timedOut } },
      storageEngine: { name: 'lmdb', persistent: true },
      lmdb: {
        ...engine.storage.statistics(),
        lastBackup: lastBackup(dirname(engine.storage.file)) ?? null,
        lastCheck: engine.lastCheck ?? null,
      },
    };
  },
};

export const dbStats: Command = {
  name: 'dbStats',
  fields: ['scale'],
  run(request) {
    const { engine, database } = request;
    const scale = numberField(request, 'scale', 1) ?? 1;
    const collections = engine.catalogue.list(database);
    const sum = (value: (collection: CollectionInfo) => number) =>
      collections.reduce((total, collection) => total + value(collection), 0);
    const objects = sum((collection) => collection.count);
    const dataSize = sum((collection) => collection.bytes);
    const indexSize = sum((collection) => totalIndexSize(engine, collection));
    const { blocks, bsize, bfree } = statfsSync(dirname(engine.storage.file));
    return {
      db: database,
      collections: collections.length,
      views: 0,
      objects,
      avgObjSize: objects > 0 ? dataSize / objects : 0,
      dataSize: dataSize / scale,
      storageSize: dataSize / scale,
      indexes: sum((collection) => collection.indexes.length),
      indexSize: indexSize / scale,
      totalSize: (dataSize + indexSize) / scale,
      scaleFactor: scale,
      fsUsedSize: ((blocks - bfree) * bsize) / scale,
      fsTotalSize: (blocks * bsize) / scale,
    };
  },
};

export const collStats: Command = {
  name: 'collStats',
  fields: ['scale'],
  run(request) {
    const { engine } = request;
    const scale = numberField(request, 'scale', 1) ?? 1;
    const namespace = namespaceOf(request);
    const collection = engine.catalogue.get(namespace);
    if (!collection)
      return {
        ns: namespace,
        size: 0,
        count: 0,
        storageSize: 0,
        nindexes: 0,
        totalIndexSize: 0,
        indexSizes: {},
        scaleFactor: scale,
      };
    const sizes = collection.indexes.map((index) => [index.name, indexSize(engine, index) / scale] as const);
    return {
      ns: namespace,
      size: collection.bytes / scale,
      count: collection.count,
      ...(collection.count > 0 ? { avgObjSize: Math.round(collection.bytes / collection.count) } : {}),
      storageSize: collection.bytes / scale,
      capped: false,
      nindexes: collection.indexes.length,
      totalIndexSize: totalIndexSize(engine, collection) / scale,
      indexSizes: Object.fromEntries(sizes),
      scaleFactor: scale,
    };
  },
};

function totalIndexSize(engine: Engine, collection: CollectionInfo): number {
  return collection.indexes.reduce((total, index) => total + indexSize(engine, index), 0);
}

/** Indexes share one tree of pages, so each has its share by its number of entries. */
function indexSize(engine: Engine, index: IndexInfo): number {
  const { bytes, entries } = engine.storage.statistics().indexes;
  return entries === 0
    ? 0
    : Math.round((bytes * engine.storage.indexes.getKeysCount(wholeStoredRange(index.number))) / entries);
}

export const validate: Command = {
  name: 'validate',
  fields: ['full', 'repair', 'metadata', 'background', 'checkBSONConformance'],
  run(request: CommandRequest): Document {
    // The whole of the collection is always read; what would look at less or change something is refused.
    for (const option of ['repair', 'metadata', 'background', 'checkBSONConformance'])
      if (booleanField(request, option)) throw notSupported(`validate with ${option}`, 72);
    const namespace = namespaceOf(request);
    const collection = existing(request, namespace);
    const report = validateCollection(request.engine.storage, namespace);
    return {
      ns: namespace,
      nrecords: report.documents,
      nIndexes: collection.indexes.length,
      keysPerIndex: report.keys,
      valid: report.faults.length === 0,
      errors: report.faults.map(({ text }) => text),
      warnings: [],
    };
  },
};

export const hostInfo: Command = {
  name: 'hostInfo',
  fields: [],
  run: () => ({
    system: { currentTime: new Date(), hostname: hostname(), cpuAddrSize: 64 },
    os: { type: platform(), name: platform(), version: release() },
    extra: {},
  }),
};

export const getCmdLineOpts: Command = {
  name: 'getCmdLineOpts',
  fields: [],
  run: () => ({ argv: [], parsed: {} }),
};
