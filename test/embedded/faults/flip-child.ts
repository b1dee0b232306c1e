// Runs in a process of its own, which a damaged file may take down: opens a copy of a good database with one bit changed,
// reads everything by every way, and tells line by line what came of it.
// Arguments: the good data file, a work folder, and offsets with the bit to change ("4096:3").
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from '../../../src/embedded/codec.ts';
import { dispatch } from '../../../src/embedded/dispatch.ts';
import { Engine } from '../../../src/embedded/engine.ts';
import { compactDatabase } from '../../../src/embedded/maintenance.ts';
import { StorageError } from '../../../src/embedded/storage-error.ts';

type Fields = Record<string, unknown>;

const [good = '', folder = '', ...spots] = process.argv.slice(2);
const HINTS = [{ $natural: 1 }, '_id_', 'a_1', 'text_1_a_-1', 'tags_1'];

async function run(engine: Engine, command: Fields): Promise<Fields> {
  const body = encode({ ...command, $db: 'fuzz' });
  const message = { requestId: 1, kind: 'message', body, sequences: new Map(), unanswered: false } as const;
  return decode(await dispatch(engine, message, { id: 1, authenticated: true }));
}

/** The fault was refused in words. */
class Told extends Error {}

/** Everything by every way, as one text for each way; or the first error. */
async function readAll(engine: Engine): Promise<string[]> {
  const answers: string[] = [];
  for (const hint of HINTS) {
    const reply = await run(engine, { find: 'c', hint, batchSize: 10_000, singleBatch: true });
    if (Number(reply.ok) !== 1) throw new Told(`told: ${reply.code} ${reply.errmsg}`);
    const documents = (reply.cursor as { firstBatch: Fields[] }).firstBatch;
    answers.push(
      documents
        .map((document) => encode(document).toString('base64'))
        .sort()
        .join(),
    );
  }
  return answers;
}

/** True when `compact` gives the right answers back. */
async function isMended(): Promise<boolean> {
  await compactDatabase(folder, 'data.mdb.spoiled');
  const engine = await Engine.open(folder);
  try {
    const found = await readAll(engine);
    return found.every((answer, way) => answer === expected[way]);
  } finally {
    await engine.close();
  }
}

async function outcome(): Promise<string> {
  let engine: Engine;
  try {
    engine = await Engine.open(folder);
  } catch (error) {
    return error instanceof StorageError
      ? `told at the start: ${error.message}`
      : `UNCLEAR: ${String(error)}`;
  }
  try {
    const found = await readAll(engine);
    if (found.every((answer, way) => answer === expected[way])) return 'right';
    // Nothing but the keys of an index has no checksum.
    if (found[0] !== expected[0]) return 'WRONG unseen';
    const report = await run(engine, { validate: 'c' });
    if (report.valid !== false) return 'WRONG unseen';
    await engine.close();
    return (await isMended()) ? 'seen by validate' : 'WRONG not mended';
  } catch (error) {
    return error instanceof Told ? error.message : `UNCLEAR: ${String(error)}`;
  } finally {
    await engine.close();
  }
}

mkdirSync(folder, { recursive: true });
const data = join(folder, 'data.mdb');
copyFileSync(good, data);
const engine = await Engine.open(folder);
const expected = await readAll(engine);
await engine.close();
const bytes = readFileSync(good);
for (const spot of spots) {
  const [offset = 0, bit = 0] = spot.split(':').map(Number);
  process.stdout.write(`${spot} `);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const spoiled = Buffer.from(bytes);
  spoiled[offset] = (spoiled[offset] ?? 0) ^ (1 << bit);
  writeFileSync(data, spoiled);
  process.stdout.write(`${await outcome()}\n`);
}
