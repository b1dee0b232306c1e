/** What media are stored, for tools that copy all of them. Layouts: blob-files.ts and blob-gridfs.ts. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type mongoose from 'mongoose';
import { isSha256 } from './blob-measure.ts';

export interface StoredBlob {
  readonly sha256: string;
  readonly bytes: number;
}

/** Media in the data folder. A file that is removed meanwhile is left out. */
export async function listFileBlobs(directory: string): Promise<readonly (StoredBlob & { path: string })[]> {
  const root = join(directory, 'media');
  const found: (StoredBlob & { path: string })[] = [];
  for (const folder of await namesIn(root)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const name of await namesIn(join(root, folder))) {
      const sha256 = `${folder}${name}`;
      const path = join(root, folder, name);
      const bytes = isSha256(sha256) ? await sizeOf(path) : undefined;
      if (bytes !== undefined) found.push({ sha256, bytes, path });
    }
  }
  return found;
}

/** Media in GridFS that were stored completely. */
export async function listGridFsBlobs(db: mongoose.mongo.Db): Promise<readonly StoredBlob[]> {
  const files = db.collection<{ filename: string; length: number }>('media.files');
  const all = await files.find({}, { projection: { filename: 1, length: 1 } }).toArray();
  return all
    .filter(({ filename }) => isSha256(filename))
    .map(({ filename, length }) => ({ sha256: filename, bytes: length }));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(absent)) ?? [];
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(absent))?.size;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
