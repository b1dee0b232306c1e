// One process per directory: who holds it is told, a dead holder's lock is taken over, a living one's never.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseLocked, StorageError, startEmbedded } from '../../src/embedded/index.ts';
import { takeLock } from '../../src/embedded/lock-file.ts';
import { temporaryDirectory } from './harness.ts';

let directory: string;
const lockFile = () => join(directory, 'process.lock');
const write = (holder: object) => writeFileSync(lockFile(), JSON.stringify(holder));

beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  const { pid } = child;
  await once(child, 'exit');
  return Number(pid);
}

describe('the lock', () => {
  it('is given free and taken again', () => {
    takeLock(directory).release();
    expect(existsSync(lockFile())).toBe(false);
    takeLock(directory).release();
  });

  it('refuses a second start in the same process, in words', () => {
    const lock = takeLock(directory);
    expect(() => takeLock(directory)).toThrow(DatabaseLocked);
    expect(() => takeLock(directory)).toThrow(
      new RegExp(`in use by process ${process.pid} .*set MONGODB_URI`),
    );
    lock.release();
  });

  it('refuses while another process lives, and names it', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    await once(child, 'spawn');
    write({ pid: child.pid, host: hostname(), started: '' });
    try {
      expect(() => takeLock(directory)).toThrow(expect.objectContaining({ pid: child.pid }));
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    takeLock(directory).release();
  });

  it('takes over what a dead process left', async () => {
    write({ pid: await endedProcess(), host: hostname(), started: '' });
    const lock = takeLock(directory);
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it('is not fooled by a number that was given to a later process', () => {
    // Our own number, as in a container where every start is process 1.
    write({ pid: process.pid, host: hostname(), started: 'an earlier boot/1' });
    takeLock(directory).release();
    write({ pid: 1, host: hostname(), started: 'an earlier boot/1' });
    takeLock(directory).release();
  });

  it('believes an unseen host until it is silent', () => {
    write({ pid: 1, host: 'elsewhere', started: '' });
    expect(() => takeLock(directory)).toThrow(/process 1 on elsewhere/);
    utimesSync(lockFile(), new Date(0), new Date(0));
    takeLock(directory).release();
  });

  it('survives a takeover that died half-way, and an empty file', () => {
    writeFileSync(lockFile(), '');
    utimesSync(lockFile(), new Date(0), new Date(0));
    mkdirSync(join(directory, 'process.lock.takeover'));
    expect(() => takeLock(directory)).toThrow(/taking it over/);
    utimesSync(join(directory, 'process.lock.takeover'), new Date(0), new Date(0));
    takeLock(directory).release();
  });
});

describe('starting', () => {
  it('gives the directory free after stop and after a failed start', async () => {
    const first = await startEmbedded({ directory, listen: { port: 0 } });
    await expect(startEmbedded({ directory, listen: { port: 0 } })).rejects.toBeInstanceOf(DatabaseLocked);
    const port = Number(new URL(first.uri).port);
    const other = temporaryDirectory();
    await expect(startEmbedded({ directory: other, listen: { port } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    expect(existsSync(join(other, 'process.lock'))).toBe(false);
    rmSync(other, { recursive: true });
    await first.stop();
    await (await startEmbedded({ directory, listen: { port: 0 } })).stop();
  });

  it('never makes a new database over a foreign or broken file', async () => {
    const file = join(directory, 'data.mdb');
    writeFileSync(file, 'this is somebody else’s data\n'.repeat(1000));
    await expect(startEmbedded({ directory, listen: { socket: true } })).rejects.toBeInstanceOf(StorageError);
    expect(readFileSync(file, 'utf8')).toContain('somebody else');
    rmSync(file);
    await (await startEmbedded({ directory, listen: { socket: true } })).stop();
  });

  it('keeps files and socket from other users', async () => {
    const { statSync } = await import('node:fs');
    const database = await startEmbedded({ directory: join(directory, 'new'), listen: { socket: true } });
    const mode = (path: string) => statSync(path).mode & 0o777;
    const socket = decodeURIComponent(new URL(database.uri).host);
    expect(mode(join(directory, 'new'))).toBe(0o700);
    expect(mode(join(directory, 'new', 'data.mdb'))).toBe(0o600);
    expect(mode(join(socket, '..'))).toBe(0o700);
    await database.stop();
    expect(existsSync(socket)).toBe(false);
  });

  it('finds a short path for the socket of a deep directory', async () => {
    const deep = join(directory, 'd'.repeat(60), 'e'.repeat(60));
    const database = await startEmbedded({ directory: deep, listen: { socket: true } });
    expect(decodeURIComponent(new URL(database.uri).host).length).toBeLessThan(104);
    await database.stop();
  });
});
