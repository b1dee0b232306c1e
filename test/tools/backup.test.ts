/** Backup and restore: consistent while the bot writes, checked before anything counts, never half. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastBackup } from '../../src/embedded/backup-note.ts';
import { createFileBlobStore } from '../../src/stores/blob-files.ts';
import { listFileBlobs } from '../../src/stores/blob-lists.ts';
import { createBackup } from '../../src/tools/create-backup.ts';
import { restoreBackup } from '../../src/tools/restore-backup.ts';
import { everything, fill, keepMedium, openStore, startTool, temporaryFolder, withStore } from './fixture.ts';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const quiet = () => undefined;

let root: string;
let data: string;
let other: string;
let file: string;
beforeEach(() => {
  root = temporaryFolder();
  data = join(root, 'data');
  other = join(root, 'other');
  file = join(root, 'backup.tar');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const backup = (force = false) =>
  createBackup({ dataDirectory: data, file, force, now: NOW, progress: quiet });
const restore = (force = false) =>
  restoreBackup({ dataDirectory: other, file, force, now: NOW, progress: quiet });
const contentOf = (dataDirectory: string) => withStore(dataDirectory, ({ client }) => everything(client));
const mediaOf = async (dataDirectory: string) =>
  (await listFileBlobs(dataDirectory)).map(({ sha256 }) => sha256).sort();

describe('a backup', () => {
  it('of a stopped bot brings everything back, bit by bit, and its age is known', async () => {
    const media = await fill(data);
    expect(await backup()).toMatchObject({ media: { files: 4, bytes: 300_701 }, damaged: [] });
    expect(lastBackup(join(data, 'database'))).toEqual(NOW);
    expect(await restore()).toMatchObject({ createdAt: NOW.toISOString(), media: { files: 4 } });
    expect(await contentOf(other)).toEqual(await contentOf(data));
    expect(await mediaOf(other)).toEqual([...media].sort());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(other, 'database')).sort()).not.toContain('snapshots');
  });

  it('opens with any tar program, whose sums agree', async () => {
    await fill(data);
    await backup();
    mkdirSync(other);
    execFileSync('tar', ['xf', file, '-C', other]);
    const lines = readFileSync(join(other, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    for (const line of lines) {
      const [sum, name] = line.split('  ');
      expect(
        createHash('sha256')
          .update(readFileSync(join(other, name!)))
          .digest('hex'),
      ).toBe(sum);
    }
  });

  it('while the bot writes is one instant: what belongs together is together, with its media', async () => {
    await fill(data, 10);
    const running = await openStore(data);
    const blobs = await createFileBlobStore(data);
    const pairs = running.client
      .db('carillon')
      .collection<{ _id: string; left: number; right: number; medium?: string }>('pairs');
    await pairs.insertMany(Array.from({ length: 20 }, (_, n) => ({ _id: `${n}`, left: 0, right: 0 })));
    let isWriting = true;
    const acknowledged = new Set<string>();
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; isWriting; n++) {
        await pairs.updateOne({ _id: `${(4 * n + writer) % 20}` }, { $inc: { left: 1, right: 1 } });
        const medium = await keepMedium(blobs, Buffer.from(`${writer}/${n}`));
        await pairs.insertOne({ _id: `${writer}/${n}`, left: 0, right: 0, medium });
        acknowledged.add(`${writer}/${n}`);
      }
    });
    let before: string[];
    try {
      // Each is flushed to the disk, which may be busy.
      await expect.poll(() => acknowledged.size, { interval: 5, timeout: 15_000 }).toBeGreaterThan(20);
      before = [...acknowledged];
      await backup();
    } finally {
      isWriting = false;
      await Promise.all(writers);
      await running.stop();
    }
    await restore();
    const media = new Set(await mediaOf(other));
    await withStore(other, async ({ client }) => {
      const found = await client
        .db('carillon')
        .collection<{ _id: string; left: number; right: number; medium?: string }>('pairs')
        .find()
        .toArray();
      expect(found.filter(({ left, right }) => left !== right)).toEqual([]);
      const ids = new Set(found.map(({ _id }) => _id));
      expect(before.filter((id) => !ids.has(id))).toEqual([]);
      expect(found.filter(({ medium }) => medium !== undefined && !media.has(medium))).toEqual([]);
    });
  });

  it('replaces no file unless it is told to, and leaves nothing half', async () => {
    await fill(data, 1);
    writeFileSync(file, 'precious');
    await expect(backup()).rejects.toThrow('exists already; choose another name, or add --force');
    expect(readFileSync(file, 'utf8')).toBe('precious');
    await backup(true);
    expect(readdirSync(root).sort()).toEqual(['backup.tar', 'data']);
    await expect(
      createBackup({ dataDirectory: join(root, 'nowhere'), file, force: true, now: NOW, progress: quiet }),
    ).rejects.toThrow(/there is no database in .*nowhere/);
    expect(existsSync(join(root, 'nowhere'))).toBe(false);
    await expect(
      createBackup({
        dataDirectory: data,
        file: join(root, 'no/folder'),
        force: false,
        now: NOW,
        progress: quiet,
      }),
    ).rejects.toThrow('cannot be written');
  });

  it('names media that were damaged before, and a restore leaves them out', async () => {
    const media = await fill(data, 1);
    const [victim] = (await listFileBlobs(data)).filter(({ bytes }) => bytes === 700);
    writeFileSync(victim!.path, Buffer.alloc(700));
    expect((await backup()).damaged).toEqual([victim!.sha256]);
    expect((await restore()).damaged).toEqual([victim!.sha256]);
    expect(await mediaOf(other)).toEqual(media.filter((sha256) => sha256 !== victim!.sha256).sort());
  });
});

describe('a restore', () => {
  it('refuses a file that is damaged, cut off or no backup, and changes nothing', async () => {
    await fill(data, 5);
    await backup();
    const whole = readFileSync(file);
    for (const at of [0, 520, 1_030, Math.floor(whole.length / 2), whole.length - 2_100]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(file, changed);
      await expect(restore(), `byte ${at}`).rejects.toThrow(/damaged|no backup/);
    }
    writeFileSync(file, whole);
    truncateSync(file, whole.length - 4_096);
    await expect(restore()).rejects.toThrow(/cut off/);
    writeFileSync(file, 'no backup at all');
    await expect(restore()).rejects.toThrow(/no backup|cut off/);
    execFileSync('tar', ['cf', file, '-C', root, 'data']);
    await expect(restore()).rejects.toThrow(/no backup of Carillon/);
    await expect(
      restoreBackup({
        dataDirectory: other,
        file: join(root, 'none'),
        force: false,
        now: NOW,
        progress: quiet,
      }),
    ).rejects.toThrow('there is no file');
    expect(existsSync(other)).toBe(false);
  });

  it('over a database needs --force, and keeps the old one aside, whole', async () => {
    await fill(data, 5);
    await backup();
    await withStore(other, ({ client }) =>
      client.db('carillon').collection('mine').insertOne({ precious: true }),
    );
    await expect(restore()).rejects.toThrow(/there is a database in .* already.*--force/);
    const { aside } = await restore(true);
    expect(await contentOf(other)).toEqual(await contentOf(data));
    const old = join(root, 'old');
    mkdirSync(join(old, 'database'), { recursive: true });
    copyFileSync(aside!, join(old, 'database/data.mdb'));
    expect(Object.keys(await contentOf(old))).toEqual(['mine']);
  });

  it('is refused while the store is in use', async () => {
    await fill(data, 1);
    await backup();
    await withStore(other, async () => {
      await expect(restore(true)).rejects.toThrow(/in use by process/);
    });
  });

  it('repairs a database that cannot be opened any more', async () => {
    await fill(data, 5);
    await backup();
    mkdirSync(join(other, 'database'), { recursive: true });
    writeFileSync(join(other, 'database/data.mdb'), 'rubbish');
    await restore(true);
    expect(await contentOf(other)).toEqual(await contentOf(data));
  });
});

describe('the tools as processes', { timeout: 60_000 }, () => {
  it('back up a running bot from another process, tell what is in it, and compact it when it is stopped', async () => {
    await fill(data, 30);
    await withStore(data, async () => {
      const busy = await startTool('compact', data, []).ended;
      expect(busy).toMatchObject({
        code: 1,
        errors: expect.stringContaining(`in use by process ${process.pid}`),
      });
      const run = await startTool('backup', data, [file]).ended;
      expect(run).toMatchObject({
        code: 0,
        out: expect.stringMatching(
          /complete and was read again: 34 documents in 3 collections, 4 media \(0\.3 MB\)/,
        ),
      });
    });
    expect(await startTool('backup', data, []).ended).toMatchObject({
      code: 2,
      errors: expect.stringContaining('FILE is missing'),
    });
    expect(await startTool('compact', data, []).ended).toMatchObject({
      code: 0,
      out: expect.stringMatching(/MB before, .* MB now/),
    });
    await restore();
    expect(await contentOf(other)).toEqual(await contentOf(data));
  });

  it('killed anywhere in a restore, the folder has the old database or the new one', async () => {
    await fill(data, 30);
    await backup();
    await withStore(other, ({ client }) =>
      client.db('carillon').collection('mine').insertOne({ precious: true }),
    );
    const mine = await contentOf(other);
    const stages = [
      'checking the backup',
      'unpacking the database',
      'reading the database through',
      'unpacking media',
    ];
    for (const stage of stages) {
      const run = startTool('restore', other, [file, '--force'], (line, child) => {
        if (line.startsWith(stage)) child.kill('SIGKILL');
      });
      expect(await run.ended, stage).toMatchObject({
        signal: 'SIGKILL',
        errors: expect.stringContaining(stage),
      });
      const found = await contentOf(other);
      if (!('posts' in found)) expect(found).toEqual(mine);
      else expect(found).toEqual(await contentOf(data));
    }
    expect(await startTool('restore', other, [file, '--force']).ended).toMatchObject({ code: 0 });
    expect(await contentOf(other)).toEqual(await contentOf(data));
    expect(await mediaOf(other)).toEqual(await mediaOf(data));
    expect(existsSync(join(other, 'database/snapshots'))).toBe(false);
  });

  it('killed in a backup, there is no file under its name, and the next one succeeds', async () => {
    await fill(data, 30);
    for (const stage of [
      'writing media',
      'reading the copy',
      'writing the database',
      'checking the backup',
    ]) {
      const run = startTool('backup', data, [file], (line, child) => {
        if (line.startsWith(stage)) child.kill('SIGKILL');
      });
      expect((await run.ended).signal, stage).toBe('SIGKILL');
      if (existsSync(file)) {
        // The kill came after the renaming: then it is whole.
        await restore(true);
        rmSync(file);
      }
    }
    expect(await startTool('backup', data, [file]).ended).toMatchObject({ code: 0 });
    expect(readdirSync(root).filter((name) => name.startsWith('backup'))).toEqual(['backup.tar']);
    await restore(true);
    expect(await contentOf(other)).toEqual(await contentOf(data));
  });
});
