// How reading commands go about it: plans, hints, collations, joins and limits of time, through the driver.
import type { Collection, Document } from 'mongodb';
import { describe, expect, it, vi } from 'vitest';
import { useStore } from '../use-store.ts';

const store = useStore('commands');
const { fresh } = store;

describe('explain', () => {
  it('has the shape that shells and Compass read', async () => {
    const c = fresh();
    await c.insertMany(Array.from({ length: 20 }, (_, n) => ({ n, s: `x${n}`, d: new Date(n) })));
    await c.createIndex({ n: 1, s: -1 });
    const plan = await c
      .find({ n: { $gte: 3, $lt: 9 }, s: { $ne: 'x5' } }, { sort: { n: 1 }, limit: 4 })
      .explain('executionStats');
    expect(plan.queryPlanner.namespace).toBe(`commands.${c.collectionName}`);
    expect(plan.queryPlanner.rejectedPlans).toEqual([]);
    expect(plan.queryPlanner.winningPlan).toMatchObject({
      stage: 'LIMIT',
      limitAmount: 4,
      inputStage: {
        stage: 'FETCH',
        inputStage: {
          stage: 'IXSCAN',
          keyPattern: { n: 1, s: -1 },
          indexName: 'n_1_s_-1',
          isMultiKey: false,
          direction: 'forward',
          indexBounds: { n: ['[3, 9)'], s: ['[MinKey, MaxKey]'] },
        },
      },
    });
    expect(plan.executionStats).toMatchObject({
      executionSuccess: true,
      nReturned: 4,
      totalKeysExamined: 5,
      totalDocsExamined: 4,
      executionStages: {
        stage: 'LIMIT',
        nReturned: 4,
        inputStage: { stage: 'FETCH', docsExamined: 4, inputStage: { keysExamined: 5 } },
      },
    });
    expect(plan.serverInfo.version).toBe('7.0.0');
    expect(plan.command).toMatchObject({ find: c.collectionName, $db: 'commands' });
    const all = await c.find({ n: 1 }).explain('allPlansExecution');
    expect(all.executionStats.allPlansExecution).toEqual([]);
  });

  it('counts keys alone where they say enough', async () => {
    const c = fresh();
    await c.insertMany(Array.from({ length: 50 }, (_, n) => ({ n, even: n % 2 === 0, x: 1 })));
    await c.createIndex({ n: 1, even: 1 });
    const query = { n: { $lt: 20 }, even: true };
    const answer = await store.db.command({
      explain: { count: c.collectionName, query },
      verbosity: 'executionStats',
    });
    expect(answer.executionStats).toMatchObject({
      totalDocsExamined: 0,
      totalKeysExamined: 20,
      executionStages: { stage: 'COUNT', nCounted: 10, inputStage: { stage: 'COUNT_SCAN' } },
    });
    expect(await c.countDocuments(query)).toBe(10);
    const skipped = await c
      .find({ n: { $in: [3, 5, 7, 9] } }, { sort: { n: -1 }, skip: 2 })
      .explain('executionStats');
    expect(skipped.executionStats).toMatchObject({ nReturned: 2, totalDocsExamined: 2 });
  });
});

describe('distinct, projections, collation and hint', () => {
  it('distinct reads elements, of all documents or through a multikey index', async () => {
    const c = fresh();
    await c.insertMany([{ a: [1, 2] }, { a: [2, [3]] }, { a: 2 }, { a: [] }, {}, { a: [{ b: 1 }] }]);
    const expected = [1, 2, [3], { b: 1 }];
    expect(await c.distinct('a')).toEqual(expected);
    await c.createIndex({ a: 1 });
    expect(await c.distinct('a', { a: { $gte: 2, $lt: 3 } })).toEqual([1, 2, [3]]);
    expect(await c.distinct('a.b')).toEqual([1]);
  });

  // The students of the manual's pages on the projection operators.
  it.each([
    [{ grades: { $gte: 85 } }, { 'grades.$': 1 }, [{ grades: [87] }, { grades: [90] }, { grades: [85] }]],
    [{}, { grades: { $elemMatch: { $gt: 89 } } }, [{ grades: [93] }, { grades: [90] }, { grades: [100] }]],
    [{}, { grades: { $slice: -1 } }, [{ grades: [93] }, { grades: [98] }, { grades: [90] }]],
    [{}, { grades: { $slice: [1, 1] } }, [{ grades: [88] }, { grades: [90] }, { grades: [100] }]],
    [{}, { best: { $max: '$grades' } }, [{ best: 93 }, { best: 98 }, { best: 100 }]],
  ])('find(%j) with %j', async (filter, projection, expected) => {
    const c = fresh();
    await c.insertMany(
      [{ grades: [87, 88, 93] }, { grades: [80, 90, 98] }, { grades: [85, 100, 90] }].map((each, _id) => ({
        ...each,
        _id: _id as never,
      })),
    );
    const found = await c.find(filter, { projection: { _id: 0, ...projection } }).toArray();
    expect(found).toEqual(expected);
  });

  it('a collation of strength 1 ignores case and accents, of strength 2 case; an index in it serves', async () => {
    const c = fresh();
    await c.insertMany(['cafe', 'Cafe', 'CAFÉ', 'café', 'caff'].map((s) => ({ s })));
    const found = (strength: 1 | 2) =>
      c
        .find({ s: 'cafe' }, { collation: { locale: 'en', strength } })
        .map(({ s }) => s)
        .toArray();
    expect(await found(1)).toEqual(['cafe', 'Cafe', 'CAFÉ', 'café']);
    expect(await found(2)).toEqual(['cafe', 'Cafe']);
    expect(
      await c
        .find({ s: 'cafe' })
        .map(({ s }) => s)
        .toArray(),
    ).toEqual(['cafe']);
    await c.createIndex({ s: 1 }, { collation: { locale: 'en', strength: 2 } });
    expect(await found(2)).toEqual(['cafe', 'Cafe']);
    const plan = await c
      .find({ s: 'cafe' }, { collation: { locale: 'en', strength: 2 } })
      .explain('executionStats');
    expect(plan.executionStats.totalDocsExamined).toBe(2);
    expect((await c.find({ s: 'cafe' }).explain('executionStats')).executionStats.totalDocsExamined).toBe(5);
  });

  it('a hint is obeyed by every command that takes one', async () => {
    const c = fresh();
    await c.insertMany([{ a: 1 }, { a: 2 }]);
    await c.createIndex({ a: 1 }, { sparse: true });
    const hint = 'a_1';
    for (const action of [
      () => c.find({}, { hint: 'none' }).toArray(),
      () => c.countDocuments({}, { hint: 'none' }),
      () => c.updateMany({}, { $set: { b: 1 } }, { hint: 'none' }),
      () => c.deleteMany({}, { hint: 'none' } as never),
      () => c.findOneAndUpdate({}, { $set: { b: 1 } }, { hint: 'none' as never }),
      () => c.aggregate([{ $match: {} }], { hint: 'none' }).toArray(),
    ])
      await expect(action()).rejects.toMatchObject({ code: 2 });
    await c.insertOne({ b: 1 });
    expect(await c.find({}, { hint }).toArray()).toHaveLength(2);
    expect((await c.updateMany({}, { $set: { b: 1 } }, { hint })).matchedCount).toBe(2);
  });
});

describe('$lookup', () => {
  it('asks an index of the other collection, with the answers that reading it whole gives', async () => {
    const [posts, people] = [fresh(), fresh()];
    await people.insertMany(
      Array.from({ length: 500 }, (_, n) => ({ n: n % 5 === 0 ? null : n, tags: [n % 3, 'x'] })),
    );
    await posts.insertMany([
      { author: 7 },
      { author: [8, 9] },
      { author: null },
      {},
      { author: 'nobody' },
      { author: [] },
    ]);
    const join = (field: string) => [
      { $lookup: { from: people.collectionName, localField: 'author', foreignField: field, as: 'found' } },
      { $set: { found: '$found._id' } },
    ];
    const scanned = {
      n: await posts.aggregate(join('n')).toArray(),
      tags: await posts.aggregate(join('tags')).toArray(),
    };
    await people.createIndexes([{ key: { n: 1 } }, { key: { tags: 1 } }]);
    expect(await posts.aggregate(join('n')).toArray()).toEqual(scanned.n);
    expect(await posts.aggregate(join('tags')).toArray()).toEqual(scanned.tags);
    expect(scanned.n.map(({ found }) => found.length)).toEqual([1, 2, 100, 100, 0, 100]);
  });
});

describe('maxTimeMS', () => {
  const many = async (count: number): Promise<Collection<Document>> => {
    const c = fresh();
    await c.insertMany(Array.from({ length: count }, (_, n) => ({ n, list: [1, 2, 3, 4, 5, 6, 7, 8] })));
    return c;
  };

  it('ends scans, index scans, pipelines, counts, updates and deletes with code 50, and nothing is changed', async () => {
    const c = await many(8_000);
    await c.createIndex({ n: 1, list: 1 });
    const unwind = Array.from({ length: 6 }, () => ({ $unwind: '$list' })).flatMap((stage) => [
      stage,
      { $set: { list: [1, 2, 3, 4, 5, 6, 7, 8] } },
    ]);
    const maxTimeMS = 1;
    const expired = { code: 50, codeName: 'MaxTimeMSExpired' };
    await expect(c.find({ $expr: { $gt: ['$n', 1e9] } }, { maxTimeMS }).toArray()).rejects.toMatchObject(
      expired,
    );
    await expect(
      c.find({ n: { $gte: 0, $mod: [9_000, 8_999] } }, { maxTimeMS }).toArray(),
    ).rejects.toMatchObject(expired);
    await expect(c.aggregate(unwind, { maxTimeMS }).toArray()).rejects.toMatchObject(expired);
    await expect(c.countDocuments({ m: null, z: null }, { maxTimeMS })).rejects.toMatchObject(expired);
    await expect(c.distinct('list', { z: null }, { maxTimeMS })).rejects.toMatchObject(expired);
    await expect(
      store.db.command({
        update: c.collectionName,
        updates: [{ q: { z: null }, u: { $set: { z: 1 } }, multi: true }],
        maxTimeMS,
      }),
    ).rejects.toMatchObject(expired);
    await expect(
      store.db.command({ delete: c.collectionName, deletes: [{ q: { z: null }, limit: 0 }], maxTimeMS }),
    ).rejects.toMatchObject(expired);
    expect(await c.countDocuments({ z: null })).toBe(8_000);
    await expect(store.db.command({ find: 'x', maxTimeMS: -1 })).rejects.toMatchObject({ code: 2 });
  });

  it('counts the time of reading, not the pauses between batches', async () => {
    const c = await many(300);
    const cursor = c.find({}, { maxTimeMS: 5_000, batchSize: 10 });
    await cursor.next();
    // The clock jumps as if the client had paused.
    const now = Date.now;
    const paused = vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000);
    try {
      expect((await cursor.toArray()).length).toBe(299);
    } finally {
      paused.mockRestore();
    }
  });
});
