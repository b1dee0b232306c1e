// Commands and answers that the other tests have no reason to look at, through the driver.
import { BSON, type Collection, type Db, type Document, Long, Timestamp } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Running, startForTest } from '../harness.ts';

let running: Running;
let db: Db;
let next = 0;
const fresh = (): Collection<Document> => db.collection(`c${next++}`);

beforeAll(async () => {
  running = await startForTest();
  db = running.client.db('commands');
});
afterAll(async () => {
  expect(running.faults).toEqual([]);
  await running.stop();
});

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
    await db.command({ createIndexes: pairs.collectionName, indexes: [{ key: sort, name: 'pair' }] });
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

  it('an upsert begins with _id, and makes none of its parts', async () => {
    const c = fresh();
    await c.updateOne({ a: 1, _id: { x: 1, y: 2 } } as never, { $set: { b: 2 } }, { upsert: true });
    expect(await storedNames(c)).toEqual(['_id', 'a', 'b']);
    const parts = { '_id.x': 1, '_id.y': 3 } as never;
    await expect(c.updateOne(parts, { $set: { b: 2 } }, { upsert: true })).rejects.toMatchObject({
      code: 111,
    });
    expect(await c.countDocuments()).toBe(1);
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
      db.command({
        update: c.collectionName,
        updates: [{ q: { z: null }, u: { $set: { z: 1 } }, multi: true }],
        maxTimeMS,
      }),
    ).rejects.toMatchObject(expired);
    await expect(
      db.command({ delete: c.collectionName, deletes: [{ q: { z: null }, limit: 0 }], maxTimeMS }),
    ).rejects.toMatchObject(expired);
    expect(await c.countDocuments({ z: null })).toBe(8_000);
    await expect(db.command({ find: 'x', maxTimeMS: -1 })).rejects.toMatchObject({ code: 2 });
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
    const answer = await db.command({
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

describe('commands of shells, sessions and cursors', () => {
  it.each([
    [{ buildInfo: 1 }, { version: '7.0.0', versionArray: [7, 0, 0, 0] }],
    [{ isMaster: 1 }, { ismaster: true, maxWireVersion: 21 }],
    [{ ismaster: 1 }, { ismaster: true, maxBsonObjectSize: 16_777_216 }],
    [{ hello: 1 }, { isWritablePrimary: true, readOnly: false }],
    [
      { connectionStatus: 1, showPrivileges: true },
      { authInfo: { authenticatedUsers: [], authenticatedUserPrivileges: [] } },
    ],
    [{ getCmdLineOpts: 1 }, { argv: [] }],
    [{ getLog: 'startupWarnings' }, { log: [] }],
    [
      { getParameter: 1, featureCompatibilityVersion: 1 },
      { featureCompatibilityVersion: { version: '7.0' } },
    ],
    [{ hostInfo: 1 }, { system: { cpuAddrSize: 64 } }],
    [{ whatsmyuri: 1 }, { you: expect.stringContaining('local:') }],
    [{ refreshSessions: [] }, { ok: 1 }],
  ])('%j', async (command, expected) => {
    expect(await db.command(command)).toMatchObject(expected);
  });

  it('authentication is refused where no secret is asked for', async () => {
    const payload = Buffer.from('n,,n=x,r=y');
    await expect(db.command({ saslStart: 1, mechanism: 'SCRAM-SHA-256', payload })).rejects.toMatchObject({
      code: 18,
    });
    await expect(db.command({ saslContinue: 1, conversationId: 1, payload })).rejects.toMatchObject({
      code: 17,
    });
  });

  it('getMore goes on, killCursors and the end of a session end it', async () => {
    const c = fresh();
    await c.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
    const name = c.collectionName;
    const open = async (more: Document = {}): Promise<Long> =>
      Long.fromBigInt(BigInt(String((await db.command({ find: name, batchSize: 2, ...more })).cursor.id)));
    const id = await open();
    expect((await db.command({ getMore: id, collection: name, batchSize: 3 })).cursor.nextBatch).toHaveLength(
      3,
    );
    expect(await db.command({ killCursors: name, cursors: [id, Long.fromNumber(5)] })).toMatchObject({
      cursorsKilled: [id],
      cursorsNotFound: [5],
    });
    await expect(db.command({ getMore: id, collection: name })).rejects.toMatchObject({ code: 43 });
    for (const ending of ['endSessions', 'killSessions']) {
      const session = running.client.startSession();
      const other = await db.command({ find: name, batchSize: 2 }, { session });
      await db.command({ [ending]: [session.id] });
      await expect(db.command({ getMore: other.cursor.id, collection: name })).rejects.toThrow();
      await session.endSession();
    }
  });

  it('findAndModify, dropIndexes and renameCollection do what they say', async () => {
    const c = fresh();
    const name = c.collectionName;
    await c.insertMany([{ n: 1 }, { n: 2 }]);
    await c.createIndex({ n: 1 });
    const change = {
      query: { n: { $gt: 0 } },
      sort: { n: -1 },
      update: { $inc: { n: 5 } },
      new: true,
      fields: { n: 1, _id: 0 },
    };
    expect((await db.command({ findAndModify: name, ...change })).value).toEqual({ n: 7 });
    expect(await db.command({ dropIndexes: name, index: { n: 1 } })).toMatchObject({ nIndexesWas: 2 });
    await expect(db.command({ dropIndexes: name, index: '_id_' })).rejects.toMatchObject({ code: 72 });
    const admin = running.client.db('admin');
    await admin.command({ renameCollection: `commands.${name}`, to: `commands.${name}x` });
    expect(await db.collection(`${name}x`).countDocuments()).toBe(2);
    await expect(
      admin.command({ renameCollection: `commands.${name}`, to: 'commands.y' }),
    ).rejects.toMatchObject({ code: 26 });
  });
});
