// Copies of a store, at work or not, its address, and its replacement.
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
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
import { startForTest, temporaryDirectory, withServer } from './harness.ts';

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

it('a copy of a store that does not run is taken and removed', async () => {
  await withServer(directory, ({ client }) => client.db('t').collection('c').insertOne({}));
  const snapshot = await snapshotOf(directory);
  expect(snapshot.bytes).toBe(statSync(snapshot.file).size);
  expect(await inspectDatabase(dirname(snapshot.file))).toHaveLength(1);
  removeSnapshot(snapshot);
  expect(existsSync(dirname(snapshot.file))).toBe(false);
});
