// What a case names: clients, databases, collections, sessions, buckets and results.
import type { ClientSession, Collection, Db, Document, GridFSBucket, MongoClient } from 'mongodb';
import { driver } from './driver.ts';
import { connectObserved, type ObservedClient, type SeenEvent } from './observed-client.ts';
import { RunnerLacks } from './runner-lacks.ts';

export class Entities {
  readonly #uri: string;
  readonly #entities = new Map<string, unknown>();
  readonly #clients = new Map<string, ObservedClient>();

  constructor(uri: string) {
    this.#uri = uri;
  }

  get(id: string): unknown {
    if (!this.#entities.has(id)) throw new Error(`the case names "${id}", which it did not make`);
    return this.#entities.get(id);
  }

  set(id: string, value: unknown): void {
    this.#entities.set(id, value);
  }

  database = (id: string) => this.get(id) as Db;
  collection = (id: string) => this.get(id) as Collection;
  session = (id: string) => this.get(id) as ClientSession;
  bucket = (id: string) => this.get(id) as GridFSBucket;
  client = (id: string) => this.get(id) as MongoClient;

  /** For looking at what a case left behind: there is one server. */
  anyClient(): MongoClient {
    const [observed] = this.#clients.values();
    if (!observed) throw new Error('the case made no client');
    return observed.client;
  }

  /** What the server refused to any of the clients. */
  refusals(): string[] {
    return [...this.#clients.values()].flatMap(({ refusals }) => refusals);
  }

  eventsOf(client: string): readonly SeenEvent[] {
    return this.#clients.get(client)?.events ?? [];
  }

  async create(definitions: readonly Record<string, Document>[]): Promise<void> {
    for (const definition of definitions) {
      for (const [kind, options] of Object.entries(definition))
        this.set(options.id, await this.#make(kind, options));
    }
  }

  async close(): Promise<void> {
    const sessions = [...this.#entities.values()].filter((entity) => entity instanceof driver.ClientSession);
    await Promise.all(sessions.map((session) => session.endSession()));
    await Promise.all([...this.#clients.values()].map(({ client }) => client.close()));
  }

  async #make(kind: string, options: Document): Promise<unknown> {
    switch (kind) {
      case 'client':
        return this.#makeClient(options);
      case 'database':
        return this.client(options.client).db(options.databaseName, options.databaseOptions);
      case 'collection':
        return this.database(options.database).collection(options.collectionName, options.collectionOptions);
      case 'session':
        return this.client(options.client).startSession(options.sessionOptions);
      case 'bucket':
        return new driver.GridFSBucket(this.database(options.database), options.bucketOptions);
      default:
        throw new RunnerLacks(`entities of kind ${kind}`);
    }
  }

  async #makeClient(options: Document): Promise<MongoClient> {
    const observed = await connectObserved(this.#uri, options);
    this.#clients.set(options.id, observed);
    return observed.client;
  }
}
