// Every name of MongoDB's surface is either built, and then some test of this folder is about it, or refused in the words
// that tell the way out. Nothing is accepted and ignored.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db, Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aggregate } from '../../../src/embedded/aggregator.ts';
import { MongoError } from '../../../src/embedded/errors.ts';
import { compileExpression } from '../../../src/embedded/expressions.ts';
import { compileFilter } from '../../../src/embedded/matcher.ts';
import { compileUpdate } from '../../../src/embedded/updater.ts';
import { type Running, startForTest } from '../harness.ts';
import {
  ACCUMULATORS,
  COMMANDS,
  EXPRESSIONS,
  FIELD_OPERATORS,
  FILTER_OPERATORS,
  INDEX_OPTIONS,
  PUSH_MODIFIERS,
  STAGES,
  UPDATE_OPERATORS,
} from './names.ts';

const ADVICE = 'not supported by the embedded database; set MONGODB_URI';

/** The words of all other tests of the store. */
let tests = '';
let running: Running;
let db: Db;

beforeAll(async () => {
  const folder = join(import.meta.dirname, '..');
  for (const file of await readdir(folder, { recursive: true })) {
    if (file.endsWith('.test.ts') && !file.includes('surface'))
      tests += await readFile(join(folder, file), 'utf8');
  }
  tests += await readFile(join(import.meta.dirname, 'commands.test.ts'), 'utf8');
  tests += await readFile(join(import.meta.dirname, 'manual.test.ts'), 'utf8');
  running = await startForTest();
  db = running.client.db('refusals');
});
afterAll(async () => {
  expect(running.faults).toEqual([]);
  await running.stop();
});

/** Whether the store refuses; any other error means that it knows the name and did not like the operand. */
function isRefused(action: () => unknown): boolean {
  try {
    action();
  } catch (error) {
    if (error instanceof MongoError)
      return error.message.endsWith(ADVICE) || error.message.includes(`${ADVICE}`);
    throw error;
  }
  return false;
}

/** Names that are neither refused nor in any test. */
function untested(names: readonly string[], action: (name: string) => unknown): string[] {
  const isNamed = (name: string): boolean => new RegExp(`\\${name}(?![A-Za-z0-9])`).test(tests);
  return names.filter((name) => !isRefused(() => action(name)) && !isNamed(name));
}

const pipeline = (...stages: Document[]) =>
  aggregate(stages, { source: [{ a: 1 }], lookup: () => [], now: () => new Date(0) });

describe('operators', () => {
  it.each([
    ['of a field', FIELD_OPERATORS, (name: string) => compileFilter({ a: { [name]: 1 } })],
    ['of a filter', FILTER_OPERATORS, (name: string) => compileFilter({ [name]: [{}] })],
    [
      'of an update',
      UPDATE_OPERATORS,
      (name: string) => compileUpdate({ [name]: { a: 1 } }, { now: () => new Date(0) }),
    ],
    [
      'of $push',
      PUSH_MODIFIERS,
      (name: string) => compileUpdate({ $push: { a: { $each: [], [name]: 1 } } }, { now: () => new Date(0) }),
    ],
    ['of a pipeline', STAGES, (name: string) => pipeline({ [name]: {} })],
    ['of an expression', EXPRESSIONS, (name: string) => compileExpression({ [name]: ['$a'] })({ a: 1 })],
    ['of a group', ACCUMULATORS, (name: string) => pipeline({ $group: { _id: null, a: { [name]: '$a' } } })],
  ] as const)('%s are tested or refused in words', (_, names, action) => {
    expect(untested(names, action)).toEqual([]);
    // A name that nobody knows is refused as well.
    expect(isRefused(() => action('$noSuchName'))).toBe(true);
  });
});

async function refusalOf(action: Promise<unknown>): Promise<{ code: unknown; message: string } | undefined> {
  try {
    await action;
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    return message.includes(ADVICE) ? { code, message } : undefined;
  }
}

describe('commands', () => {
  it('are tested or refused in words', async () => {
    const escaped: string[] = [];
    for (const name of COMMANDS) {
      const refusal = await refusalOf(db.command({ [name]: 1 }));
      if (refusal?.code === 59) continue;
      if (!new RegExp(`\\b${name}\\b`).test(tests)) escaped.push(name);
    }
    expect(escaped).toEqual([]);
  });

  it.each([
    [{ find: 'c', noSuchOption: 1 }],
    [{ find: 'c', tailable: true }],
    [{ find: 'c', awaitData: true }],
    [{ find: 'c', returnKey: true }],
    [{ find: 'c', showRecordId: true }],
    [{ find: 'c', min: { a: 1 } }],
    [{ find: 'c', max: { a: 1 } }],
    [{ find: 'c', sort: { a: { $meta: 'textScore' } } }],
    [{ find: 'c', projection: { a: { $meta: 'textScore' } } }],
    [{ find: 'c', collation: { locale: 'cs', strength: 1 } }],
    [{ find: 'c', collation: { locale: 'en', strength: 3 } }],
    [{ find: 'c', collation: { locale: 'en', strength: 1, numericOrdering: true } }],
    [{ find: 'c', collation: { locale: 'en', strength: 1, noSuchOption: true } }],
    [{ find: 'c', readConcern: { level: 'snapshot' } }],
    [{ find: 'c', readConcern: { noSuchOption: 1 } }],
    [{ find: 'c', lsid: { id: 1 }, txnNumber: 1, startTransaction: true, autocommit: false }],
    [{ aggregate: 'c', pipeline: [{ $changeStream: {} }], cursor: {} }],
    [{ aggregate: 'c', pipeline: [], cursor: { noSuchOption: 1 } }],
    [{ aggregate: 'c', pipeline: [{ $lookup: { from: 'x', as: 'y', noSuchOption: 1 } }], cursor: {} }],
    [{ aggregate: 'c', pipeline: [{ $unwind: { path: '$a', noSuchOption: 1 } }], cursor: {} }],
    [{ insert: 'c', documents: [{}], writeConcern: { noSuchOption: 1 } }],
    [{ insert: 'c', documents: [{}], writeConcern: { w: { dc: 1 } } }],
    [{ update: 'c', updates: [{ q: {}, u: { $set: { a: 1 } }, sort: { a: 1 } }] }],
    [{ delete: 'c', deletes: [{ q: {}, limit: 1, noSuchOption: 1 }] }],
    [{ create: 'r', capped: true, size: 1000 }],
    [{ create: 'r', size: 1000 }],
    [{ create: 'r', validator: { a: 1 } }],
    [{ create: 'r', validationLevel: 'off' }],
    [{ create: 'r', viewOn: 'c', pipeline: [] }],
    [{ create: 'r', timeseries: { timeField: 't' } }],
    [{ create: 'r', clusteredIndex: { key: { _id: 1 }, unique: true } }],
    [{ create: 'r', changeStreamPreAndPostImages: { enabled: true } }],
    [{ create: 'r', autoIndexId: false }],
    [{ collMod: 'c', validator: { a: 1 } }],
    [{ collMod: 'c', noSuchOption: 1 }],
    [{ createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'x' }] }],
    [{ createIndexes: 'c', indexes: [{ key: { a: '2dsphere' }, name: 'x' }] }],
    [{ createIndexes: 'c', indexes: [{ key: { a: 'hashed' }, name: 'x' }] }],
    [{ createIndexes: 'c', indexes: [{ key: { '$**': 1 }, name: 'x' }] }],
    [{ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'x' }], commitQuorum: 1 }],
    [{ getParameter: 1, allParameters: true }],
    [{ getParameter: '*' }],
    [{ getLog: 'global' }],
    [{ validate: 'c', repair: true }],
    [{ dbStats: 1, freeStorage: 1 }],
    [{ explain: { find: 'c', noSuchOption: 1 } }],
    [{ explain: { insert: 'c', documents: [{}] } }],
    [{ explain: { noSuchCommand: 1 } }],
    [{ saslStart: 1, mechanism: 'PLAIN', payload: 'x' }],
  ])('%j is refused in words', async (command) => {
    expect(await refusalOf(db.command(command))).toBeDefined();
    expect(await db.listCollections({ name: 'r' }).toArray()).toEqual([]);
  });

  it('index options are tested or refused in words', async () => {
    const escaped: string[] = [];
    for (const [name, value] of Object.entries(INDEX_OPTIONS)) {
      const command = { createIndexes: `i${name}`, indexes: [{ key: { a: 1 }, name: 'x', [name]: value }] };
      if (!(await refusalOf(db.command(command))) && !tests.includes(name)) escaped.push(name);
    }
    expect(escaped).toEqual([]);
  });

  it('errors of a standalone server stay what they are', async () => {
    await expect(db.command({ insert: 'c', documents: [{}], writeConcern: { w: 2 } })).rejects.toMatchObject({
      code: 2,
    });
    await expect(
      db.command({ insert: 'c', documents: [{}], writeConcern: { w: 'dc' } }),
    ).rejects.toMatchObject({ code: 2 });
    await expect(db.command({ find: 'c', apiVersion: '2' })).rejects.toMatchObject({ code: 322 });
    await expect(
      db.command({ distinct: 'c', key: 'a', apiVersion: '1', apiStrict: true }),
    ).rejects.toMatchObject({ code: 323 });
  });
});
