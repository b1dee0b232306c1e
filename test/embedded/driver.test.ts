// The official driver against the store: what is stored, read back and listed, as MongoDB gives it.
import { Long, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { caught, type Row, rows } from './rows.ts';
import { useStore } from './use-store.ts';

const store = useStore('test');
const loose = () => store.fresh();
const fresh = () => store.fresh<Row>();

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
    expect((await store.db.command({ serverStatus: 1 })).metrics.cursor.open.total).toBe(0);
  });

  it('ends a cursor when it is closed, and when its collection goes', async () => {
    const c = fresh();
    await c.insertMany(rows(300));
    const open = async () =>
      (await store.db.command({ serverStatus: 1 })).metrics.cursor.open.total as number;
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
    await store.db.command({ collMod: c.collectionName, index: { name: 'n_1', hidden: true } });
    expect(await caught(c.find({}, { hint: 'n_1' }).toArray())).toMatchObject({ code: 2 });
    await c.dropIndex('n_1');
    expect(await caught(c.dropIndex('n_1'))).toMatchObject({ code: 27 });
    expect(await c.indexes()).toHaveLength(2);
    expect(await caught(store.db.collection('nowhere').indexes())).toMatchObject({ code: 26 });
  });

  it('renames and lists collections and drops databases', async () => {
    const other = store.client.db('other');
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
    expect((await store.client.db().admin().listDatabases()).databases.map(({ name }) => name)).toContain(
      'other',
    );
    const shouted = store.client.db('OTHER');
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
    const stats = await store.db.command({ collStats: c.collectionName });
    expect(stats).toMatchObject({ count: 90, nindexes: 1, capped: false });
    expect(stats.size).toBe(90 * stats.avgObjSize);
    expect((await store.db.command({ dbStats: 1 })).objects).toBeGreaterThanOrEqual(90);
  });
});
