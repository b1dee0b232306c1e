// The formats before the unified one ("v1" and "v2" of the CRUD cases), told in its words. Their events are left out: the
// unified files have the same ones.
import type { Document } from 'mongodb';
import type { Case, CaseFile, CollectionData, ExpectedError, Operation, Requirement } from './case-format.ts';

const DATABASE = 'crud-older';
const COLLECTION = 'cases';

export function isOlderFormat(content: Document): boolean {
  const tests: Document[] = content.tests;
  return Array.isArray(content.data) && tests.every((test) => test.operation || test.operations);
}

export function fromOlderFormat(content: Document): CaseFile {
  const databaseName: string = content.database_name ?? DATABASE;
  const collectionName: string = content.collection_name ?? COLLECTION;
  const place = { databaseName, collectionName };
  return {
    description: 'older format',
    schemaVersion: '1.0',
    runOnRequirements: requirementsOf(content),
    createEntities: [
      { client: { id: 'client' } },
      { database: { id: 'database', client: 'client', databaseName } },
      { collection: { id: 'collection', database: 'database', collectionName } },
    ],
    initialData: [{ ...place, documents: content.data }],
    tests: content.tests.map((test: Document) => caseOf(test, place)),
  };
}

function requirementsOf({ runOn, minServerVersion, maxServerVersion }: Document): Requirement[] {
  const list: Document[] = runOn ?? [{ minServerVersion, maxServerVersion }];
  return list.map(({ topology, ...versions }) =>
    defined({ ...versions, topologies: topology as string[] | undefined }),
  );
}

function caseOf(test: Document, place: Omit<CollectionData, 'documents'>): Case {
  const operations: Document[] = test.operations ?? [{ ...test.operation, ...test.outcome }];
  const after: Document | undefined = test.outcome?.collection;
  return defined({
    description: test.description as string,
    skipReason: (test.skipReason ?? (test.failPoint && 'failPoint')) as string | undefined,
    operations: operations.map(operationOf),
    outcome: after && [
      { ...place, collectionName: after.name ?? place.collectionName, documents: after.data },
    ],
  });
}

function operationOf(operation: Document): Operation {
  const { name, object = 'collection', result, error } = operation;
  const expectError: ExpectedError | undefined = error
    ? defined({ isError: true, expectResult: result })
    : undefined;
  return defined({
    name,
    object,
    arguments: argumentsOf(operation.arguments ?? {}),
    expectError,
    expectResult: error || result === null ? undefined : result,
  });
}

/** A bulk write's models were `{name, arguments}`, and options lay apart. */
function argumentsOf({ requests, options, ...rest }: Document): Document {
  return {
    ...rest,
    ...options,
    ...(requests && {
      requests: requests.map((model: Document) => (model.name ? { [model.name]: model.arguments } : model)),
    }),
  };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Defined<T>;
}
