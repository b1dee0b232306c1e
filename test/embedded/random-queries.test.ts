// Random documents, indexes and queries with a fixed seed: the answer through the planner's choice is the answer of a
// full scan, and its order is the order of the sort.
import type { Document, FindOptions, Sort } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, startForTest } from './harness.ts';
import { seededRandom } from './seeded-random.ts';

const DOCUMENTS = 100;
const QUERIES = 200;
const INDEXES: Record<string, 1 | -1>[] = [
  { a: 1 },
  { a: 1, b: -1 },
  { b: 1, 'c.d': 1 },
  { 'c.d': -1, a: 1 },
  { b: -1, a: 1, e: 1 },
  { e: 1 },
];

let running: Running;
beforeAll(async () => {
  running = await startForTest();
});
afterAll(async () => {
  expect(running.faults).toEqual([]);
  await running.stop();
});

it.each([1, 2, 3])('seed %i', async (seed) => {
  const random = seededRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const scalar = (): unknown =>
    pick([null, 1, 2, 3, 2.5, -1, NaN, 'x', 'y', 'yy', '', true, false, new Date(0), new Date(1e12)]);
  const value = (): unknown =>
    random() < 0.15 ? Array.from({ length: Math.floor(random() * 4) }, scalar) : scalar();
  const nested = (): unknown =>
    pick([
      { d: value() },
      { d: scalar() },
      [{ d: scalar() }, { d: scalar() }],
      [{ d: scalar() }, 5],
      [],
      null,
      4,
    ]);
  const document = (n: number): Document => {
    const made: Document = { n };
    if (random() < 0.9) made.a = value();
    if (random() < 0.9) made.b = scalar();
    // Two arrays in one document cannot be indexed or sorted by together, here as in MongoDB.
    if (Array.isArray(made.a)) made.c = { d: scalar() };
    else if (random() < 0.8) made.c = nested();
    if (random() < 0.5) made.e = scalar();
    return made;
  };
  const condition = (): unknown => {
    const operand = scalar();
    const range = () => ({ [pick(['$gt', '$gte', '$lt', '$lte'])]: scalar() });
    return pick<() => unknown>([
      () => operand,
      () => operand,
      range,
      () => ({ ...range(), ...range() }),
      () => ({ $in: [scalar(), scalar(), scalar()] }),
      () => ({ $ne: operand }),
      () => ({ $nin: [scalar(), scalar()] }),
      () => ({ $nin: [scalar()], ...range() }),
      () => ({ $all: [scalar(), ...(random() < 0.5 ? [scalar()] : [])] }),
      () => ({ $in: [scalar(), /^y/] }),
      () => ({ $exists: random() < 0.5 }),
      () => ({ $not: range() }),
      () => ({ $elemMatch: { ...range(), ...range() } }),
      () => ({ $regex: pick(['^y', '^x', 'y']) }),
    ])();
  };
  const conditions = (): Document => {
    const made: Document = {};
    for (const path of ['a', 'b', 'c.d', 'e']) if (random() < 0.4) made[path] = condition();
    if (random() < 0.1) made.c = { $elemMatch: { d: condition() } };
    return made;
  };
  const filter = (): Document =>
    random() < 0.25 ? { ...conditions(), $or: [conditions(), conditions()] } : conditions();
  const sort = (): Document =>
    Object.fromEntries(
      ['a', 'b', 'c.d', 'e'].filter(() => random() < 0.35).map((path) => [path, pick([1, -1])]),
    );

  const c = running.client.db('test').collection(`r${seed}`);
  await c.insertMany(Array.from({ length: DOCUMENTS }, (_, n) => document(n)));
  for (const index of INDEXES) {
    await c.createIndex(index, random() < 0.2 ? { sparse: true } : {});
  }
  for (let round = 0; round < QUERIES; round++) {
    const query = filter();
    const order = { ...sort(), n: 1 } as Sort;
    const options: FindOptions = { sort: order, limit: pick([0, 0, 1, 5]), skip: pick([0, 0, 2]) };
    const numbers = (hint?: Document) =>
      c
        .find(query, { ...options, ...(hint ? { hint } : {}) })
        .map((d) => d.n as number)
        .toArray();
    const [chosen, scanned] = [await numbers(), await numbers({ $natural: 1 })];
    expect(chosen, JSON.stringify({ query, ...options })).toEqual(scanned);
    const [counted, all] = [
      await c.countDocuments(query),
      await c.countDocuments(query, { hint: { $natural: 1 } }),
    ];
    expect(counted, JSON.stringify(query)).toBe(all);
    if (round % 50 === 0)
      await c.updateOne(
        { n: Math.floor(random() * DOCUMENTS) },
        { $set: { a: scalar(), b: scalar() } as Document },
      );
  }
  expect(await running.client.db('test').command({ validate: c.collectionName })).toMatchObject({
    valid: true,
    errors: [],
  });
});
