// Small cases that random worlds found: each was answered wrongly once.
import { tmpdir } from 'node:os';
import { BSONRegExp } from 'bson';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Fields, type LocalEngine, openLocalEngine } from './local-engine.ts';

let local: LocalEngine;
beforeAll(async () => {
  local = await openLocalEngine();
});
afterAll(async () => {
  expect(local.faults).toEqual([]);
  await local.close();
});

async function world(indexes: Fields[], documents: Fields[]): Promise<void> {
  await local.run({ dropDatabase: 1 });
  for (const [number, key] of indexes.entries())
    await local.run({ createIndexes: 'c', indexes: [{ key, name: `i${number}` }] });
  expect(await local.run({ insert: 'c', documents })).toMatchObject({ n: documents.length });
}

async function numbers(find: Fields): Promise<unknown[]> {
  const reply = await local.run({ find: 'c', ...find });
  return ((reply.cursor as Fields).firstBatch as Fields[]).map(({ _id }) => _id).sort();
}

it.each([
  ['null', null],
  ['$exists: false', { $exists: false }],
  ['$in with null', { $in: [null, 7] }],
  ['$ne: null', { $ne: null }],
  ['$nin with null', { $nin: [null, 7] }],
])('a number in a path is a position and a name, also through an index: %s', async (_what, condition) => {
  await world(
    [{ 'c.0.d': 1 }],
    [{ _id: 1, c: [{ d: 'x' }, { d: 'y' }] }, { _id: 2, c: { 0: { d: 'x' } } }, { _id: 3 }],
  );
  const filter = { 'c.0.d': condition };
  expect(await numbers({ filter })).toEqual(await numbers({ filter, hint: { $natural: 1 } }));
  expect(await numbers({ filter, hint: 'i0' })).toEqual(await numbers({ filter, hint: { $natural: 1 } }));
});

it('a statement that fails counts nothing', async () => {
  await world([], [{ _id: 1, n: 1, tags: [] }]);
  const change = (u: Fields) => ({ q: {}, u, multi: true });
  expect(
    await local.run({ update: 'c', updates: [change({ $inc: { n: 1 } }), change({ $inc: { tags: 1 } })] }),
  ).toMatchObject({ n: 1, nModified: 1, writeErrors: [{ index: 1, code: 14 }] });
});

it('a pattern beside other values of $in', async () => {
  await world(
    [{ a: 1 }],
    [
      { _id: 1, a: 'xy' },
      { _id: 2, a: 3 },
      { _id: 3, a: null },
      { _id: 4, a: new BSONRegExp('^x', '') },
    ],
  );
  const filter = { a: { $in: [new BSONRegExp('^x', ''), 3] } };
  expect(await numbers({ filter, hint: 'i0' })).toEqual([1, 2, 4]);
});

it('an index is not asked before it is on disk', async () => {
  // On a disk, where the time between the index and its commit is long enough to ask in it.
  const onDisk = await openLocalEngine(tmpdir());
  const documents = Array.from({ length: 3_000 }, (_, _id) => ({ _id, a: 1, text: 'x'.repeat(500) }));
  await onDisk.run({ insert: 'c', documents });
  let asked = 0;
  for (let round = 0; round < 4; round++) {
    let isMade = false;
    const making = onDisk
      .run({ createIndexes: 'c', indexes: [{ key: { a: 1, [`f${round}`]: 1 }, name: `i${round}` }] })
      .finally(() => {
        isMade = true;
      });
    for (; !isMade; asked++) {
      expect((await onDisk.run({ count: 'c', query: { a: 1 } })).n).toBe(documents.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await making).toMatchObject({ numIndexesAfter: 2 });
    expect((await onDisk.run({ count: 'c', query: { a: 1 }, hint: `i${round}` })).n).toBe(documents.length);
    await onDisk.run({ dropIndexes: 'c', index: `i${round}` });
  }
  expect(asked).toBeGreaterThan(4);
  await onDisk.close();
});
