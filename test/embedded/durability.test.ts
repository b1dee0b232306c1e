// SIGKILL amid writers: what was acknowledged is there afterwards, commands are whole, indexes and counters are equal to
// a full scan. A long run of the same harness only needs a larger ROUNDS.
import { rmSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Build, buildEmbedded, type ServerProcess, startProcess } from './built-server.ts';
import { temporaryDirectory } from './harness.ts';

const ROUNDS = 3;
const WRITERS = 12;
/** Acknowledged commands after which the process is killed. */
const KILL_AFTER = 150;

let build: Build;
beforeAll(() => {
  build = buildEmbedded();
});
afterAll(() => build.remove());

interface Entry {
  _id: string;
  writer: number;
  version: number;
  pair: string;
}

/** What the server has acknowledged: the least version of each document, and what was removed. */
interface Ledger {
  versions: Map<string, number>;
  removed: Set<string>;
  acknowledged: number;
}

async function write(client: MongoClient, round: number, writer: number, ledger: Ledger): Promise<void> {
  const c = client.db('crash').collection<Entry>('entries');
  for (let n = 0; ; n++) {
    const _id = `${round}/${writer}/${n}`;
    await c.insertOne({ _id, writer, version: 0, pair: _id });
    ledger.versions.set(_id, 0);
    await c.findOneAndUpdate({ _id }, { $inc: { version: 1 } });
    ledger.versions.set(_id, 1);
    // Two documents in one command: afterwards both are there or neither.
    await c.insertMany(
      [0, 1].map((half) => ({ _id: `${_id}/${half}`, writer, version: 0, pair: `p${_id}` })),
    );
    for (const half of [0, 1]) ledger.versions.set(`${_id}/${half}`, 0);
    await c.updateMany({ writer }, { $inc: { version: 1 } });
    for (const [known, version] of ledger.versions)
      if (known.startsWith(`${round}/${writer}/`)) ledger.versions.set(known, version + 1);
    if (n % 3 === 2) {
      const gone = `${round}/${writer}/${n - 1}`;
      ledger.versions.delete(gone);
      await c.deleteOne({ _id: gone });
      ledger.removed.add(gone);
    }
    ledger.acknowledged += 5;
  }
}

async function checkEverything(client: MongoClient, ledger: Ledger): Promise<void> {
  const db = client.db('crash');
  expect(await db.command({ validate: 'entries' })).toMatchObject({ valid: true, errors: [] });
  const stored = new Map(
    (await db.collection<Entry>('entries').find({}).toArray()).map((entry) => [entry._id, entry]),
  );
  const lost = [...ledger.versions].filter(([_id, version]) => (stored.get(_id)?.version ?? -1) < version);
  expect(lost).toEqual([]);
  expect([...ledger.removed].filter((_id) => stored.has(_id))).toEqual([]);
  const pairs = new Map<string, number>();
  for (const { pair } of stored.values())
    if (pair.startsWith('p')) pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  expect([...pairs.values()].filter((members) => members !== 2)).toEqual([]);
}

describe('a process that is killed', () => {
  it('has lost nothing that it acknowledged', { timeout: 60_000 }, async () => {
    const directory = temporaryDirectory();
    const ledger: Ledger = { versions: new Map(), removed: new Set(), acknowledged: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const server: ServerProcess = await startProcess(build, directory);
      const client = await new MongoClient(server.uri, { serverSelectionTimeoutMS: 500 }).connect();
      await client
        .db('crash')
        .collection('entries')
        .createIndexes([{ key: { writer: 1, version: 1 } }, { key: { pair: 1 }, sparse: true }]);
      await checkEverything(client, ledger);
      const before = ledger.acknowledged;
      const writers = Array.from({ length: WRITERS }, (_, writer) =>
        write(client, round, writer, ledger).catch(() => undefined),
      );
      await expect
        .poll(() => ledger.acknowledged - before, { timeout: 20_000, interval: 5 })
        .toBeGreaterThan(KILL_AFTER);
      await server.kill();
      await client.close();
      await Promise.all(writers);
    }
    const server = await startProcess(build, directory);
    const client = await new MongoClient(server.uri).connect();
    await checkEverything(client, ledger);
    await client.close();
    await server.kill();
    rmSync(directory, { recursive: true });
  });
});

describe('the command line and the worker', () => {
  it('tells a second process who holds the data, and ends on SIGTERM', async () => {
    const directory = temporaryDirectory();
    const first = await startProcess(build, directory);
    await expect(startProcess(build, directory)).rejects.toThrow(`in use by process ${first.child.pid}`);
    first.child.kill('SIGTERM');
    await expect.poll(() => first.child.exitCode).toBe(0);
    const again = await startProcess(build, directory);
    await again.kill();
    rmSync(directory, { recursive: true });
  });

  it('runs in a worker thread, and tells when the files cannot be opened', async () => {
    const { startEmbedded } = (await import(
      `${build.folder}/index.js`
    )) as typeof import('../../src/embedded/index.ts');
    const directory = temporaryDirectory();
    const database = await startEmbedded({ directory, listen: { socket: true } });
    expect(database.thread).toBe('worker');
    const client = await new MongoClient(database.uri).connect();
    await client.db('t').collection('c').insertOne({ a: 1 });
    expect(await client.db('t').collection('c').countDocuments({ a: 1 })).toBe(1);
    await client.close();
    await database.stop();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${directory}/data.mdb`, 'not a database '.repeat(1000));
    await expect(startEmbedded({ directory, listen: { socket: true } })).rejects.toMatchObject({
      name: 'StorageError',
    });
    rmSync(directory, { recursive: true });
  });
});
