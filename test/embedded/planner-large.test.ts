// Plans of which none can be counted within the first looks: a wide index must not win by being the first.
import type { Collection, Document } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, startForTest } from './harness.ts';

const COUNT = 12_000;
let running: Running;
let posts: Collection<Document>;

beforeAll(async () => {
  running = await startForTest();
  posts = running.client.db('test').collection('posts');
  await posts.createIndexes([
    { key: { team: 1, standing: 1, at: 1 }, name: 'wide' },
    { key: { team: 1, targets: 1, standing: 1, at: 1 }, name: 'narrow' },
  ]);
  await posts.insertMany(
    Array.from({ length: COUNT }, (_, at) => ({ team: 'a', standing: 'done', targets: [`t${at % 4}`], at })),
  );
});
afterAll(() => running.stop());

it.each([
  ['counted', {}, COUNT / 4],
  ['in order, the first ten', { sort: { at: -1 }, limit: 10 } as const, 10],
  ['any ten', { limit: 10 }, 10],
])('%s: the index with more fields bounded', async (_, options, documents) => {
  const filter = { team: 'a', standing: { $in: ['done', 'gone'] }, targets: { $in: ['t1'] } };
  const { executionStats } = await posts.find(filter, options).explain('executionStats');
  expect(executionStats.totalDocsExamined).toBe(documents);
});
