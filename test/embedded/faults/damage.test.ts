/**
 * A data file with one bit changed, cut off, or not ours: the start or the read is refused in words, or the answers are
 * right; the process lives and the file is left as it is.
 * What is not seen until `validate` is asked: a bit in an index's key that leaves the keys in order.
 * EMBEDDED_FLIPS=5000 npx vitest run test/embedded/faults makes a longer run; EMBEDDED_FLIP_SEED takes another seed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../../src/embedded/engine.ts';
import { StorageError } from '../../../src/embedded/storage-error.ts';
import { validateCollection } from '../../../src/embedded/validation.ts';
import { temporaryDirectory } from '../harness.ts';
import { seededRandom } from '../seeded-random.ts';
import { makeGoodDatabase } from './good-database.ts';

const FLIPS = Number(process.env.EMBEDDED_FLIPS ?? 150);
const SEED = Number(process.env.EMBEDDED_FLIP_SEED ?? 1);
const PAGE = 4_096;
/** Header and table of a page. */
const HEAD = 64;

const folder = temporaryDirectory();
const good = join(folder, 'good.mdb');
beforeAll(() => makeGoodDatabase(good));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Half of the bits anywhere, half in the heads of pages, which LMDB believes. */
function spots(): string[] {
  const random = seededRandom(SEED);
  const { size } = statSync(good);
  return Array.from({ length: FLIPS }, (_, n) => {
    const place =
      n % 2 === 0 ? random() * size : Math.floor((random() * size) / PAGE) * PAGE + random() * HEAD;
    return `${Math.floor(place)}:${Math.floor(random() * 8)}`;
  });
}

describe('one bit changed', () => {
  it('is told, seen by validate, or without effect', { timeout: 30_000 + FLIPS * 300 }, async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'flip-child.ts'), good, join(folder, 'flip'), ...spots()],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const [code] = await once(child, 'close');
    const lines = output.trim().split('\n');
    expect({ code, last: code === 0 ? '' : `${lines.at(-1)} ${errors}` }).toEqual({ code: 0, last: '' });
    expect(lines).toHaveLength(FLIPS);
    const outcomes = lines.map((line) => line.slice(line.indexOf(' ') + 1));
    expect(lines.filter((line) => /WRONG|UNCLEAR/.test(line))).toEqual([]);
    const seenLate = outcomes.filter((outcome) => outcome === 'seen by validate').length;
    const told = outcomes.filter((outcome) => outcome.startsWith('told')).length;
    expect(told).toBeGreaterThan(FLIPS / 5);
    expect(seenLate).toBeLessThan(FLIPS / 20);
    if (FLIPS > 1_000) console.log({ right: FLIPS - told - seenLate, told, seenLate });
  });
});

async function opened(spoil: (file: string) => void): Promise<{ error: unknown; unchanged: boolean }> {
  const directory = join(folder, 'spoiled');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  const file = join(directory, 'data.mdb');
  copyFileSync(good, file);
  spoil(file);
  const before = readFileSync(file);
  let error: unknown;
  await Engine.open(directory).then(
    (engine) => engine.close(),
    (reason: unknown) => {
      error = reason;
    },
  );
  return { error, unchanged: readFileSync(file).equals(before) };
}

describe('the file', () => {
  it.each([0.99, 0.9, 0.5, 0.1, 0.01])(
    'cut off at %f of its length is refused and left alone',
    async (share) => {
      const { error, unchanged } = await opened((file) =>
        truncateSync(file, Math.floor(statSync(file).size * share)),
      );
      expect(error).toBeInstanceOf(StorageError);
      expect(String(error)).toMatch(/damaged .*restore a backup|too short/);
      expect(unchanged).toBe(true);
    },
  );

  it.each([
    ['text', Buffer.from('somebody else’s data\n'.repeat(1_000))],
    ['zeros', Buffer.alloc(100_000)],
    ['a few bytes', Buffer.from('x')],
  ])('of somebody else (%s) is refused and left alone', async (_what, content) => {
    const { error, unchanged } = await opened((file) => writeFileSync(file, content));
    expect(error).toBeInstanceOf(StorageError);
    expect(String(error)).toContain('is not a database of this store');
    expect(unchanged).toBe(true);
  });

  it('is whole again when the fault is removed', async () => {
    const directory = join(folder, 'spoiled');
    const file = join(directory, 'data.mdb');
    await opened((spoiled) => truncateSync(spoiled, 10_000));
    copyFileSync(good, file);
    const engine = await Engine.open(directory);
    const [collection] = engine.catalogue.list();
    expect(collection && validateCollection(engine.storage, collection.namespace)).toMatchObject({
      documents: 430,
      faults: [],
    });
    await engine.close();
    // Closed in peace, the next start need not read every page.
    expect(existsSync(`${file}.closed`)).toBe(true);
  });
});
