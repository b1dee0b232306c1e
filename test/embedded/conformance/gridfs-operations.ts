// GridFS: files go in and come out as whole buffers here.
import type { Document, GridFSBucketReadStream } from 'mongodb';
import type { Run } from './operations.ts';

async function bytesOf(stream: GridFSBucketReadStream): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

export const gridfsOperations: Record<string, Run> = {
  delete: (e, id, { id: file }) => e.bucket(id).delete(file),
  download: (e, id, { id: file }) => bytesOf(e.bucket(id).openDownloadStream(file)),
  downloadByName: (e, id, { filename, ...options }) =>
    bytesOf(e.bucket(id).openDownloadStreamByName(filename, options)),
  drop: (e, id) => e.bucket(id).drop(),
  rename: (e, id, { id: file, newFilename }) => e.bucket(id).rename(file, newFilename),
  async upload(e, id, { filename, source, ...options }: Document) {
    const stream = e.bucket(id).openUploadStream(filename, options);
    await new Promise<void>((resolve, reject) => {
      stream.once('finish', resolve).once('error', reject);
      stream.end(Buffer.from(source.$$hexBytes, 'hex'));
    });
    return stream.id;
  },
};
