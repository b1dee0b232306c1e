// Which index a query uses and how much it reads, as explain tells; and that every way gives the same answer.
import type { Collection, Document, FindOptions } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, startForTest } from './harness.ts';

const COUNT = 1_000;
const START = Date.UTC(2027, 0, 1);
const at = (n: number) => new Date(START + n * 60_000);

let running: Running;
let posts: Collection<Document>;

beforeAll(async () => {
  running = await startForTest();
  posts = running.client.db('test').collection('posts');
  await posts.insertMany(
    Array.from({ length: COUNT }, (_, n) => ({
      n,
      workspace: `w${n % 4}`,
      status: n % 50 === 0 ? 'scheduled' : 'published',
      dueAt: n % 7 === 0 ? null : at(n),
      tags: [`t${n % 10}`, `u${n % 3}`],
      targets: [
        { network: 'x', state: n % 2 ? 'sent' : 'waiting' },
        { network: 'tumblr', state: n % 3 ? 'sent' : 'waiting' },
      ],
      lockedAt: n % 100 === 1 ? at(n) : null,
    })),
  );
  await posts.createIndexes([
    { key: { workspace: 1, status: 1, dueAt: -1 }, name: 'queue' },
    { key: { status: 1, dueAt: 1 }, name: 'due' },
    { key: { lockedAt: 1 }, name: 'locked' },
    { key: { tags: 1, dueAt: 1 }, name: 'tags' },
    { key: { 'targets.network': 1, 'targets.state': 1 }, name: 'targets' },
    { key: { n: 1 }, name: 'n', unique: true },
    {
      key: { dueAt: 1 },
      name: 'waiting',
      partialFilterExpression: { status: 'scheduled', dueAt: { $exists: true } },
    },
  ]);
});
afterAll(async () => {
  expect(running.faults).toEqual([]);
  await running.stop();
});

interface Seen {
  index: string[];
  stages: string[];
  keys: number;
  documents: number;
  returned: number;
}

async function explain(filter: Document, options: FindOptions = {}): Promise<Seen> {
  const plan = await posts.find(filter, options).explain('executionStats');
  const text = JSON.stringify(plan.queryPlanner.winningPlan);
  return {
    index: [...text.matchAll(/"indexName":"([^"]+)"/g)].map((match) => match[1] ?? ''),
    stages: [...text.matchAll(/"stage":"([^"]+)"/g)].map((match) => match[1] ?? ''),
    keys: plan.executionStats.totalKeysExamined,
    documents: plan.executionStats.totalDocsExamined,
    returned: plan.executionStats.nReturned,
  };
}

/** The same query without any index. */
async function expectSameAsScan(filter: Document, options: FindOptions = {}): Promise<void> {
  const numbers = (hint?: Document) =>
    posts
      .find(filter, { ...options, ...(hint ? { hint } : {}) })
      .map((document) => document.n as number)
      .toArray();
  const inOrder = (values: number[]) => (options.sort ? values : values.sort((a, b) => a - b));
  expect(inOrder(await numbers())).toEqual(inOrder(await numbers({ $natural: 1 })));
}

describe('one index', () => {
  it('reads one key for a unique value', async () => {
    expect(await explain({ n: 77 })).toMatchObject({ index: ['n'], keys: 1, documents: 1, returned: 1 });
  });

  it('bounds an equality prefix and a range, and gives the sort without sorting', async () => {
    const filter = { workspace: 'w0', status: 'published', dueAt: { $gte: at(100), $lt: at(200) } };
    const seen = await explain(filter, { sort: { dueAt: -1 } });
    expect(seen.index).toEqual(['queue']);
    expect(seen.stages).not.toContain('SORT');
    expect(seen.keys).toBe(seen.returned);
    await expectSameAsScan(filter, { sort: { dueAt: -1 } });
    await expectSameAsScan(filter, { sort: { dueAt: 1 } });
  });

  it('stops early when the order is given and few are wanted', async () => {
    const seen = await explain(
      { status: 'published', dueAt: { $gt: at(0) } },
      { sort: { dueAt: 1 }, limit: 5 },
    );
    expect(seen).toMatchObject({ index: ['due'], returned: 5, documents: 5 });
  });

  it('merges the values of $in in the order of the sort', async () => {
    const filter = { workspace: { $in: ['w0', 'w2', 'nobody'] }, status: 'scheduled' };
    const seen = await explain(filter, { sort: { dueAt: -1 }, limit: 6 });
    expect(seen.stages).not.toContain('SORT');
    expect(seen.documents).toBeLessThan(12);
    await expectSameAsScan(filter, { sort: { dueAt: -1, n: 1 } });
  });

  it('never takes null for a date', async () => {
    const filter = { status: 'scheduled', dueAt: { $lte: at(COUNT) } };
    const seen = await explain(filter);
    expect(seen.keys).toBe(seen.returned);
    await expectSameAsScan(filter);
    await expectSameAsScan({ dueAt: null, status: 'scheduled' });
    await expectSameAsScan({ dueAt: { $lte: null }, status: 'scheduled' });
  });

  it('counts keys instead of trusting equalities', async () => {
    // lockedAt null holds for nearly all documents, the due time for a handful.
    const seen = await explain({ lockedAt: null, status: 'scheduled', dueAt: { $lte: at(300) } });
    expect(seen.index.every((name) => name === 'due' || name === 'waiting')).toBe(true);
    expect(seen.keys).toBeLessThan(10);
  });

  it('reads nothing when the conditions exclude each other', async () => {
    expect(await explain({ n: { $gt: 5, $lt: 5 } })).toMatchObject({ documents: 0, keys: 0 });
    expect(await explain({ n: { $in: [] } })).toMatchObject({ documents: 0, keys: 0 });
  });
});

describe('arrays', () => {
  it('finds by element and gives each document once', async () => {
    const filter = { tags: { $in: ['t1', 'u1'] } };
    expect((await explain(filter)).index).toEqual(['tags']);
    await expectSameAsScan(filter);
    await expectSameAsScan({ tags: 't3' }, { sort: { dueAt: 1, n: 1 } });
  });

  it('does not join conditions that different elements may meet', async () => {
    await expectSameAsScan({ tags: { $gte: 't9', $lte: 'u0' } });
    await expectSameAsScan({ 'targets.network': 'x', 'targets.state': 'waiting' });
    const joined = { targets: { $elemMatch: { network: 'x', state: 'waiting' } } };
    const seen = await explain(joined);
    expect(seen).toMatchObject({ index: ['targets'], keys: COUNT / 2, returned: COUNT / 2 });
    await expectSameAsScan(joined);
  });

  it('sorts by an array in memory, since an index within bounds does not know its least element', async () => {
    expect((await explain({ tags: 't1' }, { sort: { tags: 1 } })).stages).toContain('SORT');
    await expectSameAsScan({ tags: { $gt: 'u0' } }, { sort: { tags: -1, n: 1 } });
  });
});

describe('$or, partial indexes and hints', () => {
  it('gives each branch its index and merges them', async () => {
    const filter = {
      $or: [{ status: 'scheduled', dueAt: { $lte: at(300) } }, { lockedAt: { $lte: at(500) } }],
    };
    const seen = await explain(filter, { sort: { dueAt: 1 } });
    expect(seen.stages).toContain('SORT_MERGE');
    expect(seen.index).toContain('locked');
    expect(seen.documents).toBeLessThan(20);
    await expectSameAsScan(filter);
    await expectSameAsScan(filter, { sort: { dueAt: 1, n: -1 } });
    await expectSameAsScan({ $or: [{ n: 3 }, { n: { $in: [3, 4] } }, { n: { $lt: 2 } }] });
  });

  it('falls back to a scan when one branch has no index', async () => {
    const filter = { $or: [{ n: 3 }, { unknown: 1 }] };
    expect((await explain(filter)).stages).toContain('COLLSCAN');
    await expectSameAsScan(filter);
  });

  it('uses a partial index only for queries that stay within it', async () => {
    const within = await explain({ status: 'scheduled', dueAt: { $gt: at(10) } }, { hint: 'waiting' });
    expect(within.index).toEqual(['waiting']);
    await expect(posts.find({ dueAt: { $gt: at(10) } }, { hint: 'waiting' }).toArray()).rejects.toMatchObject(
      { code: 2 },
    );
    expect((await explain({ dueAt: { $gt: at(10) } })).index).not.toContain('waiting');
  });

  it('obeys a hint by name, by pattern and natural', async () => {
    expect((await explain({ status: 'scheduled' }, { hint: 'queue' })).index).toEqual(['queue']);
    expect((await explain({ n: 5 }, { hint: { status: 1, dueAt: 1 } })).index).toEqual(['due']);
    expect((await explain({ n: 5 }, { hint: { $natural: 1 } })).stages).toEqual(['COLLSCAN']);
  });
});

describe('keys longer than LMDB takes', () => {
  it('are found, kept unique and sorted', async () => {
    const long = running.client.db('test').collection('long');
    await long.createIndex({ text: 1 }, { unique: true });
    const texts = ['b', 'a', 'c'].map((tail) => 'x'.repeat(3000) + tail);
    await long.insertMany([...texts, 'short'].map((text) => ({ text })));
    await expect(long.insertOne({ text: texts[0] })).rejects.toMatchObject({ code: 11000 });
    expect(await long.countDocuments({ text: texts[1] })).toBe(1);
    expect(
      await long
        .find({ text: { $gte: 'x' } }, { sort: { text: 1 } })
        .map((d) => d.text)
        .toArray(),
    ).toEqual([...texts].sort());
    expect(await long.find({ text: { $gt: texts[1] } }).toArray()).toHaveLength(2);
    expect(await running.client.db('test').command({ validate: 'long' })).toMatchObject({ valid: true });
  });
});
