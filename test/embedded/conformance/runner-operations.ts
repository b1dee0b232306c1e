// Operations on the runner itself: assertions about sessions, collections and indexes.
import type { ClientSession, CommandStartedEvent, Db, Document } from 'mongodb';
import { expect } from 'vitest';
import type { Entities } from './entities.ts';
import type { Run } from './operations.ts';
import { RunnerLacks } from './runner-lacks.ts';

function lastSessions(entities: Entities, client: string): unknown[] {
  return entities
    .eventsOf(client)
    .filter(({ kind }) => kind === 'commandStartedEvent')
    .slice(-2)
    .map(({ event }) => (event as CommandStartedEvent).command.lsid);
}

const isDirty = (session: ClientSession) => session.serverSession?.isDirty;

async function namesIn(database: Db): Promise<string[]> {
  return (await database.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
}

const databaseNamed = (entities: Entities, name: string) => entities.anyClient().db(name);

async function indexNames(entities: Entities, { databaseName, collectionName }: Document): Promise<string[]> {
  const indexes = await databaseNamed(entities, databaseName).collection(collectionName).indexes();
  return indexes.map(({ name }) => name ?? '');
}

export const runnerOperations: Record<string, Run> = {
  createEntities: (e, _, { entities }) => e.create(entities),
  assertSameLsidOnLastTwoCommands(e, _, { client }) {
    const [first, second] = lastSessions(e, client);
    expect(second).toEqual(first);
  },
  assertDifferentLsidOnLastTwoCommands(e, _, { client }) {
    const [first, second] = lastSessions(e, client);
    expect(second).not.toEqual(first);
  },
  assertSessionDirty: (e, _, { session }) => expect(isDirty(e.session(session))).toBe(true),
  assertSessionNotDirty: (e, _, { session }) => expect(isDirty(e.session(session))).toBe(false),
  assertSessionUnpinned: (e, _, { session }) => expect(e.session(session).isPinned).toBe(false),
  async assertCollectionExists(e, _, { databaseName, collectionName }) {
    expect(await namesIn(databaseNamed(e, databaseName))).toContain(collectionName);
  },
  async assertCollectionNotExists(e, _, { databaseName, collectionName }) {
    expect(await namesIn(databaseNamed(e, databaseName))).not.toContain(collectionName);
  },
  async assertIndexExists(e, _, { indexName, ...place }) {
    expect(await indexNames(e, place)).toContain(indexName);
  },
  async assertIndexNotExists(e, _, { indexName, ...place }) {
    expect(await indexNames(e, place)).not.toContain(indexName);
  },
  failPoint() {
    throw new RunnerLacks('fail points, which are of a test server');
  },
};
