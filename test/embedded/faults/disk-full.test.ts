// A disk that is full, by the shell's limit on the size of files: what cannot be written is refused with MongoDB's code, reads
// go on, and nothing that was acknowledged is lost.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MongoClient, type MongoServerError } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Build, isolateEmbedded, startProcess } from '../built-server.ts';
import { temporaryDirectory } from '../harness.ts';

/** In blocks of 512 or 1024 bytes, as the shell has it. */
const FILE_LIMIT = 2_000;
const OUT_OF_DISK_SPACE = 14031;

let build: Build;
const directory = temporaryDirectory();
beforeAll(() => {
  build = isolateEmbedded();
});
afterAll(() => {
  build.remove();
  rmSync(directory, { recursive: true, force: true });
});

async function startOnSmallDisk() {
  const command = `ulimit -f ${FILE_LIMIT}; exec "$0" "$@"`;
  const server = [join(build.folder, 'cli.js'), '--port', '0', '--data', directory];
  const child = spawn('/bin/sh', ['-c', command, process.execPath, ...server], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [uri] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { uri, child };
}

it.skipIf(process.platform === 'win32')(
  'full: refused, and all that was acknowledged is there',
  { timeout: 60_000 },
  async () => {
    const { uri, child } = await startOnSmallDisk();
    const client = await new MongoClient(uri).connect();
    const c = client.db('t').collection<{ _id: number; text: string }>('c');
    await c.createIndex({ text: 1 });
    const acknowledged: number[] = [];
    const codeNames = new Set<unknown>();
    const write = async (_id: number) => {
      try {
        await c.insertOne({ _id, text: `${_id}`.padEnd(3_000, 'x') });
        acknowledged.push(_id);
      } catch (error) {
        codeNames.add((error as MongoServerError).codeName);
        expect(String(error)).toContain('nothing was written');
      }
    };
    for (let round = 0; codeNames.size === 0 || round % 5 !== 0; round++)
      await Promise.all(Array.from({ length: 20 }, (_, n) => write(round * 20 + n)));
    expect(codeNames).toContain('OutOfDiskSpace');
    // The server lives, tells the truth and takes what makes room.
    expect(await c.countDocuments({ text: { $gt: '' } })).toBe(acknowledged.length);
    expect(await client.db('t').command({ validate: 'c' })).toMatchObject({ errors: [] });
    // LMDB writes a page anew before it frees the old one, so a delete may be refused as well: wholly, and in words.
    for (const _id of acknowledged.slice(0, 40)) {
      try {
        await c.deleteOne({ _id });
        acknowledged.splice(acknowledged.indexOf(_id), 1);
      } catch (error) {
        expect((error as MongoServerError).code).toBe(OUT_OF_DISK_SPACE);
      }
    }
    await write(1_000_000);
    await client.close();
    child.kill('SIGKILL');
    await once(child, 'exit');

    const server = await startProcess(build, directory);
    const again = await new MongoClient(server.uri).connect();
    const stored = await again.db('t').collection<{ _id: number }>('c').find({}).toArray();
    expect(stored.map(({ _id }) => _id).sort((a, b) => a - b)).toEqual(acknowledged.sort((a, b) => a - b));
    expect(await again.db('t').command({ validate: 'c' })).toMatchObject({ errors: [] });
    // With room again it takes deletes and writes as before.
    const roomy = again.db('t').collection<{ _id: number }>('c');
    expect((await roomy.deleteMany({})).deletedCount).toBe(acknowledged.length);
    await roomy.insertOne({ _id: 2_000_000 });
    await again.close();
    await server.kill();
  },
);
