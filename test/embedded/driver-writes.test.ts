// The official driver against the store: updates, bulks, and the errors of writes, as MongoDB gives them.
import { type MongoBulkWriteError, MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { caught, type Row, rows } from './rows.ts';
import { useStore } from './use-store.ts';

const store = useStore('test');
const loose = () => store.fresh();
const fresh = () => store.fresh<Row>();

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
    expect(await store.db.command({ validate: c.collectionName })).toMatchObject({ valid: true });
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
    expect(await store.db.command({ validate: c.collectionName })).toMatchObject({
      valid: true,
      keysPerIndex: { other_1: 2, name_1: 2 },
    });
    expect(await c.findOne({ other: 9 })).toBeNull();
  });

  it.each([
    ['an unknown command', () => store.db.command({ frobnicate: 1 }), 59],
    ['an unknown option', () => store.db.command({ find: 'c', filter: {}, frobnicate: 1 }), 40415],
    [
      'an unknown option of a statement',
      () => store.db.command({ update: 'c', updates: [{ q: {}, u: { $set: { a: 1 } }, sort: { a: 1 } }] }),
      40415,
    ],
    ['an unknown operator', () => store.db.collection('c').findOne({ a: { $frobnicate: 1 } } as never), 2],
    ['a capped collection', () => store.db.createCollection('capped', { capped: true, size: 1000 }), 72],
    ['a validator', () => store.db.createCollection('valid', { validator: { a: 1 } }), 72],
    ['a view', () => store.db.createCollection('view', { viewOn: 'c', pipeline: [] }), 72],
    ['a text index', () => store.db.collection('c').createIndex({ a: 'text' }), 67],
    ['a geo index', () => store.db.collection('c').createIndex({ a: '2dsphere' }), 67],
    ['a change stream', () => store.db.collection('c').watch().next(), 40573],
    [
      'read concern snapshot',
      () => store.db.collection('c').findOne({}, { readConcern: { level: 'snapshot' } }),
      72,
    ],
    ['a tailable cursor', () => store.db.collection('c').find({}, { tailable: true }).next(), 2],
    ['a hint without an index', () => store.db.collection('c').find({}, { hint: 'none' }).toArray(), 2],
  ])('refuses %s', async (_what, run, code) => {
    await store.db.collection('c').insertOne({});
    const error = await caught(run());
    expect(error).toMatchObject({ code });
    if (code !== 2)
      expect(error?.message).toContain('not supported by the embedded database; set MONGODB_URI');
  });

  it('refuses a transaction in words', async () => {
    const session = store.client.startSession();
    const error = await caught(
      session.withTransaction(() => store.db.collection('c').insertOne({}, { session })),
    );
    expect(error?.message).toContain('set MONGODB_URI');
    await session.endSession();
  });
});
