// update: each statement finds its documents, changes them one by one and may insert one.
import type { Document } from '../bson/types.ts';
import { isDocument } from '../bson/types.ts';
import { decode } from '../codec.ts';
import {
  booleanField,
  type Command,
  type CommandRequest,
  missingField,
  namespaceOf,
  receivedDocuments,
  refuseUnknownFields,
  statementDocument,
  toBoolean,
} from '../command.ts';
import { failedToParse, MongoError, typeMismatch } from '../errors.ts';
import type { CollectionInfo } from '../index-info.ts';
import type { Collation } from '../order.ts';
import { first, startQuery } from '../query.ts';
import { type PreparedDocument, prepareDocument, type StoredDocument } from '../records.ts';
import { checkUpsertFilter } from '../update/seed.ts';
import { type CompiledUpdate, compileUpdate } from '../updater.ts';
import { collationFrom, collectionForWrite, variablesOf } from './query-options.ts';
import { checkBatchSize, runStatements, withErrors } from './write-result.ts';

const STATEMENT_FIELDS = new Set(['q', 'u', 'c', 'multi', 'upsert', 'arrayFilters', 'collation', 'hint']);
/** Of a multi update, this many documents are kept decoded between finding and changing; the others are read again. */
const MOST_KEPT = 1_000;

export const update: Command = {
  name: 'update',
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  async run(request) {
    const namespace = namespaceOf(request);
    const ordered = request.command.ordered === undefined || booleanField(request, 'ordered');
    const statements = receivedDocuments(request, 'updates').map(({ document }) => readStatement(document));
    checkBatchSize(statements.length);
    const variables = variablesOf(request);
    const run = { namespace, ordered, statements, variables, now: new Date() };
    if (missesEverything(request, run)) return { n: 0, nModified: 0 };
    return request.engine.catalogue.transaction(() => runUpdates(request, run));
  },
};

interface UpdateStatement {
  filter: Document;
  update: Document | Document[];
  /** Variables of a pipeline; unlike those of `let` they are values, not expressions. */
  constants: Document | undefined;
  multi: boolean;
  upsert: boolean;
  arrayFilters: Document[] | undefined;
  collation: Document | undefined;
  hint: unknown;
}

interface UpdateRun {
  namespace: string;
  ordered: boolean;
  statements: UpdateStatement[];
  variables: Document | undefined;
  now: Date;
}

function readStatement(statement: Document): UpdateStatement {
  refuseUnknownFields(statement, STATEMENT_FIELDS, 'update.updates');
  const document = (field: string) => statementDocument(statement, field, 'update.updates');
  const filter = document('q');
  if (!filter) throw missingField('update.updates.q');
  return {
    filter,
    update: readUpdate(statement.u),
    constants: document('c'),
    multi: toBoolean(statement.multi, () =>
      typeMismatch("BSON field 'update.updates.multi' is not a boolean"),
    ),
    upsert: toBoolean(statement.upsert, () =>
      typeMismatch("BSON field 'update.updates.upsert' is not a boolean"),
    ),
    arrayFilters: readArrayFilters(statement.arrayFilters),
    collation: document('collation'),
    hint: statement.hint,
  };
}

/** An update document or a pipeline. */
export function readUpdate(value: unknown): Document | Document[] {
  if (isDocument(value)) return value;
  if (Array.isArray(value) && value.every(isDocument)) return value;
  throw failedToParse('Update argument must be either an object or an array');
}

export function readArrayFilters(value: unknown): Document[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every(isDocument)) return value;
  throw typeMismatch("BSON field 'arrayFilters' must be an array of objects");
}

/** Updates that find nothing and insert nothing are answered from a read: no commit, no disk, no wait for other writers. */
function missesEverything(request: CommandRequest, run: UpdateRun): boolean {
  const { namespace, statements, variables } = run;
  if (statements.some(({ upsert }) => upsert)) return false;
  const { engine, deadline } = request;
  const collection = engine.catalogue.get(namespace);
  try {
    return statements.every((statement) => {
      const { filter, hint } = statement;
      const collation = collationFrom(statement.collation, collection);
      const query = { filter, hint, collation, limit: 1, let: variables, deadline };
      if (first(startQuery(engine, collection, query)) !== undefined) return false;
      // What is wrong with an update is refused even where it finds nothing.
      compileStatement(statement, collation, run);
      return true;
    });
  } catch (error) {
    // A statement that cannot run is reported as an entry of writeErrors, which the run itself makes.
    if (error instanceof MongoError) return false;
    throw error;
  }
}

function runUpdates(request: CommandRequest, run: UpdateRun): Document {
  const { engine } = request;
  let matched = 0;
  let modified = 0;
  const upserted: Document[] = [];
  const errors = runStatements(run.statements, run.ordered, (statement, index) => {
    const collection = engine.catalogue.get(run.namespace);
    const collation = collationFrom(statement.collation, collection);
    const compiled = compileStatement(statement, collation, run);
    const found = findMatches(request, collection, statement, collation, run.variables);
    let changed = 0;
    for (const stored of found)
      if (collection && applyTo(request, collection, stored, compiled)) changed += 1;
    // Counted at the end: a statement that fails counts nothing.
    matched += found.length;
    modified += changed;
    if (found.length > 0 || !statement.upsert) return;
    const { document } = insertUpsert(request, run.namespace, statement.filter, compiled);
    upserted.push({ index, _id: document._id });
  });
  engine.counters.updated += modified;
  const reply: Document = { n: matched + upserted.length, nModified: modified };
  if (upserted.length > 0) reply.upserted = upserted;
  return withErrors(reply, errors);
}

function compileStatement(
  statement: UpdateStatement,
  collation: Collation | undefined,
  run: UpdateRun,
): CompiledUpdate {
  if (statement.multi && isReplacement(statement.update))
    throw failedToParse('multi update is not supported for replacement-style update');
  const { constants } = statement;
  if (constants && !Array.isArray(statement.update))
    throw new MongoError(51198, 'Constant values may only be specified for pipeline updates');
  if (statement.upsert) checkUpsertFilter(statement.filter);
  return compileUpdate(statement.update, {
    arrayFilters: statement.arrayFilters,
    filter: statement.filter,
    collation,
    now: () => run.now,
    let: constants ? { ...run.variables, ...constants } : run.variables,
  });
}

export function isReplacement(update: Document | readonly Document[]): boolean {
  return !Array.isArray(update) && !Object.keys(update)[0]?.startsWith('$');
}

/** All matches are found before the first is changed, so that no document is met again where its change moved it. */
function findMatches(
  request: CommandRequest,
  collection: CollectionInfo | undefined,
  statement: UpdateStatement,
  collation: Collation | undefined,
  variables: Document | undefined,
): (StoredDocument | number)[] {
  const { filter, hint, multi } = statement;
  const running = startQuery(request.engine, collection, {
    filter,
    hint,
    collation,
    let: variables,
    limit: multi ? 0 : 1,
    deadline: request.deadline,
  });
  const found: (StoredDocument | number)[] = [];
  for (let stored = running.next(); stored; stored = running.next())
    found.push(found.length < MOST_KEPT ? stored : stored.record);
  running.suspend();
  return found;
}

/** @returns whether the document changed */
function applyTo(
  request: CommandRequest,
  collection: CollectionInfo,
  found: StoredDocument | number,
  compiled: CompiledUpdate,
): boolean {
  const stored = typeof found === 'number' ? readAgain(request, collection, found) : found;
  const { doc, changed } = compiled.apply(stored.document, false);
  if (changed) request.engine.records.replace(collection, stored, doc);
  return changed;
}

function readAgain({ engine }: CommandRequest, collection: CollectionInfo, record: number): StoredDocument {
  const bytes = engine.records.read(collection, record);
  // The same transaction found it, and an update removes nothing.
  if (!bytes) throw new Error(`record ${record} of ${collection.namespace} vanished within its transaction`);
  return { record, bytes, document: decode(bytes) };
}

/** Inserts what an upsert makes of its filter. @returns the new document, and its bytes */
export function insertUpsert(
  request: CommandRequest,
  namespace: string,
  filter: Document,
  compiled: CompiledUpdate,
): PreparedDocument {
  const { doc } = compiled.apply(compiled.seed(filter), true);
  const prepared = prepareDocument(doc);
  request.engine.records.insert(collectionForWrite(request, namespace), prepared);
  request.engine.counters.inserted += 1;
  return prepared;
}
