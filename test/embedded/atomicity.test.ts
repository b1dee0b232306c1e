// Many clients at once: each command is one step, nobody is served twice, counters and indexes stay equal.
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, startForTest } from './harness.ts';

let running: Running;
beforeAll(async () => {
  running = await startForTest();
});
afterAll(async () => {
  expect(running.faults).toEqual([]);
  await running.stop();
});

it('gives 200 free documents to 200 of 300 claims, each once', async () => {
  const second = await new MongoClient(running.database.uri).connect();
  const clients = [running.client, second];
  const c = running.client.db('test').collection('free');
  await c.createIndex({ state: 1, due: 1 });
  await c.insertMany(Array.from({ length: 200 }, (_, n) => ({ n, state: 'free', due: n })));
  const claims = await Promise.all(
    Array.from({ length: 300 }, (_, worker) =>
      clients[worker % 2]!.db('test')
        .collection('free')
        .findOneAndUpdate(
          { state: 'free' },
          { $set: { state: 'taken', worker } },
          { sort: { due: 1 }, returnDocument: 'after' },
        ),
    ),
  );
  await second.close();
  const won = claims.filter((claim) => claim !== null);
  expect(won).toHaveLength(200);
  expect(new Set(won.map((claim) => claim.n)).size).toBe(200);
  expect(new Set(won.map((claim) => claim.worker)).size).toBe(200);
});

it('loses no increment and doubles no upsert', async () => {
  const c = running.client.db('test').collection<{ _id: string; n: number }>('counters');
  await Promise.all(
    Array.from({ length: 400 }, (_, n) =>
      c.updateOne({ _id: `k${n % 4}` }, { $inc: { n: 1 } }, { upsert: true }),
    ),
  );
  expect(await c.find({}, { sort: { _id: 1 } }).toArray()).toEqual(
    ['k0', 'k1', 'k2', 'k3'].map((_id) => ({ _id, n: 100 })),
  );
});

it('lets one of many equal inserts win under a unique index', async () => {
  const c = running.client.db('test').collection('unique');
  await c.createIndex({ key: 1 }, { unique: true });
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => c.insertOne({ key: 'same' })));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  const reasons = results.flatMap((result) =>
    result.status === 'rejected' ? [(result.reason as { code: number }).code] : [],
  );
  expect(new Set(reasons)).toEqual(new Set([11000]));
});

it('keeps every index equal to a full scan under mixed writers', async () => {
  const db = running.client.db('test');
  const c = db.collection('mixed');
  await c.createIndexes([
    { key: { a: 1 } },
    { key: { tags: 1, a: -1 } },
    { key: { u: 1 }, unique: true, sparse: true },
  ]);
  const writer = async (seed: number) => {
    for (let n = 0; n < 25; n++) {
      const u = (seed * 7 + n) % 40;
      await Promise.allSettled([
        c.insertOne({ a: n, tags: [`t${n % 3}`, seed], ...(n % 2 ? { u } : {}) }),
        c.updateMany({ a: { $gt: n } }, { $inc: { a: 1 }, $addToSet: { tags: `s${seed}` } }),
        c.updateOne({ tags: seed }, { $set: { u } }),
        c.deleteOne({ a: { $lt: n / 2 } }),
      ]);
    }
  };
  await Promise.all(Array.from({ length: 6 }, (_, seed) => writer(seed)));
  expect(await db.command({ validate: 'mixed' })).toMatchObject({ valid: true, errors: [] });
  expect(await c.countDocuments({ a: { $exists: true } })).toBe(await c.estimatedDocumentCount());
});

it('reads what was just acknowledged, from another connection', async () => {
  const c = running.client.db('test').collection<{ _id: number; v: number }>('fresh');
  await c.insertOne({ _id: 1, v: 0 });
  const second = await new MongoClient(running.database.uri).connect();
  for (let v = 1; v <= 50; v++) {
    await c.updateOne({ _id: 1 }, { $set: { v } });
    expect(
      await second.db('test').collection<{ _id: number; v: number }>('fresh').findOne({ _id: 1 }),
    ).toEqual({ _id: 1, v });
  }
  await second.close();
});
