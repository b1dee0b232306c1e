// A clock that jumps: cursors and time limits do not notice, ids stay distinct, expiry follows the clock as MongoDB's does,
// and a lock is judged by its process, not by its time.
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { takeLock } from '../../src/embedded/lock-file.ts';
import { removeExpired } from '../../src/embedded/ttl-monitor.ts';
import { temporaryDirectory } from './harness.ts';
import { type Fields, type LocalEngine, openLocalEngine } from './meaning/local-engine.ts';

const NOW = new Date('2030-06-01T12:00:00Z');
const YEAR = 365 * 24 * 3_600_000;
const jump = (milliseconds: number) => vi.setSystemTime(NOW.getTime() + milliseconds);

let local: LocalEngine;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  local = await openLocalEngine();
});
afterEach(async () => {
  vi.useRealTimers();
  expect(local.faults).toEqual([]);
  await local.close();
});

describe.each([
  ['forward', 10 * YEAR],
  ['back', -10 * YEAR],
])('a jump %s', (_way, distance) => {
  it('ends no cursor and no read with a time limit', async () => {
    await local.run({ insert: 'c', documents: Array.from({ length: 500 }, (_, n) => ({ n })) });
    const first = await local.run({ find: 'c', batchSize: 100, maxTimeMS: 60_000 });
    const { id } = first.cursor as { id: unknown };
    jump(distance);
    const next = await local.run({ getMore: id, collection: 'c' });
    expect((next.cursor as { nextBatch: Fields[] }).nextBatch).toHaveLength(400);
    expect(await local.run({ count: 'c', query: { n: { $gte: 0 } }, maxTimeMS: 60_000 })).toMatchObject({
      n: 500,
    });
  });

  it('gives no id twice', async () => {
    const insert = () => local.run({ insert: 'c', documents: Array.from({ length: 200 }, () => ({})) });
    await insert();
    jump(distance);
    await insert();
    jump(0);
    expect(await insert()).toMatchObject({ n: 200 });
    expect(await local.run({ count: 'c' })).toMatchObject({ n: 600 });
    expect(await local.run({ validate: 'c' })).toMatchObject({ errors: [] });
  });
});

describe('expiry', () => {
  it('takes what is due by the clock of the moment and nothing else', async () => {
    // The sweep is given its moment; dates of a fake class are no dates to the store.
    vi.useRealTimers();
    await local.run({
      createIndexes: 'c',
      indexes: [{ key: { at: 1 }, name: 'at', expireAfterSeconds: 60 }],
    });
    const at = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
    await local.run({
      insert: 'c',
      documents: [{ _id: 1, at: at(0) }, { _id: 2, at: at(YEAR) }, { _id: 3 }],
    });
    expect(await removeExpired(local.engine, at(-YEAR))).toBe(0);
    expect(await removeExpired(local.engine, at(120_000))).toBe(1);
    // Back again: what is gone stays gone, and nothing else goes.
    expect(await removeExpired(local.engine, at(-YEAR))).toBe(0);
    expect(await removeExpired(local.engine, at(2 * YEAR))).toBe(1);
    expect(await local.run({ count: 'c' })).toMatchObject({ n: 1 });
  });
});

describe('the lock', () => {
  it('of a dead process is taken though its time lies in the future, one of an unseen host is explained', () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'process.lock');
    const hold = (holder: object) => {
      writeFileSync(file, JSON.stringify(holder));
      utimesSync(file, new Date(NOW.getTime() + YEAR), new Date(NOW.getTime() + YEAR));
    };
    hold({ pid: process.pid, host: hostname(), started: 'an earlier boot/1' });
    takeLock(directory).release();
    hold({ pid: 1, host: 'elsewhere', started: '' });
    expect(() => takeLock(directory)).toThrow(
      /clock had been set back; if that process is gone, remove .*process\.lock/,
    );
    rmSync(directory, { recursive: true });
  });
});
