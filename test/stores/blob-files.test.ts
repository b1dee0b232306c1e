import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFileBlobStore } from '../../src/stores/blob-files.ts';
import { measureInto } from '../../src/stores/blob-measure.ts';
import { blobStoreContract } from '../contract/blob-store.ts';

const newFolder = () => mkdtemp(join(tmpdir(), 'carillon-blobs-'));

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
}

blobStoreContract('files', async () => {
  const folder = await newFolder();
  return {
    store: await createFileBlobStore(folder),
    reopen: () => createFileBlobStore(folder),
    async count() {
      const files = await filesIn(join(folder, 'media'));
      const aside = files.filter((path) => path.includes('staging')).length;
      return { stored: files.length - aside, aside };
    },
    stop: () => rm(folder, { recursive: true }),
  };
});

describe('files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await newFolder();
    return () => rm(folder, { recursive: true });
  });
  const limits = { maxBytes: 1000, signal: new AbortController().signal };

  it('lie under media/ab/cdef…, readable by this user alone', async () => {
    const store = await createFileBlobStore(folder);
    const { sha256 } = await store.write(Readable.from([Buffer.from('hello')]), limits);
    const path = join(folder, 'media', sha256.slice(0, 2), sha256.slice(2));
    expect((await stat(path)).size).toBe(5);
    if (process.platform === 'win32') return;
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    for (const part of ['media', 'media/staging', `media/${sha256.slice(0, 2)}`]) {
      expect((await stat(join(folder, part))).mode & 0o777, part).toBe(0o700);
    }
  });

  it('that were damaged are mended when the same content comes again', async () => {
    const store = await createFileBlobStore(folder);
    const { sha256 } = await store.write(Readable.from([Buffer.from('whole')]), limits);
    await writeFile(join(folder, 'media', sha256.slice(0, 2), sha256.slice(2)), 'who');
    await store.write(Readable.from([Buffer.from('whole')]), limits);
    expect((await buffer(store.read(sha256))).toString()).toBe('whole');
  });

  it('that dead processes left aside are cleared at the start, those of living ones are not', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const aside = join(folder, 'media', 'staging');
    await createFileBlobStore(folder);
    // The third carries our own number, as after a restart in a container where every process is number 1.
    for (const name of [`${dead}-aaaa-1`, `${process.ppid}-bbbb-2`, `${process.pid}-cccc-3`, 'rubbish'])
      await writeFile(join(aside, name), 'x');
    await createFileBlobStore(folder);
    expect(await readdir(aside)).toEqual([`${process.ppid}-bbbb-2`]);
  });

  // /dev/full is a disk without room: every write to it is answered with ENOSPC.
  it.skipIf(process.platform !== 'linux')('a disk without room is told with the remedy', async () => {
    const full = createWriteStream('/dev/full', { flags: 'r+' });
    await expect(measureInto(full, Readable.from([Buffer.from('x')]), limits)).rejects.toMatchObject({
      code: 'STORAGE_FULL',
      hint: expect.stringContaining('DATA_DIR'),
    });
  });
});
