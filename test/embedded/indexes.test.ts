// What an index may be, how it takes over its collection's collation, and how both are listed and changed.
import { Long } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexFromStored } from '../../src/embedded/index-info.ts';
import { type Fields, type LocalEngine, openLocalEngine } from './meaning/local-engine.ts';

const CASELESS = { locale: 'en', strength: 2 };
/** As MongoDB lists it: every option named. */
const CASELESS_LISTED = {
  locale: 'en',
  caseLevel: false,
  caseFirst: 'off',
  strength: 2,
  numericOrdering: false,
  alternate: 'non-ignorable',
  maxVariable: 'punct',
  normalization: false,
  backwards: false,
  version: '57.1',
};

let local: LocalEngine;
beforeAll(async () => {
  local = await openLocalEngine();
});
afterAll(async () => {
  await local.close();
  expect(local.faults).toEqual([]);
});

let made = 0;
const fresh = (): string => {
  made += 1;
  return `c${made}`;
};
const createIndex = (collection: string, index: Fields): Promise<Fields> =>
  local.run({ createIndexes: collection, indexes: [index] });

async function listed(command: Fields): Promise<Fields[]> {
  const { cursor } = (await local.run(command)) as { cursor: { firstBatch: Fields[] } };
  return cursor.firstBatch;
}

describe('a specification of an index', () => {
  it.each<[Fields, number, string]>([
    [{ key: { z: 0 }, name: 'x' }, 67, 'Values in the index key pattern cannot be 0.'],
    [{ key: { z: Number.NaN }, name: 'x' }, 67, 'Values in the index key pattern cannot be NaN.'],
    [{ key: { z: true }, name: 'x' }, 67, 'Values in v:2 index key pattern cannot be of type bool.'],
    [{ key: { z: 'ascending' }, name: 'x' }, 67, "Unknown index plugin 'ascending'"],
    [{ key: { '': 1 }, name: 'x' }, 67, 'Index keys cannot be an empty field.'],
    [{ key: { 'a..b': 1 }, name: 'x' }, 67, 'Index keys cannot contain an empty field.'],
    [{ key: { $x: 1 }, name: 'x' }, 67, "illegal field name: field name starts with '$'."],
    [{ key: {}, name: 'x' }, 67, 'Index keys cannot be empty.'],
    [{ key: { a: 1 } }, 9, "The 'name' field is a required property of an index specification"],
    [{ key: { a: 1 }, name: '' }, 67, '{ key: { a: 1 }, name: "", v: 2 } :: caused by :: index name cannot'],
    [{ key: { a: 1 }, name: '*' }, 2, "The index name '*' is not valid."],
    [{ key: { a: 1 }, name: '_id_' }, 2, 'must have key pattern {_id: 1}, found { a: 1 }'],
    [{ key: { _id: -1 }, name: 'x' }, 2, "The field 'key' for an _id index must be {_id: 1}"],
    [
      { key: { _id: 1 }, name: 'x', unique: true },
      197,
      "'unique' is not valid for an _id index specification",
    ],
    [
      { key: { _id: 1 }, name: 'x', collation: CASELESS },
      2,
      'must have the same collation as the collection',
    ],
    [{ key: { a: 1 }, name: 'x', collation: {} }, 2, "The field 'collation' cannot be an empty object."],
    [{ key: { a: 1, b: 1 }, name: 'x', expireAfterSeconds: 1 }, 67, 'compound indexes do not support TTL'],
    [
      { key: { a: 'text' }, name: 'x', weights: { a: 1 } },
      67,
      'kind "text" is not supported by the embedded',
    ],
    [{ key: { 'a.$**': 1 }, name: 'x' }, 67, 'A wildcard index is not supported by the embedded database'],
  ])('%j is refused with code %i', async (index, code, message) => {
    const collection = fresh();
    expect(await createIndex(collection, index)).toMatchObject({
      ok: expect.objectContaining({ value: 0 }),
      code,
      errmsg: expect.stringContaining(message),
    });
    // Not even the collection is made.
    expect(await local.run({ listIndexes: collection })).toMatchObject({ code: 26 });
  });

  it('may name fields of references, has fractions as other directions, and keeps what means nothing', async () => {
    const collection = fresh();
    await createIndex(collection, { key: { 'owner.$id': 1 }, name: 'owner' });
    await createIndex(collection, { key: { a: 1 }, name: 'one' });
    expect(await createIndex(collection, { key: { a: 1.5 }, name: 'more' })).toMatchObject({
      numIndexesAfter: 4,
    });
    expect(await createIndex(collection, { key: { b: 1 }, name: 'b', background: false })).toMatchObject({
      numIndexesAfter: 5,
    });
    // It makes no difference between two indexes.
    expect(await createIndex(collection, { key: { b: 1 }, name: 'b', background: true })).toMatchObject({
      numIndexesAfter: 5,
    });
    expect((await listed({ listIndexes: collection })).at(-1)).toEqual({
      v: 2,
      key: { b: 1 },
      name: 'b',
      background: false,
    });
    expect(await createIndex(collection, { key: { _id: 1 }, name: 'again' })).toMatchObject({
      note: 'all indexes already exist',
    });
  });
});

describe('the collation of a collection', () => {
  it('is that of its index on _id and of indexes that name none', async () => {
    const collection = fresh();
    await local.run({ create: collection, collation: CASELESS });
    await createIndex(collection, { key: { n: 1 }, name: 'inherited', unique: true });
    await createIndex(collection, { key: { n: 1 }, name: 'simple', collation: { locale: 'simple' } });
    const insert = (document: Fields): Promise<Fields> =>
      local.run({ insert: collection, documents: [document] });
    expect(await insert({ _id: 'a', n: 'x' })).not.toHaveProperty('writeErrors');
    for (const [document, index] of [
      [{ _id: 'A' }, '_id_'],
      [{ _id: 'b', n: 'X' }, 'inherited'],
    ] as const)
      expect(await insert(document)).toMatchObject({
        writeErrors: [{ code: 11000, errmsg: expect.stringContaining(`index: ${index} dup key`) }],
      });
    expect(await listed({ listIndexes: collection })).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_', collation: CASELESS_LISTED },
      { v: 2, key: { n: 1 }, name: 'inherited', unique: true, collation: CASELESS_LISTED },
      { v: 2, key: { n: 1 }, name: 'simple' },
    ]);
    expect(await listed({ listCollections: 1, filter: { name: collection } })).toMatchObject([
      { options: { collation: CASELESS_LISTED }, idIndex: { collation: CASELESS_LISTED } },
    ]);
  });

  it('is the one in which a document is found by its _id, unless a command names another', async () => {
    const collection = fresh();
    await local.run({ create: collection, collation: CASELESS });
    await local.run({ insert: collection, documents: [{ _id: 'a' }, { _id: 'b' }] });
    expect(await listed({ find: collection, filter: { _id: 'A' } })).toEqual([{ _id: 'a' }]);
    const simple = { filter: { _id: 'A' }, collation: { locale: 'simple' } };
    expect(await listed({ find: collection, ...simple })).toEqual([]);
    expect(
      await local.run({ update: collection, updates: [{ q: { _id: 'B' }, u: { n: 1 } }] }),
    ).toMatchObject({
      n: 1,
      nModified: 1,
    });
  });

  it('is that of projections', async () => {
    const collection = fresh();
    await local.run({ insert: collection, documents: [{ _id: 1, tags: ['x', 'Y', 'y'] }] });
    const projection = {
      _id: 0,
      tags: { $elemMatch: { $eq: 'y' } },
      has: { $in: ['X', '$tags'] },
    };
    const answer = { tags: ['Y'], has: true };
    expect(await listed({ find: collection, projection, collation: CASELESS })).toEqual([answer]);
    const change = { findAndModify: collection, query: {}, update: { $set: { n: 1 } }, fields: projection };
    expect(await local.run({ ...change, collation: CASELESS })).toMatchObject({ value: answer });
  });

  it('says which documents $merge meets, and whether an index tells them apart', async () => {
    const [source, target] = [fresh(), fresh()];
    await local.run({ insert: source, documents: [{ _id: 'A', n: 1 }] });
    await local.run({ create: target, collation: CASELESS });
    await local.run({ insert: target, documents: [{ _id: 'a' }] });
    const merge = (more: Fields): Promise<Fields> =>
      local.run({
        aggregate: source,
        pipeline: [{ $project: { n: 1 } }, { $merge: { into: target, whenMatched: 'keepExisting' } }],
        cursor: {},
        ...more,
      });
    expect(await merge({})).toMatchObject({ code: 51183 });
    expect(await merge({ collation: CASELESS })).not.toHaveProperty('code');
    expect(await listed({ find: target })).toEqual([{ _id: 'a' }]);
  });

  it('is the same however it is written: making it again is no conflict', async () => {
    const collection = fresh();
    await local.run({ create: collection, collation: CASELESS });
    expect(
      await local.run({ create: collection, collation: { ...CASELESS, caseLevel: false } }),
    ).toMatchObject({
      ok: expect.objectContaining({ value: 1 }),
    });
    expect(await local.run({ create: collection })).toMatchObject({
      code: 48,
      errmsg: expect.stringMatching(
        /^namespace fuzz\.c\d+ already exists, but with different options: \{ uuid: UUID\(/,
      ),
    });
    await createIndex(collection, { key: { n: 1 }, name: 'n', collation: { locale: 'de', strength: 1 } });
    expect(
      await createIndex(collection, { key: { n: 1 }, name: 'n', collation: { strength: 1, locale: 'de' } }),
    ).toMatchObject({ note: 'all indexes already exist' });
    // As stores have it that were written before.
    const stored = { number: 1, name: 'n', key: { n: 1 }, collation: CASELESS };
    expect(indexFromStored(stored).collation).toEqual(CASELESS_LISTED);
  });
});

describe('an index of an older version, which did not take over the collation', () => {
  const index = { key: { n: 1 }, name: 'n', unique: true };
  async function olderCollection(documents: Fields[]): Promise<string> {
    const collection = fresh();
    await local.run({ create: collection, collation: CASELESS });
    await createIndex(collection, { ...index, collation: { locale: 'simple' } });
    await local.run({ insert: collection, documents });
    const { catalogue } = local.engine;
    await catalogue.transaction(() => {
      const info = catalogue.get(`fuzz.${collection}`);
      if (info)
        catalogue.setIndexes(
          info,
          info.indexes.map(({ collation: _said, ...each }) => each),
        );
    });
    return collection;
  }

  it('is made anew when it is asked for again; one that says it is simple stays', async () => {
    const collection = await olderCollection([{ _id: 1, n: 'x' }]);
    const other = { key: { m: 1 }, name: 'm' };
    await createIndex(collection, { ...other, collation: { locale: 'simple' } });
    expect(await createIndex(collection, index)).toMatchObject({ numIndexesBefore: 3, numIndexesAfter: 3 });
    expect((await listed({ listIndexes: collection })).at(-1)).toMatchObject({ collation: CASELESS_LISTED });
    expect(await local.run({ insert: collection, documents: [{ n: 'X' }] })).toMatchObject({
      writeErrors: [{ code: 11000 }],
    });
    expect(await createIndex(collection, index)).toMatchObject({ note: 'all indexes already exist' });
    expect(await createIndex(collection, other)).toMatchObject({ code: 86 });
    expect(await local.run({ validate: collection })).toMatchObject({ valid: true });
  });

  it('stays where documents are in the way, or where another collation is asked for', async () => {
    const collection = await olderCollection([{ n: 'x' }, { n: 'X' }]);
    expect(await createIndex(collection, index)).toMatchObject({ code: 11000 });
    expect(
      await createIndex(collection, { ...index, collation: { locale: 'de', strength: 1 } }),
    ).toMatchObject({ code: 86, errmsg: expect.stringContaining('existing index: { v: 2, key: { n: 1 }') });
    const query = { find: collection, filter: { n: 'x' }, collation: { locale: 'simple' }, hint: 'n' };
    expect(await listed(query)).toMatchObject([{ n: 'x' }]);
  });
});

it('an index that leaves out what is missing does not serve a negation on a path through arrays', async () => {
  const collection = fresh();
  await local.run({
    insert: collection,
    documents: [
      { _id: 1, c: [] },
      { _id: 2, c: { d: 1 } },
    ],
  });
  await createIndex(collection, {
    key: { 'c.d': 1 },
    name: 'partial',
    partialFilterExpression: { 'c.d': { $exists: true } },
  });
  await createIndex(collection, { key: { 'c.d': -1 }, name: 'sparse', sparse: true });
  const found = await listed({ find: collection, filter: { 'c.d': { $ne: null } }, sort: { _id: 1 } });
  expect(found.map(({ _id }) => _id)).toEqual([1, 2]);
});

describe('dropIndexes and collMod', () => {
  it('name what they change, or say why not', async () => {
    const collection = fresh();
    const number = (value: number) => Long.fromNumber(value);
    await createIndex(collection, { key: { a: 1 }, name: 'a' });
    await createIndex(collection, { key: { a: 1, b: 1 }, name: 'both' });
    for (const [index, expected] of [
      [
        { name: 'a', hidden: true },
        { hidden_old: false, hidden_new: true },
      ],
      [{ keyPattern: { a: 1 }, hidden: true }, {}],
      [{ name: 'a', expireAfterSeconds: 60 }, { expireAfterSeconds_new: number(60) }],
      [
        { name: 'a', expireAfterSeconds: 9 },
        { expireAfterSeconds_old: number(60), expireAfterSeconds_new: number(9) },
      ],
    ] as const) {
      const { ok: _ok, ...answer } = await local.run({ collMod: collection, index });
      expect(answer).toEqual(expected);
    }
    for (const [index, code, errmsg] of [
      [{ name: '_id_', hidden: true }, 2, "can't hide _id index"],
      [{ name: 'none', hidden: true }, 27, `cannot find index none for ns fuzz.${collection}`],
      [{ name: 'a', keyPattern: { a: 1 }, hidden: true }, 72, 'Cannot specify both key pattern and name.'],
      [{ keyPattern: { z: 1 }, hidden: true }, 27, `cannot find index { z: 1 } for ns fuzz.${collection}`],
      [{ hidden: true }, 72, 'Must specify either index name or key pattern.'],
      [{ name: 'a' }, 72, 'no expireAfterSeconds, hidden, unique, or prepareUnique field'],
      [{ name: 'both', expireAfterSeconds: 1 }, 72, /compound indexes do not support TTL/],
      [{ name: '_id_', expireAfterSeconds: 1 }, 72, 'the _id field does not support TTL indexes'],
    ] as const)
      expect(await local.run({ collMod: collection, index })).toMatchObject({
        code,
        errmsg: typeof errmsg === 'string' ? errmsg : expect.stringMatching(errmsg),
      });
    expect(await local.run({ dropIndexes: collection })).toMatchObject({ code: 40414 });
    expect(await local.run({ dropIndexes: fresh(), index: '*' })).toMatchObject({ code: 26 });
    expect(await local.run({ dropIndexes: collection, index: '*' })).toMatchObject({
      nIndexesWas: 3,
      msg: 'non-_id indexes dropped for collection',
    });
  });
});
