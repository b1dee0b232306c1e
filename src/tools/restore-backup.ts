/**
 * A backup back into the data folder. Everything is checked before anything is replaced; the media are added first (they are
 * named by content, so they hurt nobody), and the database is put in place by one rename. Killed at any moment, the folder has
 * the old database or the new one, whole.
 */
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  clearSnapshots,
  holdsDatabase,
  incomingFolder,
  inspectDatabase,
  noteBackup,
  replaceDatabase,
  takeLock,
} from '../embedded/maintenance.ts';
import { createFileBlobStore } from '../stores/blob-files.ts';
import { type Contents, mediaHash } from './archive.ts';
import { type Archive, openArchive } from './archive-reader.ts';
import { hashOf } from './hash.ts';
import type { Progress } from './progress.ts';
import { Refusal } from './refusal.ts';

export interface RestoreResult extends Contents {
  readonly createdAt: string;
  /** Where the database that was there before is kept; absent when there was none. */
  readonly aside?: string;
  readonly damaged: readonly string[];
}

/** Errors: Refusal, DatabaseLocked, StorageError; the data are then as they were. */
export async function restoreBackup(options: {
  dataDirectory: string;
  file: string;
  force: boolean;
  now: Date;
  progress: Progress;
}): Promise<RestoreResult> {
  const { dataDirectory, file, force, now, progress } = options;
  const directory = join(dataDirectory, 'database');
  const archive = await openArchive(file, progress);
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    const lock = takeLock(directory);
    try {
      refuseToReplace(directory, force, 'restore');
      const incoming = incomingFolder(directory);
      await unpackDatabase(archive, join(incoming, 'data.mdb'), progress);
      progress('reading the database through');
      checkCounts(await inspectDatabase(incoming), archive.contents);
      await unpackMedia(archive, dataDirectory, progress);
      const aside = holdsDatabase(directory) ? asideName('restore', now) : undefined;
      replaceDatabase(directory, incoming, aside);
      noteBackup(directory, new Date(archive.description.createdAt));
      return {
        ...archive.contents,
        createdAt: archive.description.createdAt,
        damaged: archive.damaged.map((name) => mediaHash(name) ?? name),
        ...(aside === undefined ? {} : { aside: join(directory, aside) }),
      };
    } finally {
      clearSnapshots(directory);
      lock.release();
    }
  } finally {
    await archive.close();
  }
}

/** Error: Refusal when there is a database and nobody said that it may be replaced. */
export function refuseToReplace(directory: string, force: boolean, tool: string): void {
  if (force || !holdsDatabase(directory)) return;
  throw new Refusal(
    `there is a database in ${directory} already. Set DATA_DIR to another folder, or add --force: ` +
      `the present database is then kept there as ${asideName(tool, 'TIME')}, never removed`,
  );
}

/** Name under which a replaced database stays in its folder. */
export function asideName(tool: string, now: Date | string): string {
  const time = typeof now === 'string' ? now : now.toISOString().replace(/[:.]/g, '-');
  return `data.mdb.before-${tool}-${time}`;
}

async function unpackDatabase(archive: Archive, file: string, progress: Progress): Promise<void> {
  const { bytes } = archive.database;
  let done = 0;
  const handle = await open(file, 'wx', 0o600);
  try {
    for await (const chunk of archive.chunks(archive.database)) {
      await handle.writeFile(chunk);
      done += chunk.length;
      progress('unpacking the database', done, bytes);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function checkCounts(
  found: readonly { namespace: string; documents: number }[],
  { collections }: Contents,
): void {
  const wrong = collections.filter(
    ({ namespace, documents }) => found.find((each) => each.namespace === namespace)?.documents !== documents,
  );
  if (wrong.length > 0 || found.length !== collections.length) {
    throw new Refusal(
      `the database in the backup has not what the backup announces: ${wrong.map(({ namespace }) => namespace).join(', ') || 'other collections'}`,
    );
  }
}

async function unpackMedia(archive: Archive, dataDirectory: string, progress: Progress): Promise<void> {
  const blobs = await createFileBlobStore(dataDirectory);
  const { signal } = new AbortController();
  const total = archive.media.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const entry of archive.media) {
    const { sha256, bytes } = entry;
    const isThere = (await blobs.has(sha256)) && (await hashOf(blobs.read(sha256))) === sha256;
    if (!isThere) {
      const stored = await blobs.write(Readable.from(archive.chunks(entry), { objectMode: false }), {
        maxBytes: bytes,
        signal,
      });
      if (stored.sha256 !== sha256) throw new Refusal(`the backup changed while it was read: ${entry.name}`);
    }
    done += bytes;
    progress('unpacking media', done, total);
  }
}
