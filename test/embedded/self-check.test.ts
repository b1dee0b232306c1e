// One bit in the key of an index is changed on the disk: a query no longer finds its document and no read complains. The look
// for damage finds it, says what helps, and that helps.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Engine } from '../../src/embedded/engine.ts';
import { entriesOf } from '../../src/embedded/index-keys.ts';
import { compactDatabase } from '../../src/embedded/maintenance.ts';
import { indexKey } from '../../src/embedded/record-keys.ts';
import { checkOnce, startSelfCheck } from '../../src/embedded/self-check.ts';
import { makeGoodDatabase } from './faults/good-database.ts';
import { startForTest, temporaryDirectory } from './harness.ts';
import { openLocalEngine } from './meaning/local-engine.ts';

let directory: string;
beforeEach(async () => {
  directory = join(temporaryDirectory(), 'store');
  mkdirSync(directory);
  await makeGoodDatabase(join(directory, 'data.mdb'));
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

async function withEngine<T>(work: (engine: Engine) => Promise<T> | T): Promise<T> {
  const engine = await Engine.open(directory);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** Makes `document 76` of `document 77` in the key of its entry: the keys stay in order. */
async function spoilIndexKey(): Promise<void> {
  const key = await withEngine((engine) => {
    const index = engine.catalogue.get('fuzz.c')?.indexes.find(({ name }) => name === 'text_1_a_-1');
    if (!index) throw new Error('the index is not there');
    // The 78th document that was inserted.
    const [entry] = entriesOf(index, { text: 'document 77', a: 0 }).keys;
    return indexKey(index.number, entry as Buffer, 78);
  });
  const file = join(directory, 'data.mdb');
  const bytes = readFileSync(file);
  const place = bytes.lastIndexOf(key) + key.indexOf('77') + 1;
  expect(bytes.lastIndexOf(key)).toBeGreaterThan(0);
  for (let at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key)) {
    const spot = at + key.indexOf('77') + 1;
    bytes[spot] = (bytes[spot] ?? 0) ^ 1;
  }
  expect(bytes[place]).toBe('6'.charCodeAt(0));
  writeFileSync(file, bytes);
}

const found = (hint: string | object) => ({ find: 'c', filter: { text: 'document 77' }, hint });

it('finds a bit that hides a document; compact makes the index anew', async () => {
  await spoilIndexKey();
  const running = await startForTest({ directory });
  const db = running.client.db('fuzz');
  const finds = async (hint: string | object) =>
    (await db.command(found(hint))).cursor.firstBatch.length as number;
  expect(await finds('text_1_a_-1')).toBe(4);
  expect(await finds({ $natural: 1 })).toBe(5);
  await running.stop();

  const damage = await withEngine(async (engine) => (await checkOnce(engine, async () => true))?.damage);
  expect(damage).toMatch(/fuzz\.c: record 78 is missing in index text_1_a_-1\. .*npm run compact/);

  const done = await compactDatabase(directory, 'data.mdb.before');
  expect(done.mended).toEqual(['fuzz.c: record 78 is missing in index text_1_a_-1']);
  expect(existsSync(join(directory, 'data.mdb.before'))).toBe(true);
  expect(await withEngine((engine) => checkOnce(engine, async () => true))).toMatchObject({ documents: 430 });
  const again = await startForTest({ directory });
  expect((await again.client.db('fuzz').command(found('text_1_a_-1'))).cursor.firstBatch).toHaveLength(5);
  await again.stop();
});

it('begins ten minutes after the start, tells the owner and every serverStatus, and looks again', async () => {
  await spoilIndexKey();
  const faults: unknown[] = [];
  const engine = await Engine.open(directory, { onFault: (error) => faults.push(error) });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const check = startSelfCheck(engine);
    await vi.advanceTimersByTimeAsync(599_000);
    expect(engine.lastCheck).toBeUndefined();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(engine.lastCheck).toMatchObject({ documents: 430, damage: expect.stringContaining('record 78') });
    expect(faults).toEqual([new Error(engine.lastCheck?.damage)]);
    const first = engine.lastCheck;
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect(engine.lastCheck).not.toBe(first);
    await check.stop();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
    await engine.close();
  }
});

it('says that a backup is needed where a document is damaged', async () => {
  const file = join(directory, 'data.mdb');
  const bytes = readFileSync(file);
  const text = Buffer.from('document 99\0');
  const place = bytes.lastIndexOf(Buffer.concat([Buffer.from([text.length, 0, 0, 0]), text]));
  expect(place).toBeGreaterThan(0);
  bytes.write('D', place + 4);
  writeFileSync(file, bytes);
  const damage = await withEngine(async (engine) => (await checkOnce(engine, async () => true))?.damage);
  expect(damage).toMatch(
    /fuzz\.c: record \d+ cannot be read: a stored value is damaged.*\. Restore a backup/,
  );
  const before = join(directory, '..', 'before.mdb');
  copyFileSync(file, before);
  await expect(compactDatabase(directory, 'data.mdb.before')).rejects.toThrow('Restore a backup');
  expect(readFileSync(file).equals(readFileSync(before))).toBe(true);
});

it('gives no false alarm while documents, indexes and collections come and go, and ends when it is told to', async () => {
  const local = await openLocalEngine();
  /** It pauses after each step, and its view is renewed every few of them. */
  const thrift = { slice: 0, writesPerView: 20, growthPerView: Number.POSITIVE_INFINITY };
  try {
    await local.run({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1' }] });
    await local.run({ insert: 'c', documents: Array.from({ length: 200 }, (_, n) => ({ _id: n, a: [n] })) });
    let step = 0;
    const write = async () => {
      step += 1;
      const id = (step * 7) % 200;
      void local.run({ update: 'c', updates: [{ q: { _id: id }, u: { $set: { a: [step, id] } } }] });
      void local.run({ delete: 'c', deletes: [{ q: { _id: id + 1 }, limit: 1 }] });
      await local.run({ insert: 'c', documents: [{ _id: id + 1, a: step }] });
      return true;
    };
    expect((await checkOnce(local.engine, write, thrift))?.damage).toBeUndefined();
    expect(step).toBeGreaterThan(100);

    const change = async () => {
      if (step % 50 === 10)
        await local.run({ createIndexes: 'c', indexes: [{ key: { b: 1 }, name: 'b_1' }] });
      if (step % 50 === 40) await local.run({ dropIndexes: 'c', index: 'b_1' });
      if (step % 60 === 20) await local.run({ insert: 'd', documents: [{ _id: 1 }, { _id: 2 }] });
      if (step % 60 === 50) await local.run({ drop: 'd' });
      return write();
    };
    for (let round = 0; round < 5; round++)
      expect((await checkOnce(local.engine, change, thrift))?.damage).toBeUndefined();
    expect(await checkOnce(local.engine, async () => false, thrift)).toBeUndefined();
  } finally {
    await local.close();
  }
});

it('lets the file grow by no more than its bound, however large the writes beside it are', async () => {
  const local = await openLocalEngine();
  const size = () => statSync(local.engine.storage.file).size;
  const bulk = Array.from({ length: 500 }, (_, n) => ({ _id: `bulk ${n}`, text: 'b'.repeat(2_000) }));
  const thrift = { slice: 0, writesPerView: Number.POSITIVE_INFINITY, growthPerView: 4_000_000 };
  try {
    await local.run({ insert: 'c', documents: Array.from({ length: 300 }, (_, n) => ({ _id: n })) });
    const before = size();
    let most = 0;
    let bulks = 0;
    const write = async () => {
      if (++bulks <= 40) {
        await local.run({ insert: 'other', documents: bulk });
        await local.run({ delete: 'other', deletes: [{ q: {}, limit: 0 }] });
      }
      most = Math.max(most, size() - before);
      return true;
    };
    expect((await checkOnce(local.engine, write, thrift))?.damage).toBeUndefined();
    expect(bulks).toBeGreaterThan(40);
    // Some bounds, since LMDB uses freed pages again two transactions later; without one it is 86 MB.
    expect(most).toBeLessThan(40_000_000);
  } finally {
    await local.close();
  }
});
