/**
 * Media in GridFS, for a MongoDB server that several processes share. A file's name is the hash of its content, and
 * names are unique: of two processes that store the same bytes at once, one keeps its copy and the other lets go of its own.
 */
import { Readable } from 'node:stream';
import mongoose from 'mongoose';
import type { BlobStore, StagedBytes, StoredBytes } from '../core/media.ts';
import { mediaMissing } from '../core/media-errors.ts';
import { isDuplicateKey } from '../lib/duplicate-key.ts';
import { isSha256, measureInto } from './blob-measure.ts';

// The driver that Mongoose brings, and no second one.
const { GridFSBucket, MongoGridFSChunkError, ObjectId } = mongoose.mongo;
type Db = mongoose.mongo.Db;
type Id = mongoose.mongo.ObjectId;

/** Collections `media.files` and `media.chunks`. */
const BUCKET = 'media';

/**
 * GridFS writes a file's own document last, so pieces of an upload that never ended belong to nothing. This collection
 * names each upload before its first piece.
 */
const UPLOADS = 'media.uploads';
const STAGED = 'staged:';

/** Longer than any upload may take (the bound on fetching is ten minutes); other processes' uploads are not touched before. */
const ABANDONED_MS = 60 * 60 * 1000;

type Range = { start: number; end: number };

/** Opens the store, makes its index and clears uploads that nobody will finish. Errors: STORAGE_FULL, and the driver's. */
export async function createGridFsBlobStore(db: Db): Promise<BlobStore> {
  const bucket = new GridFSBucket(db, { bucketName: BUCKET });
  const files = db.collection<{ _id: Id; filename: string; length: number }>(`${BUCKET}.files`);
  const chunks = db.collection(`${BUCKET}.chunks`);
  const uploads = db.collection<{ _id: Id; startedAt: Date }>(UPLOADS);
  await files.createIndex({ filename: 1 }, { unique: true });
  await clearAbandoned();

  async function stage(
    stream: Readable,
    limits: { maxBytes: number; signal: AbortSignal },
  ): Promise<StagedBytes> {
    const _id = new ObjectId();
    try {
      await uploads.insertOne({ _id, startedAt: new Date() });
      const stored = await measureInto(
        bucket.openUploadStreamWithId(_id, `${STAGED}${_id.toHexString()}`),
        stream,
        limits,
      );
      return staged(_id, stored);
    } catch (error) {
      stream.destroy();
      // The last piece may still be on its way: the note in `uploads` stays, so that it is cleared later.
      await dropFile(_id);
      throw error;
    }
  }

  function staged(_id: Id, stored: StoredBytes): StagedBytes {
    let kept = false;
    return {
      ...stored,
      read: (range) =>
        kept ? readNamed(stored.sha256, range) : streamOf(readFile(_id, stored.bytes, stored.sha256, range)),
      async keep() {
        if (kept) return;
        try {
          await files.updateOne({ _id }, { $set: { filename: stored.sha256 } });
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
          await dropFile(_id);
        }
        kept = true;
        await uploads.deleteOne({ _id });
      },
      async discard() {
        if (kept) return;
        await dropFile(_id);
        await uploads.deleteOne({ _id });
      },
    };
  }

  /** The document first: pieces without one are invisible, a document without pieces is a broken file. */
  async function dropFile(_id: Id): Promise<void> {
    await files.deleteOne({ _id });
    await chunks.deleteMany({ files_id: _id });
  }

  async function clearAbandoned(): Promise<void> {
    const before = new Date(Date.now() - ABANDONED_MS);
    for await (const { _id } of uploads.find({ startedAt: { $lt: before } })) {
      const file = await files.findOne({ _id });
      // A process that died between the renaming and its note has stored the file all the same.
      if (!file || file.filename.startsWith(STAGED)) await dropFile(_id);
      await uploads.deleteOne({ _id });
    }
  }

  async function* readFile(_id: Id, length: number, sha256: string, range?: Range): AsyncGenerator<Buffer> {
    const { start, end } = range
      ? { start: range.start, end: Math.min(range.end, length) }
      : { start: 0, end: length };
    if (start >= end) return;
    let given = 0;
    try {
      for await (const chunk of bucket.openDownloadStream(_id, { start, end })) {
        given += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
    } catch (error) {
      throw error instanceof MongoGridFSChunkError ? mediaMissing(sha256, error) : error;
    }
    // Removed while it was read: the driver ends the stream as if that were all.
    if (given < end - start) throw mediaMissing(sha256);
  }

  async function* chunksNamed(sha256: string, range?: Range): AsyncGenerator<Buffer> {
    const file = isSha256(sha256) ? await files.findOne({ filename: sha256 }) : null;
    if (!file) throw mediaMissing(sha256);
    yield* readFile(file._id, file.length, sha256, range);
  }

  const readNamed = (sha256: string, range?: Range): Readable => streamOf(chunksNamed(sha256, range));

  return {
    stage,
    async write(stream, limits) {
      const bytes = await stage(stream, limits);
      await bytes.keep();
      return { sha256: bytes.sha256, bytes: bytes.bytes };
    },
    read: readNamed,
    pieces: chunksNamed,
    async has(sha256) {
      return (
        isSha256(sha256) && (await files.findOne({ filename: sha256 }, { projection: { _id: 1 } })) !== null
      );
    },
    async remove(sha256) {
      const file = isSha256(sha256) ? await files.findOne({ filename: sha256 }) : null;
      if (!file) return;
      // Noted as an upload is: after a crash in between, its pieces are cleared like those of one that never ended.
      await uploads.updateOne({ _id: file._id }, { $set: { startedAt: new Date() } }, { upsert: true });
      await dropFile(file._id);
      await uploads.deleteOne({ _id: file._id });
    },
  };
}

function streamOf(chunks: AsyncGenerator<Buffer>): Readable {
  return Readable.from(chunks, { objectMode: false });
}
