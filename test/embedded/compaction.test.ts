// Compaction gives space back and mends what is derived.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compactDatabase, inspectDatabase } from '../../src/embedded/maintenance.ts';
import { Storage } from '../../src/embedded/storage.ts';
import { temporaryDirectory, withServer } from './harness.ts';

/** Where a compaction keeps a file that it had to mend. */
const ASIDE = 'data.mdb.before-compact';

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('compaction', () => {
  it('gives free pages back and keeps every document', async () => {
    await withServer(directory, async ({ client }) => {
      const c = client.db('t').collection<{ _id: number; text: string }>('c');
      await c.createIndex({ text: 1 });
      await c.insertMany(Array.from({ length: 3_000 }, (_, n) => ({ _id: n, text: `${n}`.repeat(100) })));
      await c.deleteMany({ _id: { $gte: 100 } });
      const { lmdb } = await client.db('admin').command({ serverStatus: 1 });
      expect(lmdb.freeBytes).toBeGreaterThan(lmdb.fileBytes / 2);
    });
    const done = await compactDatabase(directory, ASIDE);
    expect(done.bytesAfter).toBeLessThan(done.bytesBefore / 2);
    expect(done.collections).toMatchObject([{ namespace: 't.c', documents: 100, indexes: 2 }]);
    await withServer(directory, async ({ client }) => {
      const c = client.db('t').collection<{ _id: number; text: string }>('c');
      // Large on purpose: a compacted file has no list of free pages yet.
      await c.insertMany(
        Array.from({ length: 5_000 }, (_, n) => ({ _id: 100 + n, text: `new ${n}`.repeat(50) })),
      );
      expect(
        await c
          .find({ _id: { $lt: 101 } })
          .sort({ _id: 1 })
          .map(({ _id }) => _id)
          .toArray(),
      ).toEqual(Array.from({ length: 101 }, (_, n) => n));
      expect(await client.db('t').command({ validate: 'c' })).toMatchObject({ valid: true });
    });
  });

  it('makes indexes and counters anew that do not agree with the documents, and keeps the file as it was', async () => {
    await withServer(directory, async ({ client }) => {
      const c = client.db('t').collection('c');
      await c.createIndex({ a: 1 });
      await c.insertMany(Array.from({ length: 20 }, (_, n) => ({ a: n })));
    });
    const storage = await Storage.open(directory);
    const lost = [...storage.indexes.getKeys()].at(-1) as Buffer;
    const stray = Buffer.from(lost).fill(0xee, 0, 4);
    await storage.write(() => {
      storage.indexes.remove(lost);
      storage.indexes.put(stray, Buffer.alloc(0));
      for (const { key, value } of storage.catalogue.getRange({ start: Buffer.from('n/'), limit: 1 }))
        storage.catalogue.put(key as Buffer, Buffer.from(value).fill(0, 0, 16));
    });
    await storage.close();

    await expect(inspectDatabase(directory)).rejects.toThrow(/No document is lost, .*npm run compact/);
    const before = readFileSync(join(directory, 'data.mdb'));
    await withServer(directory, async ({ client }) => {
      expect(await client.db('t').collection('c').countDocuments({ a: 19 })).toBe(0);
      expect(await client.db('t').command({ validate: 'c' })).toMatchObject({ valid: false });
    });
    const { mended, collections } = await compactDatabase(directory, ASIDE);
    expect(mended).toEqual([
      'there is an entry that belongs to no index',
      't.c: record 20 is missing in index a_1',
      't.c: the counter says 0 documents, there are 20',
      expect.stringMatching(/^t\.c: the counter says 0 bytes, there are \d+$/),
      't.c: index a_1 has 19 entries, the documents give 20',
    ]);
    expect(collections).toMatchObject([{ documents: 20, indexes: 2 }]);
    expect(statSync(join(directory, ASIDE)).size).toBe(before.length);
    await withServer(directory, async ({ client }) => {
      const c = client.db('t').collection('c');
      expect(await c.countDocuments({ a: 19 })).toBe(1);
      expect(await c.countDocuments()).toBe(20);
      expect(await c.estimatedDocumentCount()).toBe(20);
    });
    expect(await compactDatabase(directory, ASIDE)).toMatchObject({ mended: [] });
  });

  it('says which documents have one key of a unique index, and leaves the file as it was', async () => {
    await withServer(directory, async ({ client }) => {
      const c = client.db('t').collection('c');
      await c.createIndex({ a: 1 }, { unique: true });
      await c.insertMany([{ a: 1 }, { a: 2 }]);
    });
    const storage = await Storage.open(directory);
    const lost = [...storage.indexes.getKeys()].at(-1) as Buffer;
    await storage.write(() => storage.indexes.remove(lost));
    await storage.close();
    await withServer(directory, ({ client }) => client.db('t').collection('c').insertOne({ a: 2 }));
    await expect(compactDatabase(directory, ASIDE)).rejects.toThrow(
      /cannot be made anew: E11000 .*a: 2.*remove one of the two documents/,
    );
    expect(existsSync(join(directory, ASIDE))).toBe(false);
    await withServer(directory, async ({ client }) =>
      expect(
        await client
          .db('t')
          .collection('c')
          .find({}, { hint: { $natural: 1 } })
          .toArray(),
      ).toHaveLength(3),
    );
  });

  it('of a folder without a store is refused and makes none', async () => {
    await expect(compactDatabase(directory, ASIDE)).rejects.toThrow(`there is no database in ${directory}`);
    expect(readdirSync(directory)).toEqual([]);
  });
});
