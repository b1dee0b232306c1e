// The order of fields, and what a server fills in, through the driver.
import { BSON, type Collection, type Document, Timestamp } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { useStore } from '../use-store.ts';

const store = useStore('commands');
const { fresh } = store;

/** Names of the top-level fields in the bytes, which JavaScript's objects would put in another order. */
function namesIn(bytes: Uint8Array): string[] {
  const names: string[] = [];
  for (const element of BSON.onDemand.parseToElements(bytes)) {
    const [, start, length] = element as unknown as [number, number, number];
    names.push(Buffer.from(bytes.subarray(start, start + length)).toString());
  }
  return names;
}

async function storedNames(collection: Collection<Document>, filter: Document = {}): Promise<string[]> {
  return namesIn((await collection.findOne(filter, { raw: true })) as unknown as Uint8Array);
}

describe('fields named like positions', () => {
  const numbered = () =>
    new Map<string, unknown>([
      ['_id', 1],
      ['b', 1],
      ['7', 2],
      ['3', 3],
    ]) as unknown as Document;

  it('keep their place through updates, projections and copies', async () => {
    const c = fresh();
    await c.insertOne(numbered());
    expect(await storedNames(c)).toEqual(['_id', 'b', '7', '3']);
    await c.updateOne({}, { $set: { b: 5 } });
    expect(await storedNames(c)).toEqual(['_id', 'b', '7', '3']);
    await c.updateOne({}, { $set: { '5': 0, a: 1 } });
    expect(await storedNames(c)).toEqual(['_id', 'b', '7', '3', '5', 'a']);
    await c.updateOne({}, { $unset: { '7': 1 }, $rename: { b: '1' } });
    expect(await storedNames(c)).toEqual(['_id', '3', '5', 'a', '1']);
    const raw = (await c.findOne({}, { projection: { a: 1, '5': 1 }, raw: true })) as unknown as Uint8Array;
    expect(namesIn(raw)).toEqual(['_id', '5', 'a']);
    const copy = fresh();
    await c.aggregate([{ $match: {} }, { $addFields: { z: 1 } }, { $out: copy.collectionName }]).toArray();
    expect(await storedNames(copy)).toEqual(['_id', '3', '5', 'a', '1', 'z']);
  });

  it('keep their place through expressions', async () => {
    const c = fresh();
    await c.insertOne(numbered());
    const rows = await c
      .aggregate([
        { $set: { merged: { $mergeObjects: ['$$ROOT', { '1': 0 }] } } },
        { $set: { names: { $map: { input: { $objectToArray: '$merged' }, in: '$$this.k' } } } },
      ])
      .toArray();
    expect(rows[0]?.names).toEqual(['_id', 'b', '7', '3', '1']);
    const made = new Map([...'b73'].map((name) => [name, { $sum: `$${name}` }]));
    const group = new Map<string, unknown>([['_id', null], ...made]);
    const [raw] = await c.aggregate([{ $group: group }], { raw: true }).toArray();
    expect(namesIn(raw as unknown as Uint8Array)).toEqual(['_id', 'b', '7', '3']);
  });

  it('come after _id in an upsert, a replacement and an insert without one', async () => {
    const c = fresh();
    await c.updateOne({ _id: 2 as never }, { $set: { '4': 1 } }, { upsert: true });
    expect(await storedNames(c)).toEqual(['_id', '4']);
    await c.replaceOne({}, { '9': 1, a: 1 });
    expect(await storedNames(c)).toEqual(['_id', '9', 'a']);
    await c.deleteMany({});
    await c.insertOne(
      new Map([
        ['9', 1],
        ['2', 1],
      ]) as unknown as Document,
      { forceServerObjectId: true },
    );
    expect(await storedNames(c)).toEqual(['_id', '9', '2']);
  });

  it('count in comparison, in sorts and in indexes by their place', async () => {
    const c = fresh();
    const value = (entries: [string, number][]) => new Map(entries) as unknown as Document;
    await c.insertMany([
      {
        _id: 1 as never,
        v: value([
          ['b', 1],
          ['1', 1],
        ]),
      },
      {
        _id: 2 as never,
        v: value([
          ['1', 1],
          ['b', 1],
        ]),
      },
    ]);
    expect(
      await c
        .find({
          v: value([
            ['b', 1],
            ['1', 1],
          ]),
        })
        .map(({ _id }) => _id)
        .toArray(),
    ).toEqual([1]);
    await c.createIndex({ v: 1 });
    expect(
      await c
        .find({
          v: value([
            ['1', 1],
            ['b', 1],
          ]),
        })
        .map(({ _id }) => _id)
        .toArray(),
    ).toEqual([2]);
    const pairs = fresh();
    await pairs.insertMany([
      { a: 2, '0': 1 },
      { a: 1, '0': 2 },
    ]);
    const sort = new Map<string, 1>([
      ['a', 1],
      ['0', 1],
    ]);
    expect(
      await pairs
        .find({}, { sort })
        .map(({ a }) => a)
        .toArray(),
    ).toEqual([1, 2]);
    await store.db.command({ createIndexes: pairs.collectionName, indexes: [{ key: sort, name: 'pair' }] });
    const plan = await pairs.find({}, { sort }).explain('queryPlanner');
    expect(JSON.stringify(plan)).not.toContain('"SORT"');
  });
});

describe('what a server fills in', () => {
  it('the time for empty timestamps at the top of what is inserted or replaced, in rising order', async () => {
    const c = fresh();
    const empty = new Timestamp({ t: 0, i: 0 });
    const kept = new Timestamp({ t: 5, i: 1 });
    await c.insertOne({ _id: empty as never, a: empty, b: empty, kept, inner: { a: empty }, list: [empty] });
    const found = (await c.findOne({}))!;
    const now = Date.now() / 1000;
    expect(Math.abs(found.a.t - now)).toBeLessThan(60);
    expect(found.b.greaterThan(found.a)).toBe(true);
    expect(found.kept.equals(kept)).toBe(true);
    for (const untouched of [found._id, found.inner.a, found.list[0]]) expect(untouched.isZero()).toBe(true);
    await c.replaceOne({}, { z: empty });
    expect(Math.abs((await c.findOne({}))!.z.t - now)).toBeLessThan(60);
    await c.updateOne({}, { $set: { z: empty } });
    expect((await c.findOne({}))!.z.isZero()).toBe(true);
  });

  it('an upsert begins with _id, which only operators make of its parts', async () => {
    const c = fresh();
    await c.updateOne({ a: 1, _id: { x: 1, y: 2 } } as never, { $set: { b: 2 } }, { upsert: true });
    expect(await storedNames(c)).toEqual(['_id', 'a', 'b']);
    const parts = { '_id.x': 1, '_id.y': 3 } as never;
    await expect(c.replaceOne(parts, { b: 2 }, { upsert: true })).rejects.toMatchObject({ code: 111 });
    const { upsertedId } = await c.updateOne(parts, { $set: { b: 2 } }, { upsert: true });
    expect(upsertedId).toEqual({ x: 1, y: 3 });
    const computed = { $or: [{ $expr: { $eq: ['$a', 1] } }] };
    for (const method of ['updateOne', 'findOneAndUpdate'] as const) {
      const upsert = c[method](computed, { $set: { b: 2 } }, { upsert: true });
      await expect(upsert).rejects.toMatchObject({ code: 224 });
    }
    expect(await c.countDocuments()).toBe(2);
  });
});
