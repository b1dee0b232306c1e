// The store as it is shipped: the command line, and the worker thread that startEmbedded makes.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Build, isolateEmbedded, startProcess } from './built-server.ts';
import { temporaryDirectory } from './harness.ts';

let build: Build;
beforeAll(() => {
  build = isolateEmbedded();
});
afterAll(() => build.remove());

describe('the command line and the worker', () => {
  it('tells a second process who holds the data, and ends on SIGTERM', async () => {
    const directory = temporaryDirectory();
    const first = await startProcess(build, directory);
    await expect(startProcess(build, directory)).rejects.toThrow(`in use by process ${first.child.pid}`);
    first.child.kill('SIGTERM');
    await expect.poll(() => first.child.exitCode).toBe(0);
    const again = await startProcess(build, directory);
    await again.kill();
    rmSync(directory, { recursive: true });
  });

  it('called wrongly says how, and ends with 2', () => {
    const { status, stderr } = spawnSync(process.execPath, [`${build.folder}/cli.js`, '--port', '70000'], {
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^--port is "70000", possible 0 to 65535\nusage: npm run database/);
    expect(status).toBe(2);
  });

  it('runs in a worker thread, and tells when the files cannot be opened', async () => {
    const { startEmbedded } = (await import(
      `${build.folder}/index.js`
    )) as typeof import('../../src/embedded/index.ts');
    const directory = temporaryDirectory();
    const database = await startEmbedded({ directory, listen: { socket: true } });
    expect(database.thread).toBe('worker');
    const client = await new MongoClient(database.uri).connect();
    await client.db('t').collection('c').insertOne({ a: 1 });
    expect(await client.db('t').collection('c').countDocuments({ a: 1 })).toBe(1);
    await client.close();
    await database.stop();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${directory}/data.mdb`, 'not a database '.repeat(1000));
    await expect(startEmbedded({ directory, listen: { socket: true } })).rejects.toMatchObject({
      name: 'StorageError',
    });
    rmSync(directory, { recursive: true });
  });
});
