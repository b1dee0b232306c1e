/**
 * A backup of the data folder into one file: database and media, consistent with each other while the bot goes on.
 *
 * The order makes it so. Media never change, they only come and go: those that are there are written first, then the
 * database as it is at one instant, then the media that came meanwhile. Whatever the copy of the database refers to was there
 * either before it or after it.
 */
import { createReadStream, existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { holdsDatabase, inspectDatabase, noteBackup } from '../embedded/maintenance.ts';
import { listFileBlobs } from '../stores/blob-lists.ts';
import { ARCHIVE_FORMAT, type Contents, type Description, ENTRY, mediaEntry, mediaHash } from './archive.ts';
import { openArchive } from './archive-reader.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { withDatabaseCopy } from './database-copy.ts';
import type { Progress } from './progress.ts';
import { Refusal } from './refusal.ts';

const CHUNK_BYTES = 1024 * 1024;

export interface BackupResult extends Contents {
  /** Media whose content is not what their name says: kept in the backup as they are, left out by a restore. */
  readonly damaged: readonly string[];
}

/** Errors: Refusal, StorageError. The file appears under its name only when it is whole, on disk and has been read again. */
export async function createBackup(options: {
  dataDirectory: string;
  file: string;
  force: boolean;
  now: Date;
  progress: Progress;
}): Promise<BackupResult> {
  const { dataDirectory, file, force, now, progress } = options;
  const directory = join(dataDirectory, 'database');
  if (!holdsDatabase(directory))
    throw new Refusal(`there is no database in ${directory}; is DATA_DIR right?`);
  if (existsSync(file) && !force)
    throw new Refusal(`${file} exists already; choose another name, or add --force to replace it`);
  const archive = await ArchiveWriter.create(file, now).catch((error: Error) => {
    throw new Refusal(`${file} cannot be written: ${error.message}`);
  });
  try {
    const description: Description = {
      program: 'carillon',
      format: ARCHIVE_FORMAT,
      createdAt: now.toISOString(),
    };
    await archive.addText(ENTRY.description, JSON.stringify(description));
    const written = await addAll(archive, dataDirectory, progress);
    await archive.addText(ENTRY.contents, JSON.stringify(written));
    await archive.finish();
    const checked = await openArchive(archive.part, progress);
    await checked.close();
    await archive.publish();
    noteBackup(directory, now);
    return { ...written, damaged: checked.damaged.map((name) => mediaHash(name) ?? name) };
  } catch (error) {
    await archive.discard();
    throw error;
  }
}

async function addAll(archive: ArchiveWriter, dataDirectory: string, progress: Progress): Promise<Contents> {
  const before = await addMedia(archive, dataDirectory, progress);
  const collections = await withDatabaseCopy(join(dataDirectory, 'database'), async ({ file }) => {
    progress('reading the copy of the database through');
    const inspected = await inspectDatabase(dirname(file), ({ namespace, documents }) =>
      progress(`${namespace}: ${documents} documents are whole`),
    );
    // Opening the copy may have written to it.
    const { size: bytes } = await stat(file);
    let done = 0;
    await archive.add(
      ENTRY.database,
      bytes,
      (async function* () {
        for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
          done += chunk.length;
          progress('writing the database', done, bytes);
          yield chunk as Buffer;
        }
      })(),
    );
    return inspected.map(({ namespace, documents }) => ({ namespace, documents }));
  });
  const after = await addMedia(archive, dataDirectory, progress);
  return {
    collections,
    media: { files: before.files + after.files, bytes: before.bytes + after.bytes },
  };
}

/** Adds the media that the archive does not hold yet. */
async function addMedia(
  archive: ArchiveWriter,
  dataDirectory: string,
  progress: Progress,
): Promise<Contents['media']> {
  const blobs = (await listFileBlobs(dataDirectory)).filter(
    ({ sha256 }) => !archive.sums.has(mediaEntry(sha256)),
  );
  const total = blobs.reduce((sum, { bytes }) => sum + bytes, 0);
  const added = { files: 0, bytes: 0 };
  for (const { sha256, path } of blobs) {
    const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
      // Removed since it was listed: then the database no longer refers to it either.
      if (error.code !== 'ENOENT') throw error;
    });
    if (!handle) continue;
    try {
      const { size } = await handle.stat();
      await archive.add(
        mediaEntry(sha256),
        size,
        handle.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false }),
      );
      added.files += 1;
      added.bytes += size;
      progress('writing media', added.bytes, total);
    } finally {
      await handle.close();
    }
  }
  return added;
}
