// Copies of a store at work, compaction, replacement, and files of another format.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FORMAT_VERSION, type Format } from '../../src/embedded/format.ts';
import type { RawSpace } from '../../src/embedded/format-steps.ts';
import {
  compactDatabase,
  DatabaseLocked,
  incomingFolder,
  inspectDatabase,
  readAddress,
  removeSnapshot,
  replaceDatabase,
  type Snapshot,
  snapshotOf,
  takeLock,
} from '../../src/embedded/maintenance.ts';
import { SEAL_BYTES, sealedValues } from '../../src/embedded/sealed-value.ts';
import { Storage } from '../../src/embedded/storage.ts';
import { startForTest, temporaryDirectory } from './harness.ts';

/** Where a compaction keeps a file that it had to mend. */
const ASIDE = 'data.mdb.before-compact';

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Counters {
  _id: string;
  left: number;
  right: number;
}

/** Runs something on a server over the directory, which is stopped afterwards. */
async function withServer<T>(
  folder: string,
  work: (running: Awaited<ReturnType<typeof startForTest>>) => Promise<T>,
): Promise<T> {
  const running = await startForTest({ directory: folder });
  try {
    return await work(running);
  } finally {
    await running.stop();
  }
}

describe('a copy of a running store', () => {
  it('is one instant: what belongs together is together, what was acknowledged before is there', async () => {
    await withServer(directory, async ({ client }) => {
      const counters = client.db('t').collection<Counters>('counters');
      await counters.createIndex({ left: 1 });
      await counters.insertMany(Array.from({ length: 200 }, (_, n) => ({ _id: `c${n}`, left: 0, right: 0 })));
      let isWriting = true;
      let acknowledged = 0;
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let n = 0; isWriting; n++) {
          // Fields of one document, and documents of one command.
          await counters.updateOne({ _id: `c${(n * 8 + writer) % 100}` }, { $inc: { left: 1, right: 1 } });
          await counters.insertMany([
            { _id: `${writer}/${n}/left`, left: n, right: n },
            { _id: `${writer}/${n}/right`, left: n, right: n },
          ]);
          acknowledged += 1;
        }
      });
      const copies: { snapshot: Snapshot; before: number }[] = [];
      for (let n = 0; n < 4; n++) {
        const target = acknowledged + 40;
        await expect.poll(() => acknowledged, { timeout: 10_000, interval: 2 }).toBeGreaterThan(target);
        const before = acknowledged;
        const snapshot = await client.db('admin').command({ embeddedSnapshot: 1 });
        copies.push({ snapshot: snapshot as unknown as Snapshot, before });
      }
      isWriting = false;
      await Promise.all(writers);
      for (const { snapshot, before } of copies) {
        const [inspected] = await inspectDatabase(dirname(snapshot.file));
        expect(inspected?.documents).toBeGreaterThanOrEqual(200 + 2 * before);
        await withServer(dirname(snapshot.file), async ({ client: reader }) => {
          const found = await reader.db('t').collection<Counters>('counters').find().toArray();
          expect(found.filter(({ left, right }) => left !== right)).toEqual([]);
          const halves = found.filter(({ _id }) => _id.includes('/')).map(({ _id }) => _id);
          expect(halves.filter((_id) => _id.endsWith('left')).length).toBe(halves.length / 2);
          expect(found.reduce((sum, { left }) => sum + left, 0)).toBeGreaterThan(0);
        });
      }
    });
  });

  it('is refused outside of admin, and one at a time', async () => {
    await withServer(directory, async ({ client }) => {
      await expect(client.db('t').command({ embeddedSnapshot: 1 })).rejects.toMatchObject({ code: 13 });
      await client
        .db('t')
        .collection('c')
        .insertMany(Array.from({ length: 2_000 }, () => ({ text: 'x'.repeat(10_000) })));
      const inParallel = (command: object) =>
        Promise.allSettled([1, 2, 3].map(() => client.db('admin').command(command)));
      // Each on a connection of its own that is open already, so that they arrive together.
      await inParallel({ ping: 1 });
      const answers = await inParallel({ embeddedSnapshot: 1 });
      const refused = answers.filter((answer) => answer.status === 'rejected');
      expect(refused.map(({ reason }) => reason.code)).toContain(117);
      expect(refused.length).toBeLessThan(answers.length);
    });
  });

  it('outlives a stop in its midst, and is cleared at the next start', async () => {
    const running = await startForTest({ directory });
    await running.client
      .db('t')
      .collection('c')
      .insertMany(Array.from({ length: 2_000 }, (_, n) => ({ n, text: 'x'.repeat(2_000) })));
    const copy = running.client
      .db('admin')
      .command({ embeddedSnapshot: 1 })
      .catch(() => undefined);
    await expect.poll(() => existsSync(join(directory, 'snapshots')), { interval: 1 }).toBe(true);
    await running.stop();
    await copy;
    await withServer(directory, async () => {
      expect(existsSync(join(directory, 'snapshots'))).toBe(false);
    });
  });
});

describe('the address of a running store', () => {
  it('is told to its owner alone, and withdrawn at the stop', async () => {
    await withServer(directory, async ({ database }) => {
      expect(readAddress(directory)).toBe(database.uri);
      expect(statSync(join(directory, 'address')).mode & 0o777).toBe(0o600);
      expect(() => takeLock(directory)).toThrow(DatabaseLocked);
    });
    expect(readAddress(directory)).toBeUndefined();
  });
});

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

describe('replacing a store', () => {
  it('keeps the old file aside under a name that is never overwritten', async () => {
    const other = temporaryDirectory();
    await withServer(directory, ({ client }) => client.db('t').collection('old').insertOne({}));
    await withServer(other, ({ client }) => client.db('t').collection('new').insertOne({}));
    const old = readFileSync(join(directory, 'data.mdb'));
    replaceDatabase(directory, other, 'data.mdb.before');
    expect((await inspectDatabase(directory)).map(({ namespace }) => namespace)).toEqual(['t.new']);
    expect(readFileSync(join(directory, 'data.mdb.before'))).toEqual(old);
    expect(() => replaceDatabase(directory, incomingFolder(directory), 'data.mdb.before')).toThrow(
      'exists already',
    );
    rmSync(other, { recursive: true });
  });
});

describe('the format', () => {
  /** A later version of the store, two formats on, whose steps count themselves. */
  const later = (onStep: (from: number) => void = () => undefined): Format<RawSpace> => ({
    version: FORMAT_VERSION + 2,
    steps: [FORMAT_VERSION, FORMAT_VERSION + 1].map((from) => ({
      from,
      run({ catalogue }) {
        const before = [...catalogue.getRange({ start: Buffer.alloc(0) })].filter(({ key }) =>
          Buffer.from(key).toString().startsWith('step/'),
        );
        catalogue.put(Buffer.from(`step/${before.length}`), sealedValues.encode(Buffer.from('done')));
        onStep(from);
      },
    })),
  });
  const stepsWritten = (storage: Storage) =>
    storage.catalogue.getKeysCount({ start: Buffer.from('step/'), end: Buffer.from('step0') });
  const opened = async <T>(format: Format<RawSpace>, read: (storage: Storage) => T): Promise<T> => {
    const storage = await Storage.open(directory, format);
    try {
      return read(storage);
    } finally {
      await storage.close();
    }
  };

  beforeEach(() =>
    withServer(directory, ({ client }) => client.db('t').collection('c').insertOne({ kept: true })),
  );

  /** Turns the store into what format 1 was: the same, without checksums. */
  async function makeFormat1(): Promise<void> {
    const root = open<Buffer, Buffer>({
      path: directory,
      keyEncoding: 'binary',
      encoding: 'binary',
      maxDbs: 4,
    });
    for (const name of ['documents', 'indexes', 'catalogue']) {
      const space = root.openDB<Buffer, Buffer>(name, { keyEncoding: 'binary', encoding: 'binary' });
      await root.transaction(() => {
        // All are read before the first is written: LMDB ends the process when pages change under its cursor.
        for (const { key, value } of [...space.getRange({ start: Buffer.alloc(0) })])
          space.put(key, value.length === 0 ? value : Buffer.from(value.subarray(0, -SEAL_BYTES)));
        if (name === 'catalogue') space.put(Buffer.from('format'), Buffer.from('1'));
      });
    }
    await root.close();
  }

  it('1, of the first version, is brought up to the present one with everything in it', async () => {
    await withServer(directory, async ({ client }) => {
      const c = client.db('t').collection<{ _id: number; text: string }>('many');
      await c.createIndexes([{ key: { text: 1 }, unique: true }, { key: { n: 1, text: -1 } }]);
      await c.insertMany(
        Array.from({ length: 3_000 }, (_, n) => ({ _id: n, n: n % 7, text: `${n}`.repeat(20) })),
      );
      await c.insertOne({ _id: -1, text: 'long'.repeat(10_000) });
    });
    const before = await inspectDatabase(directory);
    await makeFormat1();
    const old = readFileSync(join(directory, 'data.mdb'));
    expect(await inspectDatabase(directory)).toEqual(before);
    const kept = readFileSync(join(directory, 'data.mdb.format-1'));
    expect(kept.length).toBeLessThanOrEqual(old.length);
    await withServer(directory, async ({ client }) => {
      expect(
        await client
          .db('t')
          .collection('many')
          .findOne({ text: '7'.repeat(20) }),
      ).toMatchObject({ _id: 7 });
    });
    // The copy is a store of format 1 itself, which is brought up in its turn.
    writeFileSync(join(directory, 'data.mdb'), kept);
    expect(await inspectDatabase(directory)).toEqual(before);
  });

  it('2, whose keys of collations were others, is brought up without them and refused with them', async () => {
    const makeFormat2 = async () => {
      const storage = await Storage.open(directory);
      await storage.write(() => storage.catalogue.put(Buffer.from('format'), Buffer.from('2')));
      await storage.close();
    };
    await makeFormat2();
    await withServer(directory, async ({ client }) => {
      const c = client.db('t').collection('c');
      expect(await c.findOne({})).toMatchObject({ kept: true });
      await c.createIndex({ s: 1 }, { collation: { locale: 'en', strength: 2 } });
    });
    await makeFormat2();
    await expect(Storage.open(directory)).rejects.toThrow(/t\.c has a collation.*drop the index/);
  });

  it('of an older store is brought up step by step, after a copy that the older version still reads', async () => {
    const seen: number[] = [];
    expect(
      await opened(
        later((from) => seen.push(from)),
        stepsWritten,
      ),
    ).toBe(2);
    expect(seen).toEqual([FORMAT_VERSION, FORMAT_VERSION + 1]);
    expect(await opened(later(), stepsWritten)).toBe(2);
    const copy = join(directory, `data.mdb.format-${FORMAT_VERSION}`);
    const before = join(directory, 'before');
    mkdirSync(before);
    writeFileSync(join(before, 'data.mdb'), readFileSync(copy));
    expect(await inspectDatabase(before)).toMatchObject([{ namespace: 't.c', documents: 1 }]);
  });

  it('of an upgrade that was cut short goes on where it was, each step done once', async () => {
    const failing = later((from) => {
      if (from === FORMAT_VERSION + 1) throw new Error('no room');
    });
    await expect(opened(failing, stepsWritten)).rejects.toThrow('no room');
    expect(await opened({ ...later(), version: FORMAT_VERSION + 1 }, stepsWritten)).toBe(1);
    expect(await opened(later(), stepsWritten)).toBe(2);
  });

  it('of a newer store is refused in words, and the file stays as it is', async () => {
    await opened(later(), () => undefined);
    const file = readFileSync(join(directory, 'data.mdb'));
    await expect(startForTest({ directory })).rejects.toThrow(
      `format ${FORMAT_VERSION + 2}, written by a newer version; this version reads up to ${FORMAT_VERSION}: use the newer version, or restore a backup`,
    );
    expect(readFileSync(join(directory, 'data.mdb'))).toEqual(file);
  });

  it('without a way up is refused, naming the gap', async () => {
    await expect(opened({ version: FORMAT_VERSION + 2, steps: [] }, stepsWritten)).rejects.toThrow(
      `no way from format ${FORMAT_VERSION} to ${FORMAT_VERSION + 2}: open it with a version in between first`,
    );
  });
});

it('a copy of a store that does not run is taken and removed', async () => {
  await withServer(directory, ({ client }) => client.db('t').collection('c').insertOne({}));
  const snapshot = await snapshotOf(directory);
  expect(snapshot.bytes).toBe(statSync(snapshot.file).size);
  expect(await inspectDatabase(dirname(snapshot.file))).toHaveLength(1);
  removeSnapshot(snapshot);
  expect(existsSync(dirname(snapshot.file))).toBe(false);
});
