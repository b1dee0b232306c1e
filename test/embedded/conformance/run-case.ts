// Runs one case: data, operations with their results, then events and what the collections hold.
import type { MongoClient } from 'mongodb';
import type {
  Case,
  CaseFile,
  CollectionData,
  ExpectedError,
  ExpectedEvents,
  Operation,
} from './case-format.ts';
import { driver, textOf } from './driver.ts';
import { Entities } from './entities.ts';
import { match } from './match.ts';
import { refusalIn } from './observed-client.ts';
import { perform } from './operations.ts';
import { RunnerLacks } from './runner-lacks.ts';

/** The case did not come to its end, and the server had refused something in words. */
export class Refused extends Error {}

/**
 * @param own a client for the data, which no case observes
 * @throws Refused, RunnerLacks, or the error of what came out otherwise than the case says
 */
export async function runCase(uri: string, own: MongoClient, file: CaseFile, test: Case): Promise<void> {
  const entities = new Entities(uri);
  try {
    for (const data of file.initialData ?? []) await prepare(own, data);
    await entities.create(file.createEntities ?? []);
    for (const operation of test.operations) await runOperation(operation, entities);
    for (const expected of test.expectEvents ?? []) checkEvents(expected, entities);
    for (const expected of test.outcome ?? []) await checkOutcome(own, expected);
  } catch (error) {
    const refusal = refusalIn(error) ?? entities.refusals().at(-1);
    if (error instanceof RunnerLacks || refusal === undefined) throw error;
    throw new Refused(refusal, { cause: error });
  } finally {
    await entities.close();
  }
}

async function prepare(client: MongoClient, data: CollectionData): Promise<void> {
  const database = client.db(data.databaseName);
  await database.dropCollection(data.collectionName).catch(() => false);
  if (data.createOptions || data.documents.length === 0)
    await database.createCollection(data.collectionName, data.createOptions);
  if (data.documents.length > 0) await database.collection(data.collectionName).insertMany(data.documents);
}

async function runOperation(operation: Operation, entities: Entities): Promise<void> {
  const { expectError, expectResult, saveResultAsEntity, ignoreResultAndError } = operation;
  let result: unknown;
  try {
    result = await perform(operation, entities);
  } catch (error) {
    if (error instanceof RunnerLacks) throw error;
    if (ignoreResultAndError) return;
    if (!expectError) throw error;
    return checkError(expectError, error as Error, entities);
  }
  if (ignoreResultAndError) return;
  if (expectError) throw new Error(`${operation.name}: expected an error, found ${textOf(result ?? null)}`);
  if (saveResultAsEntity) entities.set(saveResultAsEntity, result);
  if (expectResult !== undefined) match(expectResult, result ?? null, entities);
}

function checkError(expected: ExpectedError, error: Error, entities: Entities): void {
  const { MongoServerError, MongoBulkWriteError, MongoError } = driver;
  const server = error instanceof MongoServerError ? error : undefined;
  const labels = error instanceof MongoError ? error.errorLabels : [];
  const claim = (holds: boolean, what: string) => {
    if (!holds)
      throw new Error(`expected an error with ${what}, found ${error.name}: ${error.message}`, {
        cause: error,
      });
  };
  const { errorContains, errorCode, errorCodeName, errorResponse, expectResult } = expected;
  if (expected.isClientError !== undefined)
    claim((server === undefined) === expected.isClientError, 'another origin');
  if (errorContains) claim(error.message.toLowerCase().includes(errorContains.toLowerCase()), errorContains);
  if (errorCode !== undefined) claim(server?.code === errorCode, `code ${errorCode}`);
  if (errorCodeName) claim(server?.codeName === errorCodeName, `code name ${errorCodeName}`);
  for (const label of expected.errorLabelsContain ?? []) claim(labels.includes(label), label);
  for (const label of expected.errorLabelsOmit ?? []) claim(!labels.includes(label), `no ${label}`);
  if (errorResponse) match(errorResponse, server?.errorResponse ?? server, entities);
  if (expectResult !== undefined && error instanceof MongoBulkWriteError)
    match(expectResult, error.result, entities);
}

function checkEvents(expected: ExpectedEvents, entities: Entities): void {
  if ((expected.eventType ?? 'command') !== 'command')
    throw new RunnerLacks(`events of kind ${expected.eventType}`);
  const seen = entities.eventsOf(expected.client);
  const kinds = seen.map(({ kind, event }) => `${kind} ${event.commandName}`).join(', ');
  const enough = expected.ignoreExtraEvents
    ? seen.length >= expected.events.length
    : seen.length === expected.events.length;
  if (!enough) throw new Error(`expected ${expected.events.length} events, found ${seen.length}: ${kinds}`);
  for (const [at, definition] of expected.events.entries()) {
    const [[kind, fields] = ['', {}]] = Object.entries(definition);
    const found = seen[at];
    if (found?.kind !== kind) throw new Error(`event ${at}: expected ${kind}, found ${kinds}`);
    const { hasServiceId: _, hasServerConnectionId, ...rest } = fields;
    if (hasServerConnectionId) match({ serverConnectionId: { $$exists: true } }, found.event, entities);
    for (const [name, part] of Object.entries(rest)) {
      // Commands and replies are root documents: fields that the case does not name are allowed.
      match(part, (found.event as unknown as Record<string, unknown>)[name], entities);
    }
  }
}

async function checkOutcome(
  client: MongoClient,
  { databaseName, collectionName, documents }: CollectionData,
): Promise<void> {
  const found = await client
    .db(databaseName)
    .collection(collectionName)
    .find({}, { sort: { _id: 1 } })
    .toArray();
  if (textOf(found) !== textOf(documents))
    throw new Error(`${collectionName}: expected ${textOf(documents)}, found ${textOf(found)}`);
}
