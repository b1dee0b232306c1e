// The official driver against the store: create, read, update, delete, bulk, cursors and errors as MongoDB gives them.
import { type Db, Long, MongoServerError, ObjectId } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, startForTest } from './harness.ts';

let running: Running;
let db: Db;
let next = 0;
const fresh = () => db.collection<Record<string, unknown>>(`c${next++}`);

beforeAll(async () => {
  running = await startForTest();
  db = running.client.db('test');
});
afterAll(async () => {
  expect(running.faults).toEqual([]);
  await running.stop();
});

describe('insert and find', () => {
  it('gives back what was stored, in natural order', async () => {
    const c = fresh();
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

  it('sorts, skips, limits and projects', async () => {
    const c = fresh();
    await c.insertMany(Array.from({ length: 20 }, (_, n) => ({ n, parity: n % 2 })));
    const found = await c
      .find({ parity: 0 }, { sort: { n: -1 }, skip: 2, limit: 3, projection: { _id: 0, n: 1 } })
      .toArray();
    expect(found).toEqual([{ n: 14 }, { n: 12 }, { n: 10 }]);
  });

  it('answers a duplicate _id with code 11000, keyPattern and keyValue', async () => {
    const c = fresh();
    await c.insertOne({ _id: 7 as never });
    const error = await c.insertOne({ _id: 7 as never }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MongoServerError);
    expect(error).toMatchObject({ code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 7 } });
  });
});
