// Stores of another format: brought up step by step, or refused in words.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FORMAT_VERSION, type Format } from '../../src/embedded/format.ts';
import type { RawSpace } from '../../src/embedded/format-steps.ts';
import { inspectDatabase } from '../../src/embedded/maintenance.ts';
import { SEAL_BYTES, sealedValues } from '../../src/embedded/sealed-value.ts';
import { Storage } from '../../src/embedded/storage.ts';
import { startForTest, temporaryDirectory, withServer } from './harness.ts';

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

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
