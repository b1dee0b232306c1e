// GridFS of the official driver: large files in chunks, ranges, renames and removal.
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GridFSBucket, type ObjectId } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, startForTest } from './harness.ts';

const SIZE = 20 * 1024 * 1024;
let running: Running;
let bucket: GridFSBucket;

beforeAll(async () => {
  running = await startForTest();
  bucket = new GridFSBucket(running.client.db('files'));
});
afterAll(async () => {
  expect(running.faults).toEqual([]);
  await running.stop();
});

async function hashOf(id: ObjectId): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(bucket.openDownloadStream(id), hash);
  return hash.digest('hex');
}

it('stores 20 MB and gives back the same bytes', async () => {
  const bytes = randomBytes(SIZE);
  const upload = bucket.openUploadStream('video.mp4', { metadata: { owner: 'w1' } });
  await pipeline(Readable.from(bytes), upload);
  expect(await hashOf(upload.id)).toBe(createHash('sha256').update(bytes).digest('hex'));

  const part = await bucket.openDownloadStream(upload.id, { start: 1_000_000, end: 1_500_000 }).toArray();
  expect(Buffer.concat(part).equals(bytes.subarray(1_000_000, 1_500_000))).toBe(true);

  await bucket.rename(upload.id, 'renamed.mp4');
  const [file] = await bucket.find({ filename: 'renamed.mp4' }).toArray();
  expect(file).toMatchObject({ length: SIZE, metadata: { owner: 'w1' } });
  await bucket.delete(upload.id);
  expect(await running.client.db('files').collection('fs.chunks').countDocuments({})).toBe(0);
  await expect(hashOf(upload.id)).rejects.toThrow(/FileNotFound/);
});

it('leaves nothing of an upload that is given up', async () => {
  const upload = bucket.openUploadStream('never');
  await new Promise((resolve) => upload.write(randomBytes(600_000), resolve));
  await upload.abort();
  expect(
    await running.client.db('files').collection('fs.chunks').countDocuments({ files_id: upload.id }),
  ).toBe(0);
});
