// Writes that find nothing: answered from a read, without a commit, and refused where they are wrong all the same.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Fields, type LocalEngine, openLocalEngine } from './meaning/local-engine.ts';

let local: LocalEngine;
beforeEach(async () => {
  local = await openLocalEngine();
  await local.run({ insert: 'c', documents: [{ _id: 1, n: 1 }] });
});
afterEach(() => local.close());

async function commitsOf(command: Fields): Promise<{ commits: number; reply: Fields }> {
  const before = local.engine.storage.writes;
  const reply = await local.run(command);
  return { commits: local.engine.storage.writes - before, reply };
}

const missing = [{ _id: 7 }, { n: { $gt: 7 } }];
const change = { $set: { n: 2 } };

it('asks for no commit when none of several statements finds a document', async () => {
  const updates = missing.map((q) => ({ q, u: change }));
  expect(await commitsOf({ update: 'c', updates })).toMatchObject({
    commits: 0,
    reply: { n: 0, nModified: 0 },
  });
  const deletes = missing.map((q) => ({ q, limit: 0 }));
  expect(await commitsOf({ delete: 'c', deletes })).toMatchObject({ commits: 0, reply: { n: 0 } });
});

it('makes one when the last finds one, or an upsert is among them', async () => {
  const updates = [...missing, { _id: 1 }].map((q) => ({ q, u: change }));
  expect(await commitsOf({ update: 'c', updates })).toMatchObject({
    commits: 1,
    reply: { n: 1, nModified: 1 },
  });
  const upserts = missing.map((q) => ({ q, u: change, upsert: '_id' in q }));
  expect(await commitsOf({ update: 'c', updates: upserts })).toMatchObject({ commits: 1, reply: { n: 1 } });
});

it('refuses an update that is wrong', async () => {
  const updates = [
    { q: missing[0], u: change },
    { q: missing[1], u: { $no: { n: 1 } } },
  ];
  const { reply } = await commitsOf({ update: 'c', updates });
  expect(reply).toMatchObject({ n: 0, writeErrors: [{ index: 1, code: 9 }] });
});
