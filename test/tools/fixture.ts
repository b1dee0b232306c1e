/** A data folder as the bot leaves it, and the tools as they are shipped, in processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  MongoClient,
  ObjectId,
  Timestamp,
} from 'mongodb';
import { type EmbeddedDatabase, startEmbedded } from '../../src/embedded/index.ts';
import { createFileBlobStore } from '../../src/stores/blob-files.ts';
import { BUILT } from '../helpers/build.ts';

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'carillon-tools-'));
}

export interface Store {
  database: EmbeddedDatabase;
  client: MongoClient;
  stop(): Promise<void>;
}

/** The database of a data folder, running; `port` makes it stand in for a MongoDB server. */
export async function openStore(
  dataDirectory: string,
  listen: { socket: true } | { port: number } = { socket: true },
): Promise<Store> {
  const database = await startEmbedded({ directory: join(dataDirectory, 'database'), listen });
  const client = await new MongoClient(database.uri).connect();
  return {
    database,
    client,
    async stop() {
      await client.close();
      await database.stop();
    },
  };
}

/** Runs something on the database of a data folder. */
export async function withStore<T>(dataDirectory: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(dataDirectory);
  try {
    return await work(store);
  } finally {
    await store.stop();
  }
}

/** One value of each BSON type, and numbers that lose themselves when they become JavaScript's. */
export const EVERY_TYPE: Document = {
  double: new Double(1),
  negativeZero: new Double(-0),
  notANumber: new Double(Number.NaN),
  int: new Int32(1),
  long: Long.fromString('9007199254740993'),
  smallLong: Long.fromNumber(1),
  decimal: Decimal128.fromString('1.10'),
  string: 'ä\u0000🔔',
  array: [1, [2, { deep: null }]],
  binary: new Binary(Buffer.from([0, 255]), 5),
  id: new ObjectId('65f000000000000000000001'),
  true: true,
  date: new Date(-1),
  null: null,
  regex: new BSONRegExp('^a.*\\d', 'im'),
  code: new Code('return 1'),
  scoped: new Code('return x', { x: new Int32(1) }),
  timestamp: new Timestamp({ t: 1, i: 2 }),
  min: new MinKey(),
  max: new MaxKey(),
  reference: { $ref: 'posts', $id: new ObjectId('65f000000000000000000002'), $db: 'carillon' },
};

/** Fills a data folder: documents of every type, indexes with every option, media. */
export async function fill(dataDirectory: string, posts = 50): Promise<readonly string[]> {
  await withStore(dataDirectory, async ({ client }) => {
    const db = client.db('carillon');
    const types = db.collection<Document>('types');
    await types.insertMany([
      { _id: new ObjectId('65f000000000000000000009'), ...EVERY_TYPE },
      { _id: 'text' as unknown as ObjectId, n: new Double(3) },
      { _id: { compound: new Int32(1) } as unknown as ObjectId },
      { _id: Long.fromNumber(7) as unknown as ObjectId },
    ]);
    const collection = db.collection<Document>('posts');
    await collection.createIndexes([
      { key: { n: 1, at: -1 }, name: 'by number', unique: true },
      { key: { at: 1 }, name: 'expiry', expireAfterSeconds: 1_000_000_000 },
      { key: { tag: 1 }, name: 'tags', sparse: true },
      { key: { state: 1 }, name: 'open', partialFilterExpression: { state: { $in: ['due', 'late'] } } },
      { key: { words: 1 }, name: 'words', collation: { locale: 'en', strength: 2 } },
    ]);
    await collection.insertMany(
      Array.from({ length: posts }, (_, n) => ({
        _id: `p${n}` as unknown as ObjectId,
        n,
        at: new Date(1_700_000_000_000 + n),
        tag: n % 2 ? ['a', 'b'] : undefined,
        text: 'word '.repeat(40),
      })),
      { ignoreUndefined: true },
    );
    await db.createCollection('empty');
  });
  const blobs = await createFileBlobStore(dataDirectory);
  const media: string[] = [];
  for (const size of [0, 1, 700, 300_000]) media.push(await keepMedium(blobs, Buffer.alloc(size, `${size}`)));
  return media;
}

export async function keepMedium(
  blobs: Awaited<ReturnType<typeof createFileBlobStore>>,
  bytes: Buffer,
): Promise<string> {
  const { signal } = new AbortController();
  return (await blobs.write(Readable.from([bytes]), { maxBytes: 1_000_000, signal })).sha256;
}

/** Every document of every collection as hexadecimal BSON, and what the indexes are. */
export async function everything(client: MongoClient): Promise<Record<string, unknown>> {
  const db = client.db('carillon');
  const found: Record<string, unknown> = {};
  for (const { name } of await db.listCollections().toArray()) {
    if (name.startsWith('media.')) continue;
    const documents = (await db.collection(name).find({}, { raw: true }).toArray()) as unknown as Buffer[];
    const indexes = await db.collection(name).listIndexes().toArray();
    found[name] = {
      documents: documents.map((bytes) => Buffer.from(bytes).toString('hex')).sort(),
      indexes: indexes.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
    };
  }
  return found;
}

export interface ToolRun {
  child: ChildProcess;
  /** Ends when the process does. */
  ended: Promise<{ code: number | null; signal: string | null; out: string; errors: string }>;
}

/** Starts a tool as `npm run` does, on a data folder. `onLine` hears each line of its progress. */
export function startTool(
  tool: string,
  dataDirectory: string,
  args: readonly string[],
  onLine: (line: string, child: ChildProcess) => void = () => undefined,
): ToolRun {
  const child = spawn(process.execPath, [join(BUILT, `tools/cli/${tool}.js`), ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, DATA_DIR: dataDirectory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.errors += chunk.toString();
    for (const line of chunk.toString().split('\n').filter(Boolean)) onLine(line, child);
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  return { child, ended };
}
