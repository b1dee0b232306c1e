// Every limit refuses with MongoDB's code before memory runs out, and what stays below it works.
import { rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Binary, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aggregate } from '../../src/embedded/aggregator.ts';
import { MAX_STORED_NESTING } from '../../src/embedded/bson/nesting.ts';
import { CursorRegistry } from '../../src/embedded/cursors.ts';
import { MAX_DOCUMENT_BYTES, MAX_MESSAGE_BYTES } from '../../src/embedded/wire.ts';
import { type Running, startForTest, temporaryDirectory } from './harness.ts';

let running: Running;
const db = () => running.client.db('limits');
beforeAll(async () => {
  running = await startForTest();
  const large = db().collection('large');
  // Bytes cost the driver and the store less than a text does, and count as much.
  for (let part = 0; part < 3; part++)
    await large.insertMany(
      Array.from({ length: 4 }, (_, n) => ({ n, bytes: new Binary(Buffer.alloc(9_000_000, n)) })),
    );
});
afterAll(async () => {
  expect(running.faults).toEqual([]);
  await running.stop();
});

function nested(levels: number, innermost = { end: 1 } as Record<string, unknown>): Record<string, unknown> {
  let document = innermost;
  for (let level = 1; level < levels; level++) document = { a: document };
  return document;
}

describe('memory', () => {
  it('of a sort: 292', async () => {
    const large = db().collection('large');
    await expect(large.find({}).sort({ bytes: 1 }).toArray()).rejects.toMatchObject({ code: 292 });
    const first = await large.find({}).sort({ bytes: -1 }).limit(3).project({ n: 1 }).toArray();
    expect(first.map(({ n }) => n)).toEqual([3, 3, 3]);
  });

  it.each([
    ['$sort', [{ $addFields: { x: 1 } }, { $sort: { text: 1 } }]],
    ['$group by a long key', [{ $group: { _id: { n: '$n', text: '$text' } } }]],
    ['$push', [{ $group: { _id: null, all: { $push: '$$ROOT' } } }]],
    ['$addToSet', [{ $group: { _id: null, all: { $addToSet: '$$ROOT' } } }]],
    ['$lastN', [{ $group: { _id: null, all: { $lastN: { input: '$text', n: 2 } } } }]],
    ['$topN', [{ $group: { _id: null, all: { $topN: { output: '$n', sortBy: { n: 1 }, n: 2 } } } }]],
    ['$bucketAuto', [{ $bucketAuto: { groupBy: '$n', buckets: 2 } }]],
    ['$sample', [{ $sample: { size: 3 } }]],
  ])('of %s in a pipeline: 292', (_what, pipeline) => {
    // One string in many documents: it counts for each, and costs the test nothing.
    const text = 'x'.repeat(1_000_000);
    const run = (length: number) =>
      aggregate(pipeline, {
        source: Array.from({ length }, (_, n) => ({ _id: n, n, text })),
        lookup: () => [],
        now: () => new Date(0),
      });
    expect(() => run(110)).toThrow(
      expect.objectContaining({ code: 292, codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed' }),
    );
    expect(run(10).documents.length).toBeGreaterThan(0);
  });

  it.each([
    ['$lookup of all', { $lookup: { from: 'o', pipeline: [], as: 'x' } }, 292],
    [
      '$lookup without an index',
      { $lookup: { from: 'o', localField: 'n', foreignField: 'm', as: 'x' } },
      292,
    ],
    [
      '$graphLookup',
      { $graphLookup: { from: 'o', startWith: '$n', connectFromField: 'm', connectToField: 'm', as: 'x' } },
      40099,
    ],
    [
      '$lookup of documents that it makes',
      {
        $lookup: {
          pipeline: [{ $documents: { $map: { input: { $range: [0, 110] }, in: { text: '$$long' } } } }],
          let: { long: '$text' },
          as: 'x',
        },
      },
      4568,
    ],
    ['what $facet keeps', { $facet: { a: [{ $unionWith: 'o' }, { $sort: { m: 1 } }] } }, 292],
    ['what $facet gives', { $facet: { a: [{ $unionWith: 'o' }] } }, 4031700],
  ])('of %s: MongoDB’s code', (_what, stage, code) => {
    const text = 'x'.repeat(1_000_000);
    let read = 0;
    const others = function* (count: number) {
      for (; read < count; read++) yield { _id: read, m: 1, text };
    };
    const run = (count: number) => {
      read = 0;
      return aggregate([stage], {
        source: [{ _id: 1, n: 1, text: count > 100 ? text : 'x' }],
        lookup: () => others(count),
        now: () => new Date(0),
      }).documents;
    };
    expect(() => run(1_000_000)).toThrow(expect.objectContaining({ code }));
    expect(read).toBeLessThan(200);
    expect(run(10)).toHaveLength(1);
  });

  it('of a $lookup through an index: 4568, and no matter how much other documents have', async () => {
    const lookup = { from: 'large', localField: 'n', foreignField: 'n', as: 'all' };
    const c = db().collection<{ _id: number; n: number[] }>('few');
    await c.insertMany([
      { _id: 1, n: [1] },
      { _id: 2, n: [0, 1, 2, 3] },
    ]);
    await db().collection('large').createIndex({ n: 1 });
    const counted = (_id: number) =>
      c
        .aggregate([{ $match: { _id } }, { $lookup: lookup }, { $project: { count: { $size: '$all' } } }])
        .toArray();
    try {
      expect(await counted(1)).toEqual([{ _id: 1, count: 3 }]);
      await expect(counted(2)).rejects.toMatchObject({ code: 4568 });
      // A client takes no document of more than 16 MB.
      const whole = c.aggregate([{ $match: { _id: 1 } }, { $lookup: lookup }]).toArray();
      await expect(whole).rejects.toMatchObject({ code: 10334, codeName: 'BSONObjectTooLarge' });
    } finally {
      await db().collection('large').dropIndexes();
    }
  });

  it('of a pipeline within $lookup is counted for each document by itself', () => {
    const text = 'x'.repeat(1_000_000);
    const [counted] = aggregate(
      [
        {
          $lookup: {
            from: 'o',
            let: { n: '$n' },
            pipeline: [{ $sort: { text: 1 } }, { $limit: 1 }],
            as: 'x',
          },
        },
        { $count: 'n' },
      ],
      {
        source: Array.from({ length: 30 }, (_, n) => ({ _id: n, n })),
        lookup: () => Array.from({ length: 10 }, (_, n) => ({ _id: n, text })),
        now: () => new Date(0),
      },
    ).documents;
    expect(counted).toEqual({ n: 30 });
  });

  it('of the result of a pipeline: 292', () => {
    const text = 'x'.repeat(1_000_000);
    const source = Array.from({ length: 300 }, (_, n) => ({ _id: n, text }));
    const run = () => aggregate([{ $unset: 'n' }], { source, lookup: () => [], now: () => new Date(0) });
    expect(run).toThrow(expect.objectContaining({ code: 292 }));
  });

  it('is not used up by a pipeline that keeps little of much', async () => {
    const [sum] = await db()
      .collection('large')
      .aggregate([{ $group: { _id: null, n: { $sum: '$n' }, type: { $max: { $type: '$bytes' } } } }])
      .toArray();
    expect(sum).toMatchObject({ n: 18, type: 'binData' });
  });

  it('of cursors: 146', () => {
    const registry = new CursorRegistry();
    const source = { next: () => undefined, finished: false, suspend: () => undefined };
    const add = () =>
      registry.add('d.c', source, {
        pending: undefined,
        session: undefined,
        keepsAlive: false,
        timeLeft: Infinity,
      });
    for (let n = 0; n < 10_000; n++) add();
    expect(add).toThrow(expect.objectContaining({ code: 146 }));
    registry.close();
  });

  it('of a batch: a reply stays below the largest message', async () => {
    const reply = await db().command({ find: 'large', batchSize: 1_000 });
    expect(reply.cursor.firstBatch.length).toBe(1);
    expect(Number(reply.cursor.id)).not.toBe(0);
  });
});

describe('sizes', () => {
  it('of a document: 10334, or 17419 after an update', async () => {
    const c = db().collection<{ _id: number; text: string }>('sizes');
    const most = MAX_DOCUMENT_BYTES - 30;
    await c.insertOne({ _id: 1, text: 'x'.repeat(most) });
    // The driver looks at sizes itself, so the document grows on the server.
    await expect(c.updateOne({ _id: 1 }, { $set: { more: 'y'.repeat(100) } })).rejects.toMatchObject({
      code: 17419,
    });
    const grown = [{ $set: { _id: 2, text: { $concat: ['$text', 'y'.repeat(100)] } } }, { $merge: 'sizes' }];
    await expect(c.aggregate(grown).toArray()).rejects.toMatchObject({ code: 10334 });
    expect(await c.countDocuments()).toBe(1);
  });

  it('of a message, as hello announces it', async () => {
    expect(await db().admin().command({ hello: 1 })).toMatchObject({
      maxBsonObjectSize: MAX_DOCUMENT_BYTES,
      maxMessageSizeBytes: MAX_MESSAGE_BYTES,
      maxWriteBatchSize: 100_000,
    });
  });

  it('of a batch of writes: 16', async () => {
    const deletes = Array.from({ length: 100_001 }, () => ({ q: {}, limit: 1 }));
    await expect(db().command({ delete: 'sizes', deletes })).rejects.toMatchObject({ code: 16 });
  });

  it('of nesting: 15', async () => {
    const c = db().collection('nesting');
    await c.insertOne(nested(MAX_STORED_NESTING));
    await expect(c.insertOne(nested(MAX_STORED_NESTING + 1))).rejects.toMatchObject({ code: 15 });
    await c.insertOne({ _id: 'empty' as never, ...nested(MAX_STORED_NESTING + 1, {}) });
    await c.deleteOne({ _id: 'empty' as never });
    const deep = { $set: { deep: nested(MAX_STORED_NESTING) } };
    await expect(c.updateOne({ a: { $exists: true } }, deep)).rejects.toMatchObject({ code: 15 });
    await expect(c.find(nested(250)).toArray()).rejects.toMatchObject({ code: 15 });
    expect(await c.countDocuments({ a: { $exists: true } })).toBe(1);
  });
});

describe.skipIf(process.platform === 'win32')('who may reach it', () => {
  const mode = (path: string) => statSync(path).mode & 0o777;

  it('by a socket: its owner alone, whatever the umask', async () => {
    const before = process.umask(0);
    const directory = temporaryDirectory();
    const { database, stop } = await startForTest({ directory: `${directory}/data` });
    process.umask(before);
    const socket = decodeURIComponent(new URL(database.uri).host);
    expect(mode(`${directory}/data`)).toBe(0o700);
    expect(mode(dirname(socket))).toBe(0o700);
    expect(mode(`${directory}/data/data.mdb`)).toBe(0o600);
    await stop();
    rmSync(directory, { recursive: true });
  });

  it('by a port: this machine alone', async () => {
    const { database, stop } = await startForTest({ listen: { port: 0 } });
    expect(new URL(database.uri).hostname).toBe('127.0.0.1');
    // Another address of the same machine is another interface to the server.
    const elsewhere = database.uri.replace('127.0.0.1', '127.0.0.2');
    await expect(new MongoClient(elsewhere, { serverSelectionTimeoutMS: 300 }).connect()).rejects.toThrow();
    await stop();
  });
});
