// The official driver against the store: create, read, update, delete, bulk, cursors and errors as MongoDB gives them.
import { type Db, Long, type MongoBulkWriteError, MongoServerError, ObjectId } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, startForTest } from './harness.ts';

interface Row {
  _id: number;
  n?: number;
  parity?: number;
  text?: string;
  more?: string;
  a?: number;
  b?: number;
  name?: string;
  seen?: boolean;
  x?: number;
  only?: number;
  z?: number;
}

let running: Running;
let db: Db;
let next = 0;
const loose = () => db.collection(`c${next++}`);
const fresh = () => db.collection<Row>(`c${next++}`);
const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, n) => ({ _id: n, n, parity: n % 2 }));
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as MongoServerError,
  );

beforeAll(async () => {
  running = await startForTest();
  db = running.client.db('test');
});
afterAll(async () => {
  expect(running.faults).toEqual([]);
  await running.stop();
});

describe('insert and find', () => {
  it('gives back what was stored, in natural order, with every bit', async () => {
    const c = loose();
    const { insertedIds } = await c.insertMany([
      { a: 1 },
      { a: 2, when: new Date(5) },
      { a: 3, big: Long.fromString('9007199254740993') },
    ]);
    expect(insertedIds[0]).toBeInstanceOf(ObjectId);
    const all = await c.find({}, { promoteLongs: false }).toArray();
    expect(all.map((d) => d.a)).toEqual([1, 2, 3]);
    expect(all[1]?.when).toEqual(new Date(5));
    expect(String(all[2]?.big)).toBe('9007199254740993');
  });

  it('sorts, skips and limits, with and without an index', async () => {
    const c = fresh();
    await c.insertMany(rows(20));
    const query = () =>
      c
        .find({ parity: 0 }, { sort: { n: -1 }, skip: 2, limit: 3 })
        .map((d) => d.n)
        .toArray();
    expect(await query()).toEqual([14, 12, 10]);
    await c.createIndex({ parity: 1, n: 1 });
    expect(await query()).toEqual([14, 12, 10]);
    expect(
      await c
        .find({}, { sort: { $natural: -1 }, limit: 1 })
        .map((d) => d.n)
        .toArray(),
    ).toEqual([19]);
  });

  it('puts _id first and keeps the order of the other fields', async () => {
    const c = fresh();
    await c.insertOne({ z: 1, a: 2, _id: 5 });
    expect(Object.keys((await c.findOne({})) ?? {})).toEqual(['_id', 'z', 'a']);
  });

  it('refuses an _id that MongoDB refuses', async () => {
    expect(await caught(loose().insertOne({ _id: [1] as never }))).toMatchObject({ code: 53 });
    expect(await caught(loose().insertOne({ _id: { $bad: 1 } as never }))).toMatchObject({ code: 52 });
  });

  it('refuses a document of more than 16 MB and takes one just below', async () => {
    const c = fresh();
    await c.insertOne({ _id: 1, text: 'x'.repeat(16 * 1024 * 1024 - 100) });
    expect(await c.countDocuments({})).toBe(1);
    expect(await caught(c.updateOne({ _id: 1 }, { $set: { more: 'y'.repeat(200) } }))).toMatchObject({
      code: 17419,
    });
  });
});

describe('errors', () => {
  it('names the index, the pattern and the values of a duplicate', async () => {
    const c = loose();
    await c.createIndex({ a: 1, b: -1 }, { unique: true });
    await c.insertOne({ a: 1, b: 'x' });
    const error = await caught(c.insertOne({ a: 1, b: 'x' }));
    expect(error).toBeInstanceOf(MongoServerError);
    expect(error).toMatchObject({ code: 11000, keyPattern: { a: 1, b: -1 }, keyValue: { a: 1, b: 'x' } });
    expect(error?.message).toBe(
      `E11000 duplicate key error collection: ${c.namespace} index: a_1_b_-1 dup key: { a: 1, b: "x" }`,
    );
    const again = await caught(c.findOneAndUpdate({ a: 2 }, { $set: { a: 1, b: 'x' } }, { upsert: true }));
    expect(again).toMatchObject({ code: 11000, keyPattern: { a: 1, b: -1 }, keyValue: { a: 1, b: 'x' } });
    expect(again?.message).toMatch(/^Plan executor error during findAndModify :: caused by :: E11000 /);
    // What is wrong with the statement itself is told as it is.
    const unread = await caught(c.findOneAndUpdate({ a: 2 }, { $set: { a: 1, 'a.b': 1 } }));
    expect(unread?.message).toBe("Updating the path 'a.b' would create a conflict at 'a'");
    expect(await c.countDocuments({})).toBe(1);
  });

  it('leaves no trace of a refused document in the other indexes', async () => {
    const c = loose();
    await c.createIndex({ other: 1 });
    await c.createIndex({ name: 1 }, { unique: true });
    await c.insertMany([
      { name: 'a', other: 1 },
      { name: 'b', other: 2 },
    ]);
    await caught(c.insertOne({ name: 'a', other: 3 }));
    await caught(c.updateOne({ name: 'b' }, { $set: { name: 'a', other: 9 } }));
    expect(await db.command({ validate: c.collectionName })).toMatchObject({
      valid: true,
      keysPerIndex: { other_1: 2, name_1: 2 },
    });
    expect(await c.findOne({ other: 9 })).toBeNull();
  });

  it.each([
    ['an unknown command', () => db.command({ frobnicate: 1 }), 59],
    ['an unknown option', () => db.command({ find: 'c', filter: {}, frobnicate: 1 }), 40415],
    [
      'an unknown option of a statement',
      () => db.command({ update: 'c', updates: [{ q: {}, u: { $set: { a: 1 } }, sort: { a: 1 } }] }),
      40415,
    ],
    ['an unknown operator', () => db.collection('c').findOne({ a: { $frobnicate: 1 } } as never), 2],
    ['a capped collection', () => db.createCollection('capped', { capped: true, size: 1000 }), 72],
    ['a validator', () => db.createCollection('valid', { validator: { a: 1 } }), 72],
    ['a view', () => db.createCollection('view', { viewOn: 'c', pipeline: [] }), 72],
    ['a text index', () => db.collection('c').createIndex({ a: 'text' }), 67],
    ['a geo index', () => db.collection('c').createIndex({ a: '2dsphere' }), 67],
    ['a change stream', () => db.collection('c').watch().next(), 40573],
    [
      'read concern snapshot',
      () => db.collection('c').findOne({}, { readConcern: { level: 'snapshot' } }),
      72,
    ],
    ['a tailable cursor', () => db.collection('c').find({}, { tailable: true }).next(), 2],
    ['a hint without an index', () => db.collection('c').find({}, { hint: 'none' }).toArray(), 2],
  ])('refuses %s', async (_what, run, code) => {
    await db.collection('c').insertOne({});
    const error = await caught(run());
    expect(error).toMatchObject({ code });
    if (code !== 2)
      expect(error?.message).toContain('not supported by the embedded database; set MONGODB_URI');
  });

  it('refuses a transaction in words', async () => {
    const session = running.client.startSession();
    const error = await caught(session.withTransaction(() => db.collection('c').insertOne({}, { session })));
    expect(error?.message).toContain('set MONGODB_URI');
    await session.endSession();
  });
});

describe('updates', () => {
  it('counts what was matched, modified and inserted', async () => {
    const c = fresh();
    await c.insertMany(rows(4));
    expect(await c.updateMany({ parity: 0 }, { $set: { parity: 0, seen: true } })).toMatchObject({
      matchedCount: 2,
      modifiedCount: 2,
    });
    expect(await c.updateMany({ parity: 0 }, { $set: { seen: true } })).toMatchObject({
      matchedCount: 2,
      modifiedCount: 0,
    });
    const upsert = await c.updateOne(
      { _id: 50, name: 'new', n: { $gt: 5 } },
      { $set: { a: 1 }, $setOnInsert: { b: 2 } },
      { upsert: true },
    );
    expect(upsert).toMatchObject({ matchedCount: 0, upsertedCount: 1 });
    expect(await c.findOne({ _id: Number(upsert.upsertedId) })).toMatchObject({
      name: 'new',
      a: 1,
      b: 2,
    });
    expect(await c.replaceOne({ _id: 0 }, { only: 1 })).toMatchObject({ modifiedCount: 1 });
    expect(await c.findOne({ _id: 0 })).toEqual({ _id: 0, only: 1 });
    expect(await c.updateOne({ _id: 99 }, { $set: { a: 1 } })).toMatchObject({ matchedCount: 0 });
  });

  it('meets no document twice when an update moves it along its index', async () => {
    const c = fresh();
    await c.createIndex({ n: 1 });
    await c.insertMany(rows(1500));
    expect(await c.updateMany({ n: { $gte: 0 } }, { $inc: { n: 10_000 } })).toMatchObject({
      modifiedCount: 1500,
    });
    expect(await c.countDocuments({ n: { $gte: 20_000 } })).toBe(0);
    expect(await db.command({ validate: c.collectionName })).toMatchObject({ valid: true });
  });

  it('findOneAnd… finds by sort and answers before or after', async () => {
    const c = fresh();
    await c.insertMany(rows(5));
    expect(await c.findOneAndUpdate({ parity: 0 }, { $inc: { n: 100 } }, { sort: { n: -1 } })).toMatchObject({
      _id: 4,
      n: 4,
    });
    expect(
      await c.findOneAndUpdate(
        { parity: 0 },
        { $inc: { n: 1 } },
        { sort: { n: -1 }, returnDocument: 'after' },
      ),
    ).toMatchObject({ _id: 4, n: 105 });
    expect(await c.findOneAndReplace({ _id: 1 }, { x: 1 }, { returnDocument: 'after' })).toEqual({
      _id: 1,
      x: 1,
    });
    expect(await c.findOneAndDelete({ parity: 0 }, { sort: { n: 1 } })).toMatchObject({ _id: 0 });
    expect(await c.findOneAndUpdate({ _id: 77 }, { $set: { a: 1 } })).toBeNull();
    const raw = await c.findOneAndUpdate(
      { _id: 77 },
      { $set: { a: 1 } },
      { upsert: true, includeResultMetadata: true },
    );
    expect(raw).toMatchObject({
      value: null,
      lastErrorObject: { n: 1, updatedExisting: false, upserted: 77 },
    });
  });
});

describe('bulk', () => {
  it('runs mixed operations in order and stops at the first error', async () => {
    const c = fresh();
    await c.insertOne({ _id: 1 });
    const error = (await caught(
      c.bulkWrite([
        { insertOne: { document: { _id: 2 } } },
        { updateOne: { filter: { _id: 1 }, update: { $set: { a: 1 } } } },
        { insertOne: { document: { _id: 2 } } },
        { insertOne: { document: { _id: 3 } } },
      ]),
    )) as unknown as MongoBulkWriteError;
    expect(error.code).toBe(11000);
    expect(error.result).toMatchObject({ insertedCount: 1, modifiedCount: 1 });
    expect(await c.countDocuments({})).toBe(2);
  });

  it('goes on after errors when unordered, and tells each', async () => {
    const c = fresh();
    const error = (await caught(
      c.insertMany([{ _id: 1 }, { _id: 1 }, { _id: 2 }, { _id: 2 }, { _id: 3 }], { ordered: false }),
    )) as unknown as MongoBulkWriteError;
    expect([error.writeErrors].flat().map((entry) => entry.index)).toEqual([1, 3]);
    expect(await c.countDocuments({})).toBe(3);
  });

  it('takes thousands of operations in one call', async () => {
    const c = fresh();
    await c.bulkWrite(Array.from({ length: 1200 }, (_, n) => ({ insertOne: { document: { _id: n } } })));
    const result = await c.bulkWrite(
      Array.from({ length: 1200 }, (_, n) => ({
        updateOne: { filter: { _id: n }, update: { $set: { n } } },
      })),
    );
    expect(result.modifiedCount).toBe(1200);
    expect((await c.deleteMany({ n: { $lt: 700 } })).deletedCount).toBe(700);
    expect(await c.estimatedDocumentCount()).toBe(500);
  });

  it('says nothing to unacknowledged writes, and does them', async () => {
    const c = fresh();
    await c.insertOne({ _id: 1 }, { writeConcern: { w: 0 } });
    await expect.poll(() => c.countDocuments({})).toBe(1);
  });
});

describe('cursors', () => {
  it('reads on in batches while documents come and go', async () => {
    const c = fresh();
    await c.createIndex({ n: 1 });
    await c.insertMany(rows(500));
    const seen: unknown[] = [];
    for await (const row of c.find({ n: { $gte: 0 } }, { batchSize: 50 })) {
      seen.push(row.n);
      if (row.n === 60) await c.deleteMany({ n: { $gte: 100, $lt: 200 } });
    }
    expect(seen).toEqual(
      rows(500)
        .map((row) => row.n)
        .filter((n) => Number(n) < 100 || Number(n) >= 200),
    );
    expect((await db.command({ serverStatus: 1 })).metrics.cursor.open.total).toBe(0);
  });

  it('ends a cursor when it is closed, and when its collection goes', async () => {
    const c = fresh();
    await c.insertMany(rows(300));
    const open = async () => (await db.command({ serverStatus: 1 })).metrics.cursor.open.total as number;
    const closed = c.find({}, { batchSize: 10 });
    await closed.next();
    expect(await open()).toBe(1);
    await closed.close();
    expect(await open()).toBe(0);
    const orphan = c.find({}, { batchSize: 10 });
    await orphan.next();
    await c.drop();
    expect(await caught(orphan.toArray())).toMatchObject({ code: 43 });
  });

  it('fills batches by size and returns every document of a large result', async () => {
    const c = fresh();
    await c.insertMany(Array.from({ length: 26 }, (_, n) => ({ _id: n, text: 'x'.repeat(700_000) })));
    expect(
      await c
        .find({})
        .map((d) => d._id)
        .toArray(),
    ).toEqual(rows(26).map((row) => row.n));
  });
});

describe('indexes and collections', () => {
  it('makes, lists, hides and drops indexes', async () => {
    const c = fresh();
    await c.insertMany(rows(10));
    await c.createIndex({ n: 1 }, { unique: true });
    await c.createIndex({ parity: 1 }, { partialFilterExpression: { n: { $gt: 3 } }, name: 'part' });
    expect(await c.createIndex({ n: 1 }, { unique: true })).toBe('n_1');
    const negated = { partialFilterExpression: { n: { $exists: false } } };
    expect(await caught(c.createIndex({ a: 1 }, negated))).toMatchObject({ code: 67 });
    expect(await c.indexes()).toMatchObject([
      { name: '_id_' },
      { name: 'n_1', unique: true },
      { name: 'part', partialFilterExpression: { n: { $gt: 3 } } },
    ]);
    expect((await c.indexes())[0]).not.toHaveProperty('unique');
    expect(await caught(c.createIndex({ n: 1 }, { unique: true, name: 'other' }))).toMatchObject({
      code: 85,
    });
    expect(await caught(c.createIndex({ parity: 1 }, { name: 'n_1' }))).toMatchObject({ code: 86 });
    expect(await caught(c.createIndex({ parity: 1 }, { unique: true }))).toMatchObject({
      code: 11000,
      codeName: 'DuplicateKey',
      keyValue: { parity: 0 },
      message: expect.stringMatching(/^Index build failed: .*\( .* \) :: caused by :: E11000 duplicate key/),
    });
    expect(await c.indexes()).toHaveLength(3);
    await db.command({ collMod: c.collectionName, index: { name: 'n_1', hidden: true } });
    expect(await caught(c.find({}, { hint: 'n_1' }).toArray())).toMatchObject({ code: 2 });
    await c.dropIndex('n_1');
    expect(await caught(c.dropIndex('n_1'))).toMatchObject({ code: 27 });
    expect(await c.indexes()).toHaveLength(2);
    expect(await caught(db.collection('nowhere').indexes())).toMatchObject({ code: 26 });
  });

  it('renames and lists collections and drops databases', async () => {
    const other = running.client.db('other');
    await other.createCollection('a');
    await other.collection('b').insertOne({ x: 1 });
    await other.createCollection('a');
    expect(
      await caught(other.createCollection('a', { collation: { locale: 'en', strength: 2 } })),
    ).toMatchObject({ code: 48 });
    expect(await caught(other.collection('b').rename('a'))).toMatchObject({ code: 48 });
    await other.collection('b').rename('a', { dropTarget: true });
    expect((await other.listCollections().toArray()).map(({ name }) => name)).toEqual(['a']);
    expect(await other.collection('a').findOne({})).toMatchObject({ x: 1 });
    expect((await running.client.db().admin().listDatabases()).databases.map(({ name }) => name)).toContain(
      'other',
    );
    const shouted = running.client.db('OTHER');
    expect(await caught(shouted.collection('c').insertOne({}))).toMatchObject({
      code: 13297,
      message: 'db already exists with different case already have: [other] trying to create [OTHER]',
    });
    await other.dropDatabase();
    expect(await other.listCollections().toArray()).toEqual([]);
    await shouted.collection('c').insertOne({});
    await shouted.dropDatabase();
  });

  it('tells true numbers', async () => {
    const c = fresh();
    await c.insertMany(rows(100));
    await c.deleteMany({ n: { $lt: 10 } });
    const stats = await db.command({ collStats: c.collectionName });
    expect(stats).toMatchObject({ count: 90, nindexes: 1, capped: false });
    expect(stats.size).toBe(90 * stats.avgObjSize);
    expect((await db.command({ dbStats: 1 })).objects).toBeGreaterThanOrEqual(90);
  });
});
