// delete: limit 1 removes the first match, limit 0 all of them.
import type { Document } from '../bson/types.ts';
import {
  booleanField,
  type Command,
  type CommandRequest,
  missingField,
  namespaceOf,
  receivedDocuments,
  refuseUnknownFields,
  statementDocument,
  toNumber,
} from '../command.ts';
import { failedToParse, MongoError } from '../errors.ts';
import { collect, first, startQuery } from '../query.ts';
import { collationFrom, variablesOf } from './query-options.ts';
import { checkBatchSize, runStatements, withErrors } from './write-result.ts';

const STATEMENT_FIELDS = new Set(['q', 'limit', 'collation', 'hint']);

export const deleteCommand: Command = {
  name: 'delete',
  fields: ['deletes', 'ordered', 'let'],
  async run(request) {
    const namespace = namespaceOf(request);
    const ordered = request.command.ordered === undefined || booleanField(request, 'ordered');
    const statements = receivedDocuments(request, 'deletes').map(({ document }) => readStatement(document));
    checkBatchSize(statements.length);
    const variables = variablesOf(request);
    if (missesEverything(request, namespace, statements, variables)) return { n: 0 };
    return request.engine.catalogue.transaction(() =>
      runDeletes(request, namespace, ordered, statements, variables),
    );
  },
};

interface DeleteStatement {
  filter: Document;
  limit: number;
  collation: Document | undefined;
  hint: unknown;
}

function readStatement(statement: Document): DeleteStatement {
  refuseUnknownFields(statement, STATEMENT_FIELDS, 'delete.deletes');
  const document = (field: string) => statementDocument(statement, field, 'delete.deletes');
  const filter = document('q');
  if (!filter) throw missingField('delete.deletes.q');
  const limit = toNumber(statement.limit);
  if (limit !== 0 && limit !== 1)
    throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${String(statement.limit)}`);
  return { filter, limit, collation: document('collation'), hint: statement.hint };
}

function find(
  request: CommandRequest,
  namespace: string,
  statement: DeleteStatement,
  variables: Document | undefined,
) {
  const collection = request.engine.catalogue.get(namespace);
  const { filter, limit, hint } = statement;
  const collation = collationFrom(statement.collation, collection);
  return startQuery(request.engine, collection, {
    filter,
    limit,
    hint,
    collation,
    let: variables,
    deadline: request.deadline,
  });
}

/** Deletes that find nothing are answered from a read: no commit, no disk, no wait for other writers. */
function missesEverything(
  request: CommandRequest,
  namespace: string,
  statements: readonly DeleteStatement[],
  variables: Document | undefined,
): boolean {
  try {
    return statements.every(
      (statement) => first(find(request, namespace, { ...statement, limit: 1 }, variables)) === undefined,
    );
  } catch (error) {
    // A statement that cannot run is reported as an entry of writeErrors, which the run itself makes.
    if (error instanceof MongoError) return false;
    throw error;
  }
}

function runDeletes(
  request: CommandRequest,
  namespace: string,
  ordered: boolean,
  statements: readonly DeleteStatement[],
  variables: Document | undefined,
): Document {
  const { engine } = request;
  let removed = 0;
  const errors = runStatements(statements, ordered, (statement) => {
    const collection = engine.catalogue.get(namespace);
    if (!collection) return;
    for (const stored of collect(find(request, namespace, statement, variables))) {
      engine.records.remove(collection, stored);
      removed += 1;
    }
  });
  engine.counters.deleted += removed;
  return withErrors({ n: removed }, errors);
}
