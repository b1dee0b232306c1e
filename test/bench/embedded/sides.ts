/**
 * The same work done three ways: through the driver and the wire against the store in a process of its own, by the store's
 * own dispatcher without a wire, and by bare LMDB with documents, one index and the same durability.
 */
import { join } from 'node:path';
import { open } from 'lmdb';
import { BSON, type Collection, type Document, MongoClient } from 'mongodb';
import { DIST } from '../program.ts';

export interface Side {
  insert(document: Document): Promise<unknown>;
  insertMany(documents: Document[]): Promise<unknown>;
  findById(id: string): Promise<unknown>;
  findByNumber(n: number): Promise<unknown>;
  /** Finds by the indexed number, changes and answers the document, as one step. */
  findAndModify(n: number): Promise<unknown>;
  /** An empty request and its answer; undefined where there is no wire. */
  ping?(): Promise<unknown>;
  close(): Promise<void>;
}

/** About 300 bytes, like a small post. */
export function documentOf(n: number): Document {
  return {
    _id: `D${n}`,
    n,
    standing: 'waiting',
    dueAt: new Date(1_900_000_000_000 + n * 1000),
    words: { text: `Words of number ${n}. ${'The quick brown fox jumps over the lazy dog. '.repeat(3)}` },
    targets: ['A1', 'A2'],
    revision: 0,
  };
}

const change = (n: number) => ({
  query: { n },
  update: { $inc: { revision: 1 }, $set: { standing: 'working' } },
});

export async function wireSide(uri: string): Promise<Side> {
  const client = await new MongoClient(uri, { maxPoolSize: 50, minPoolSize: 50 }).connect();
  const collection: Collection<Document> = client.db('bench').collection('documents');
  await collection.createIndex({ n: 1 });
  return {
    insert: (document) => collection.insertOne(document),
    insertMany: (documents) => collection.insertMany(documents),
    findById: (id) => collection.findOne({ _id: id as never }),
    findByNumber: (n) => collection.findOne({ n }),
    findAndModify(n) {
      const { query, update } = change(n);
      return collection.findOneAndUpdate(query, update, { returnDocument: 'after' });
    },
    ping: () => client.db('bench').command({ ping: 1 }),
    close: () => client.close(),
  };
}

type EngineModule = typeof import('../../../src/embedded/engine.ts');
type DispatchModule = typeof import('../../../src/embedded/dispatch.ts');

export async function engineSide(directory: string): Promise<Side> {
  const at = (file: string): string => new URL(`embedded/${file}`, DIST).href;
  const { Engine } = (await import(at('engine.js'))) as EngineModule;
  const { dispatch } = (await import(at('dispatch.js'))) as DispatchModule;
  const engine = await Engine.open(directory);
  const connection = { id: 1, authenticated: true };
  const run = async (command: Document, documents?: Document[]): Promise<Document> => {
    const body = BSON.serialize({ ...command, $db: 'bench' });
    const sequences = new Map(
      documents ? [['documents', documents.map((each) => BSON.serialize(each))]] : [],
    );
    const message = { requestId: 1, kind: 'message', body, sequences, unanswered: false } as const;
    const reply = BSON.deserialize(await dispatch(engine, message, connection));
    if (reply.ok !== 1) throw new Error(String(reply.errmsg));
    return reply;
  };
  await run({ createIndexes: 'documents', indexes: [{ key: { n: 1 }, name: 'n_1' }] });
  const first = (filter: Document) =>
    run({ find: 'documents', filter, limit: 1, singleBatch: true, batchSize: 1 });
  return {
    insert: (document) => run({ insert: 'documents' }, [document]),
    insertMany: (documents) => run({ insert: 'documents' }, documents),
    findById: (id) => first({ _id: id }),
    findByNumber: (n) => first({ n }),
    findAndModify: (n) => run({ findAndModify: 'documents', ...change(n), new: true }),
    close: () => engine.close(),
  };
}

/** What somebody would write who needs these documents and nothing else. */
export async function lmdbSide(directory: string): Promise<Side> {
  const root = open<Buffer, string>({ path: join(directory, 'bare'), encoding: 'binary' });
  const documents = root.openDB<Buffer, string>('documents', { encoding: 'binary' });
  const numbers = root.openDB<string, number>('numbers', { encoding: 'string' });
  const put = (document: Document): void => {
    documents.put(String(document._id), Buffer.from(BSON.serialize(document)));
    numbers.put(Number(document.n), String(document._id));
  };
  const read = (id: string | undefined): Document | undefined => {
    const bytes = id === undefined ? undefined : documents.get(id);
    return bytes && BSON.deserialize(bytes);
  };
  return {
    insert: (document) => root.childTransaction(() => put(document)),
    insertMany: (all) => root.childTransaction(() => all.forEach(put)),
    findById: async (id) => read(id),
    findByNumber: async (n) => read(numbers.get(n)),
    findAndModify: (n) =>
      root.childTransaction(() => {
        const found = read(numbers.get(n));
        if (!found) return undefined;
        const changed = { ...found, revision: found.revision + 1, standing: 'working' };
        documents.put(String(found._id), Buffer.from(BSON.serialize(changed)));
        return changed;
      }),
    close: () => root.close(),
  };
}
