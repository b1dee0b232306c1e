import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded } from '../../src/embedded/index.ts';
import { createGridFsBlobStore } from '../../src/stores/blob-gridfs.ts';
import { blobStoreContract } from '../contract/blob-store.ts';

/** A database of its own: on the server of MONGODB_URI, else in the embedded store. */
async function openDatabase() {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-gridfs-'));
  const server = process.env.MONGODB_URI
    ? undefined
    : await startEmbedded({ directory: folder, listen: { socket: true }, thread: 'inline' });
  const dbName = `carillon_blobs_${process.pid}_${Math.random().toString(36).slice(2)}`;
  const connection = await mongoose
    .createConnection(server?.uri ?? process.env.MONGODB_URI!, { dbName, ignoreUndefined: true })
    .asPromise();
  const db = connection.db!;
  return {
    db,
    async count() {
      const [files, staged] = await Promise.all([
        db.collection('media.files').countDocuments({ filename: /^[0-9a-f]{64}$/ }),
        db.collection('media.files').countDocuments({ filename: /^staged:/ }),
      ]);
      return { stored: files, aside: staged };
    },
    async stop() {
      await connection.dropDatabase();
      await connection.close();
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

blobStoreContract('GridFS', async () => {
  const { db, count, stop } = await openDatabase();
  return { store: await createGridFsBlobStore(db), reopen: () => createGridFsBlobStore(db), count, stop };
});

describe('GridFS', () => {
  let opened: Awaited<ReturnType<typeof openDatabase>>;
  beforeAll(async () => {
    opened = await openDatabase();
  });
  afterAll(() => opened.stop());

  const limits = { maxBytes: 1_000_000, signal: new AbortController().signal };
  const chunks = () => opened.db.collection('media.chunks').countDocuments();
  const longAgo = { $set: { startedAt: new Date(0) } };

  it('clears uploads that were never finished, pieces without a file too', async () => {
    const store = await createGridFsBlobStore(opened.db);
    await store.stage(Readable.from([Buffer.alloc(600_000, 1)]), limits);
    const cut = Readable.from(
      (async function* () {
        yield Buffer.alloc(600_000, 2);
        throw new Error('cut');
      })(),
    );
    await expect(store.stage(cut, limits)).rejects.toThrow('cut');
    const _id = new mongoose.mongo.ObjectId();
    await opened.db.collection('media.uploads').insertOne({ _id, startedAt: new Date(0) });
    await opened.db
      .collection('media.chunks')
      .insertOne({ files_id: _id, n: 0, data: new mongoose.mongo.Binary(Buffer.alloc(9)) });
    await opened.db.collection('media.uploads').updateMany({}, longAgo);
    await createGridFsBlobStore(opened.db);
    expect(await opened.count()).toEqual({ stored: 0, aside: 0 });
    expect([await chunks(), await opened.db.collection('media.uploads').countDocuments()]).toEqual([0, 0]);
  });

  it('keeps a file whose process died right after it was kept', async () => {
    const store = await createGridFsBlobStore(opened.db);
    const { sha256 } = await store.write(Readable.from([Buffer.from('kept')]), limits);
    const file = await opened.db.collection('media.files').findOne({ filename: sha256 });
    await opened.db.collection('media.uploads').insertOne({ _id: file!._id, startedAt: new Date(0) });
    await createGridFsBlobStore(opened.db);
    expect((await buffer(store.read(sha256))).toString()).toBe('kept');
    expect(await opened.db.collection('media.uploads').countDocuments()).toBe(0);
  });

  it('a file that loses pieces while it is read fails instead of ending early', async () => {
    const store = await createGridFsBlobStore(opened.db);
    const { sha256 } = await store.write(Readable.from([Buffer.alloc(900_000, 7)]), limits);
    const file = await opened.db.collection('media.files').findOne({ filename: sha256 });
    await opened.db.collection('media.chunks').deleteMany({ files_id: file!._id, n: { $gte: 2 } });
    await expect(buffer(store.read(sha256))).rejects.toMatchObject({ code: 'MEDIA_MISSING' });
  });
});
