/**
 * Every query that the program sends reads about what it answers, in a database with much history: what the ports and
 * Agenda send is recorded and asked for again with explain. A new method of a port fails here until it is called below.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Logger } from '../../src/core/log.ts';
import { type EmbeddedDatabase, startEmbedded } from '../../src/embedded/index.ts';
import { startAlarmClock } from '../../src/jobs/alarm-clock.ts';
import { ensureAlarmIndexes, JOBS } from '../../src/jobs/job-documents.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { createIndexes, createStores, type OpenedDatabase, openDatabase } from '../../src/stores/index.ts';
import { telegramInbox } from '../../src/stores/telegram-inbox.ts';
import { wallStore } from '../../src/stores/wall.ts';
import { actionsOf, type Ports } from './product-queries/actions.ts';
import {
  type Examined,
  examine,
  methodsOf,
  noting,
  queriesOf,
  type Sent,
  sentDuring,
} from './product-queries/examine.ts';
import { fill, postId, type Size, seconds } from './product-queries/history.ts';

/** A query may examine so many documents for each that it returns, */
const RATIO = 3;
/** and so many besides: the candidates of a batch that turn out to be somebody else's. */
const BESIDES = 20;
/** Index entries that may be passed by, for each document returned or skipped, and besides. */
const KEYS_RATIO = 3;
const KEYS_BESIDES = 40;

/** Calls that look at more on purpose. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'leases broken at the start':
    'once in a start, over what is open: an index on leases would cost every claim a write',
  'notices: leases broken at the start': 'once in a start, over what is pending',
};

/** Several times the largest bound: no answer has more than a hundred. */
const SIZE: Size = { finished: 1_000, waiting: 300, alarms: 300 };
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

let directory: string;
let server: EmbeddedDatabase;
let opened: OpenedDatabase;
/** Where the calls run, and the same data as they found it. */
let live: Connection;
let before: Connection;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'product-queries-'));
  server = await startEmbedded({ directory, listen: { socket: true }, thread: 'inline' });
  opened = await openDatabase(server.uri, { timeoutMs: 5_000, monitorCommands: true });
  live = opened.connection.useDb('live');
  before = opened.connection.useDb('before');
  for (const connection of [live, before]) {
    portsOf(connection);
    await createIndexes(connection);
    await ensureAlarmIndexes(connection.db!.collection(JOBS));
    await fill(connection, SIZE);
  }
});
afterAll(async () => {
  await opened.close();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

function portsOf(connection: Connection): Ports {
  return { ...createStores(connection), wall: wallStore(connection), inbox: telegramInbox(connection) };
}

const isFrugal = ({ query, keys, documents, returned }: Examined): boolean =>
  documents <= RATIO * returned + BESIDES &&
  keys <= KEYS_RATIO * (returned + Number(query.skip ?? 0)) + KEYS_BESIDES;

/** What a call changed is no longer found, what it made is not there yet: the better of both moments counts. */
async function wasteOf(what: string, sent: readonly Sent[]): Promise<string[]> {
  const wasteful: string[] = [];
  for (const query of sent.flatMap(queriesOf)) {
    const found = [await examine(before, query), await examine(live, query)];
    if (found.some(isFrugal)) continue;
    const [{ keys, documents, returned }] = found as [Examined];
    wasteful.push(`${what}: ${keys} keys, ${documents} documents for ${returned}: ${JSON.stringify(query)}`);
  }
  return wasteful;
}

it('the ports examine about what they return', async () => {
  const called = new Set<string>();
  const ports = portsOf(live);
  const wasteful: string[] = [];
  const excepted: string[] = [];
  for (const [what, action] of Object.entries(actionsOf(noting(ports, called), SIZE))) {
    const waste = await wasteOf(what, await sentDuring(live, action));
    if (what in EXCEPTIONS) excepted.push(...(waste.length > 0 ? [what] : []));
    else wasteful.push(...waste);
  }
  expect(wasteful).toEqual([]);
  // An exception that is no longer needed is taken off the list.
  expect(excepted).toEqual(Object.keys(EXCEPTIONS));
  expect(methodsOf(ports).filter((method) => !called.has(method))).toEqual([]);
});

it('Agenda and the alarm clock examine about what they return', async () => {
  const sent = await sentDuring(live, async () => {
    const clock = await startAlarmClock({
      connection: live,
      name: 'test',
      processEveryMs: 20,
      sweepEveryMs: 60_000,
      rings: true,
      onDue: () => undefined,
      calm: async () => undefined,
      onSweep: async () => undefined,
      clock: systemClock,
      log: silent,
    });
    await clock.set(postId(1), seconds(3_600), 0);
    await clock.set(postId(2), new Date(Date.now() - 1_000), 0);
    await expect
      .poll(() =>
        live
          .collection(JOBS)
          .countDocuments({ 'data.postId': postId(2), name: 'publish-post', 'data.at': { $lt: seconds(0) } }),
      )
      .toBe(0);
    await clock.clear(postId(3));
    await clock.stop();
  });
  expect(sent.length).toBeGreaterThan(10);
  // Polls repeat: one of each kind is enough.
  const kinds = new Map(sent.map((each) => [JSON.stringify(each.command, withoutValues), each]));
  expect(await wasteOf('alarms', [...kinds.values()])).toEqual([]);
});

/** Leaves the shape of a command. */
function withoutValues(key: string, value: unknown): unknown {
  return key === 'lsid' || typeof value === 'string' || typeof value === 'number' ? undefined : value;
}

it('no other file of the stores talks to a collection', async () => {
  const folder = new URL('../../src/stores/', import.meta.url);
  const found: string[] = [];
  for (const file of (await readdir(folder)).sort()) {
    const text = await readFile(new URL(file, folder), 'utf8');
    if (/\bmodelOf\(|\.collection\b|\.collection[(<]/.test(text)) found.push(file);
  }
  expect(found).toEqual([
    'accounts.ts',
    'blob-gridfs.ts', // never on the embedded database
    'blob-lists.ts', // a tool's look at GridFS
    'budgets.ts',
    'delivery-model.ts',
    'media-index.ts',
    'move-mark.ts', // one document, when a database was moved
    'notices.ts',
    'people.ts',
    'post-model.ts',
    'same-words-reader.ts',
    'schema.ts',
    'stamped-writer.ts',
    'telegram-inbox.ts',
    'turns.ts',
    'wall.ts',
    'workspaces.ts',
  ]);
});
