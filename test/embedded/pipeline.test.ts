// aggregate through the driver: what the planner serves, what the stages do, and writing by $out and $merge.
import { rmSync } from 'node:fs';
import { type Db, Double } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../src/embedded/engine.ts';
import { removeExpired } from '../../src/embedded/ttl-monitor.ts';
import { type Running, startForTest, temporaryDirectory } from './harness.ts';

let running: Running;
let db: Db;

beforeAll(async () => {
  running = await startForTest();
  db = running.client.db('test');
  await db
    .collection('orders')
    .insertMany(Array.from({ length: 60 }, (_, n) => ({ n, group: n % 3, customer: n % 5 })));
  await db.collection('orders').createIndex({ group: 1, n: 1 });
  await db
    .collection('customers')
    .insertMany(Array.from({ length: 5 }, (_, key) => ({ key, name: `c${key}` })));
});
afterAll(async () => {
  expect(running.faults).toEqual([]);
  await running.stop();
});

describe('aggregate', () => {
  it('groups, sorts and joins', async () => {
    const rows = await db
      .collection('orders')
      .aggregate([
        { $match: { n: { $gte: 30 } } },
        { $group: { _id: '$customer', sum: { $sum: '$n' }, count: { $sum: 1 } } },
        { $sort: { _id: 1 } },
        { $limit: 1 },
        { $lookup: { from: 'customers', localField: '_id', foreignField: 'key', as: 'customer' } },
        { $project: { _id: 0, sum: 1, count: 1, name: { $first: '$customer.name' } } },
      ])
      .toArray();
    expect(rows).toEqual([{ sum: 255, count: 6, name: 'c0' }]);
  });

  it('lets the planner serve the conditions and the order in front', async () => {
    const explained = await db
      .collection('orders')
      .aggregate([{ $match: { group: 1 } }, { $sort: { n: -1 } }, { $count: 'x' }])
      .explain();
    expect(JSON.stringify(explained)).toContain('"indexName":"group_1_n_1"');
    expect(JSON.stringify(explained)).not.toContain('"SORT"');
    const top = await db
      .collection('orders')
      .aggregate([{ $sort: { n: -1 } }, { $limit: 2 }, { $project: { _id: 0, n: 1 } }])
      .toArray();
    expect(top).toEqual([{ n: 59 }, { n: 58 }]);
  });

  it('counts without a pipeline, with skip and limit', async () => {
    expect(await db.collection('orders').countDocuments({ group: 1 })).toBe(20);
    expect(await db.collection('orders').countDocuments({ group: 1 }, { skip: 5, limit: 9 })).toBe(9);
    expect(await db.collection('orders').countDocuments({}, { skip: 55 })).toBe(5);
    expect(await db.collection('nowhere').countDocuments({})).toBe(0);
  });

  it('replaces a collection by $out and keeps its indexes, or changes nothing', async () => {
    const out = db.collection('out');
    await out.createIndex({ group: 1 }, { unique: true });
    await out.insertOne({ group: 77 });
    await expect(
      db
        .collection('orders')
        .aggregate([{ $out: 'out' }])
        .toArray(),
    ).rejects.toMatchObject({ code: 11000 });
    expect(
      await out
        .find({})
        .map((d) => d.group)
        .toArray(),
    ).toEqual([77]);
    await db
      .collection('orders')
      .aggregate([{ $group: { _id: '$group', group: { $first: '$group' } } }, { $out: 'out' }])
      .toArray();
    expect(await out.countDocuments({})).toBe(3);
    expect(await out.indexExists('group_1')).toBe(true);
  });

  it('merges into a collection', async () => {
    const target = db.collection<{ _id: number; seen?: boolean; old?: number }>('merged');
    await target.insertOne({ _id: 1, old: 5 });
    await db
      .collection('orders')
      .aggregate([{ $group: { _id: '$group' } }, { $set: { seen: true } }, { $merge: { into: 'merged' } }])
      .toArray();
    expect(await target.find({}, { sort: { _id: 1 } }).toArray()).toEqual([
      { _id: 0, seen: true },
      { _id: 1, old: 5, seen: true },
      { _id: 2, seen: true },
    ]);
  });
});

describe('the source of a pipeline', () => {
  const run = (name: string | 1, ...pipeline: object[]) =>
    db.command({ aggregate: name, pipeline, cursor: {} }).then(({ cursor }) => cursor.firstBatch);

  it('is a collection for most stages, and for $documents must be none', async () => {
    expect(await run(1, { $documents: [{ a: 1 }, { a: 2 }] }, { $match: { a: 2 } })).toEqual([{ a: 2 }]);
    for (const [name, ...stages] of [
      ['orders', { $documents: [] }],
      [1, { $match: {} }],
      [1, { $group: { _id: 1, n: { $sum: 1 } } }],
      [1, { $out: 'other' }],
      [1],
    ] as [string | 1, ...object[]][])
      await expect(run(name, ...stages)).rejects.toMatchObject({ code: 73 });
  });

  it("is not read for a count, whose field and type are a group's all the same", async () => {
    const count = (group: object) => run('orders', { $group: { _id: 1, ...group } });
    expect(await count({ n: { $sum: 1 } })).toEqual([{ _id: 1, n: 60 }]);
    const { cursor } = await db.command(
      { aggregate: 'orders', pipeline: [{ $group: { _id: 1, n: { $sum: new Double(1) } } }], cursor: {} },
      { promoteValues: false },
    );
    expect(cursor.firstBatch[0].n).toEqual(new Double(60));
    await expect(count({ 'a.b': { $sum: 1 } })).rejects.toMatchObject({ code: 40235 });
    await expect(count({ $a: { $sum: 1 } })).rejects.toMatchObject({ code: 40236 });
  });

  it('is the sessions in use for $listLocalSessions, until they end', async () => {
    const { id } = await db.command({ startSession: 1 });
    const list = () => run(1, { $listLocalSessions: {} }, { $match: { '_id.id': id.id } });
    expect(await list()).toEqual([{ _id: { id: id.id, uid: expect.anything() }, lastUse: expect.any(Date) }]);
    await db.command({ endSessions: [id] });
    expect(await list()).toEqual([]);
    await db.command({ refreshSessions: [id] });
    expect(await list()).toHaveLength(1);
    const strict = { aggregate: 1, cursor: {}, apiVersion: '1', apiStrict: true };
    await expect(db.command({ ...strict, pipeline: [{ $listLocalSessions: {} }] })).rejects.toMatchObject({
      code: 323,
      codeName: 'APIStrictError',
    });
  });
});

describe('$merge on a field', () => {
  interface Row {
    _id: number;
    key: number;
    text?: string;
  }
  const merge = (options: object, ...stages: object[]) =>
    db
      .aggregate([
        { $documents: [{ _id: 1, key: 1, text: { $literal: '$key' } }] },
        ...stages,
        { $merge: { into: 'byKey', on: 'key', ...options } },
      ])
      .toArray();
  const stored = () => db.collection<Row>('byKey').find({}).toArray();

  beforeAll(async () => {
    await db.collection<Row>('byKey').insertOne({ _id: 10, key: 1 });
    await expect(merge({})).rejects.toMatchObject({ code: 51183 });
    await db.collection('byKey').createIndex({ key: -1 }, { unique: true });
  });

  it('leaves _id alone: another one is an error, none is no change', async () => {
    await expect(merge({ whenMatched: 'replace' })).rejects.toMatchObject({ code: 66 });
    await expect(merge({})).rejects.toMatchObject({ code: 66 });
    await merge({ whenMatched: 'replace' }, { $unset: '_id' });
    expect(await stored()).toEqual([{ _id: 10, key: 1, text: '$key' }]);
    await merge({ whenMatched: 'keepExisting' }, { $set: { text: 'other' } });
    expect(await stored()).toEqual([{ _id: 10, key: 1, text: '$key' }]);
  });

  it('gives its pipeline the variables, computed from the incoming document', async () => {
    const whenMatched = [{ $set: { text: { $concat: ['$$new.text', ' of ', { $toString: '$$k' }] } } }];
    await merge({ whenMatched, let: { k: '$key' } });
    expect(await stored()).toEqual([{ _id: 10, key: 1, text: '$key of 1' }]);
  });

  it('tells what was met where nothing may be met', async () => {
    await expect(merge({ whenMatched: 'fail' })).rejects.toMatchObject({
      code: 11000,
      errorResponse: { keyPattern: { key: -1 }, keyValue: { key: 1 } },
    });
    await expect(merge({ whenNotMatched: 'fail' }, { $set: { _id: 2, key: 2 } })).rejects.toMatchObject({
      code: 13113,
    });
  });

  it.each([
    [{ whenMatched: 'fail', whenNotMatched: 'discard' }, 51181],
    [{ whenMatched: 'keepExisting', whenNotMatched: 'fail' }, 51181],
    [{ let: { k: 1 } }, 51199],
    [{ let: { new: 1 }, whenMatched: [] }, 51273],
  ])('refuses modes that do not go together: %j', async (options, code) => {
    await expect(merge(options)).rejects.toMatchObject({ code });
  });
});

describe('expiry', () => {
  it('removes what has expired by its index, and nothing else', async () => {
    const directory = temporaryDirectory();
    const own = await startForTest({ directory });
    const c = own.client.db('t').collection('c');
    await c.createIndex({ at: 1 }, { expireAfterSeconds: 60, partialFilterExpression: { kept: false } });
    const now = Date.UTC(2027, 0, 1);
    await c.insertMany([
      { n: 1, at: new Date(now - 61_000), kept: false },
      { n: 2, at: new Date(now - 59_000), kept: false },
      { n: 3, at: new Date(now - 90_000), kept: true },
      { n: 4, at: 'no date', kept: false },
      { n: 5, at: [new Date(now), new Date(now - 70_000)], kept: false },
    ]);
    await own.stop();
    const engine = await Engine.open(directory);
    expect(await removeExpired(engine, new Date(now))).toBe(2);
    expect(await removeExpired(engine, new Date(now))).toBe(0);
    await engine.close();
    const again = await startForTest({ directory });
    expect(
      await again.client
        .db('t')
        .collection('c')
        .find({})
        .map((d) => d.n)
        .toArray(),
    ).toEqual([2, 3, 4]);
    await again.stop();
    rmSync(directory, { recursive: true });
  });
});
