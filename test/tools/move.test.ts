/** The move to a MongoDB server and back. A second embedded store on loopback stands in for the server. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, Double } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileBlobStore } from '../../src/stores/blob-files.ts';
import { createGridFsBlobStore } from '../../src/stores/blob-gridfs.ts';
import { listFileBlobs, listGridFsBlobs } from '../../src/stores/blob-lists.ts';
import { openDatabase } from '../../src/stores/index.ts';
import { isMoveUnfinished } from '../../src/stores/move-mark.ts';
import { copyDocuments } from '../../src/tools/copy-collection.ts';
import { hashOf } from '../../src/tools/hash.ts';
import { moveBack, moveOut } from '../../src/tools/move.ts';
import {
  everything,
  fill,
  keepMedium,
  openStore,
  type Store,
  startTool,
  temporaryFolder,
  withStore,
} from './fixture.ts';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const quiet = () => undefined;

let root: string;
let data: string;
let server: Store;
let uri: string;
beforeEach(async () => {
  root = temporaryFolder();
  data = join(root, 'data');
  server = await openStore(join(root, 'server'), { port: 0 });
  uri = server.database.uri;
});
afterEach(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

const out = () => moveOut({ dataDirectory: data, uri, progress: quiet });
const back = (dataDirectory: string, force = false) =>
  moveBack({ dataDirectory, uri, force, now: NOW, progress: quiet });
const contentOf = (dataDirectory: string) => withStore(dataDirectory, ({ client }) => everything(client));
const posts = () => server.client.db('carillon').collection<Document>('posts');

async function onServer<T>(work: (db: Parameters<typeof listGridFsBlobs>[0]) => Promise<T>): Promise<T> {
  const { connection, close } = await openDatabase(uri, { timeoutMs: 2_000 });
  return work(connection.db!).finally(close);
}

describe('a move to a server', () => {
  it('carries every type, bit, index and medium, and counts them', async () => {
    const media = await fill(data);
    const moved = await out();
    expect(moved.collections.map(({ name, digest, indexes }) => [name, digest.documents, indexes])).toEqual([
      ['empty', 0, 0],
      ['posts', 50, 5],
      ['types', 4, 0],
    ]);
    expect(moved).toMatchObject({ media: 4, damaged: [] });
    expect(await everything(server.client)).toEqual(await contentOf(data));
    await onServer(async (db) => {
      expect(await isMoveUnfinished(db)).toBe(false);
      // As the bot itself reads them.
      const blobs = await createGridFsBlobStore(db);
      for (const sha256 of media) expect(await hashOf(blobs.read(sha256))).toBe(sha256);
      expect((await listGridFsBlobs(db)).length).toBe(4);
    });
  });

  it('never touches a database that is not empty', async () => {
    await fill(data, 1);
    await posts().insertOne({ theirs: true });
    await expect(out()).rejects.toThrow(
      /"carillon" on that server is not empty: it has 1 collections, posts among them/,
    );
    expect(await posts().countDocuments()).toBe(1);
  });

  it('waits until the bot is stopped, and wants a database', async () => {
    await expect(out()).rejects.toThrow('there is no database in');
    expect(existsSync(data)).toBe(false);
    await fill(data, 1);
    await withStore(data, async () => {
      await expect(out()).rejects.toThrow('in use by process');
    });
    expect(await server.client.db('carillon').listCollections().toArray()).toEqual([]);
  });

  it('goes on after an interruption: what changed or went in between is right afterwards', async () => {
    await fill(data, 20);
    let stop = true;
    const interrupted = moveOut({
      dataDirectory: data,
      uri,
      progress(stage) {
        if (stop && stage === 'types: moving') throw new Error('interrupted');
      },
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    expect(await posts().countDocuments()).toBe(20);
    expect(await onServer(isMoveUnfinished)).toBe(true);
    await withStore(data, async ({ client }) => {
      const mine = client.db('carillon').collection<Document>('posts');
      await mine.deleteMany({ n: { $lt: 5 } });
      // Takes the unique key of one that is gone here and still there.
      await mine.insertOne({ n: 0, at: new Date(1_700_000_000_000) });
      await mine.updateOne({ n: 7 }, { $set: { n: new Double(70) } });
      await client.db('carillon').collection('empty').drop();
    });
    stop = false;
    await out();
    expect(await everything(server.client)).toEqual(await contentOf(data));
    expect(await onServer(isMoveUnfinished)).toBe(false);
  });

  it('notices when the other side does not hold what was sent', async () => {
    await fill(data, 3);
    const theirs = posts();
    // Another program that writes to the same place at the worst moment.
    const disturbed = new Proxy(theirs, {
      get: (target, name) =>
        name === 'bulkWrite'
          ? async (...args: Parameters<typeof target.bulkWrite>) => {
              await target.bulkWrite(...args);
              await target.updateOne({ n: 1 }, { $set: { text: 'another' } });
            }
          : Reflect.get(target, name),
    });
    await withStore(data, async ({ client }) => {
      const mine = client.db('carillon').collection('posts');
      await expect(copyDocuments(mine, disturbed as never, quiet)).rejects.toThrow(
        /posts is not the same after the move: 3 documents were sent, 3 are there; different or missing: p1/,
      );
    });
  });
});

describe('a move back', () => {
  it('gives the data folder what it had, through the bot’s own stores', async () => {
    const media = await fill(data);
    await out();
    const again = join(root, 'again');
    expect(await back(again)).toMatchObject({ media: 4 });
    expect(await contentOf(again)).toEqual(await contentOf(data));
    const blobs = await createFileBlobStore(again);
    for (const sha256 of media) expect(await hashOf(blobs.read(sha256))).toBe(sha256);
    expect((await listFileBlobs(again)).length).toBe(4);
  });

  it('replaces a database only with --force, and keeps it aside', async () => {
    await fill(data, 2);
    await out();
    await expect(back(data)).rejects.toThrow(/there is a database in .* already.*before-move-TIME/);
    const { aside } = await back(data, true);
    expect(existsSync(aside!)).toBe(true);
    expect(await contentOf(data)).toEqual(await everything(server.client));
  });

  it('of an empty or half-moved database is refused, and makes no database', async () => {
    await expect(back(data)).rejects.toThrow('"carillon" on that server is empty');
    await server.client.db('carillon').collection('move_in_progress').insertOne({});
    await expect(back(data)).rejects.toThrow('has not ended');
    expect(readdirSync(join(data, 'database'))).toEqual([]);
  });

  it('is refused when the server’s data change meanwhile', async () => {
    await fill(data, 3);
    await out();
    let change: Promise<unknown> | undefined;
    const disturbed = moveBack({
      dataDirectory: join(root, 'again'),
      uri,
      force: false,
      now: NOW,
      progress(stage) {
        if (stage === 'types: moving') change ??= posts().updateOne({ n: 1 }, { $set: { text: 'new' } });
      },
    });
    await expect(disturbed).rejects.toThrow('posts changed while it was moved: stop every process');
    await change;
  });
});

describe('the move as a process', { timeout: 60_000 }, () => {
  it('killed at any stage and run again, both ways, is as if it had run once', async () => {
    await fill(data, 700);
    const blobs = await createFileBlobStore(data);
    await keepMedium(blobs, Buffer.alloc(900_000, 'x'));
    const killAt = async (stage: string, dataDirectory: string, args: readonly string[]) => {
      const run = startTool('move', dataDirectory, args, (line, child) => {
        if (line.startsWith(stage)) child.kill('SIGKILL');
      });
      const ended = await run.ended;
      expect(ended.signal, `${stage}: ${ended.errors}${ended.out}`).toBe('SIGKILL');
    };
    for (const stage of ['posts: moving', 'moving media']) await killAt(stage, data, [uri]);
    const moved = await startTool('move', data, [uri]).ended;
    expect(moved).toMatchObject({
      code: 0,
      out: expect.stringContaining('posts: 700 documents, 6 indexes'),
    });
    expect(moved.out).toContain('media: 5');
    expect(await everything(server.client)).toEqual(await contentOf(data));

    const again = join(root, 'again');
    for (const stage of ['posts: moving']) {
      await killAt(stage, again, ['--back', uri]);
      expect(existsSync(join(again, 'database/data.mdb')), stage).toBe(false);
    }
    expect(await startTool('move', again, ['--back', uri]).ended).toMatchObject({ code: 0 });
    expect(await contentOf(again)).toEqual(await contentOf(data));
    expect(readdirSync(join(again, 'database')).sort()).not.toContain('snapshots');
  });

  it('tells no password', async () => {
    await fill(data, 1);
    // The stand-in knows no users.
    const withPassword = uri.replace('mongodb://', 'mongodb://user:secret@');
    const run = await startTool('move', data, [withPassword]).ended;
    expect(run).toMatchObject({ code: 1, errors: expect.stringContaining('user:***@127.0.0.1') });
    expect(run.errors + run.out).not.toContain('secret');
  });
});
