// findAndModify: finds one document and changes or removes it, as one step. When nothing matches and nothing is to be
// inserted, the answer comes from a read: Agenda asks several times a second.
import { RawDocument } from '../bson/raw-document.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { booleanField, type Command, type CommandRequest, documentField, namespaceOf } from '../command.ts';
import { failedToParse, inContext } from '../errors.ts';
import type { CollectionInfo } from '../index-info.ts';
import type { Collation } from '../order.ts';
import type { Plan } from '../plan.ts';
import { compileProjection } from '../projector.ts';
import { first, planQuery, type Query, RunningQuery } from '../query.ts';
import type { StoredDocument } from '../records.ts';
import { checkUpsertFilter } from '../update/seed.ts';
import { type CompiledUpdate, compileUpdate } from '../updater.ts';
import { collationFrom, variablesOf } from './query-options.ts';
import { insertUpsert, readArrayFilters, readUpdate } from './update.ts';

/** Alone among the writes it says so, up to version 8.0. */
const CONTEXT = 'Plan executor error during findAndModify';

export const findAndModify: Command = {
  name: 'findAndModify',
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'arrayFilters',
    'hint',
    'collation',
    'let',
  ],
  run(request) {
    const task = readTask(request);
    const { engine } = request;
    const collection = engine.catalogue.get(task.namespace);
    const plan = planQuery(engine, collection, task.query);
    const isThere = (): boolean => find(request, collection, task, plan) !== undefined;
    if (!task.upsert && !inContext(CONTEXT, isThere)) return nothingFound(task);
    return engine.catalogue.transaction(() => {
      const now = engine.catalogue.get(task.namespace);
      // The plan holds as long as the collection and its indexes do; it was made a moment ago.
      const current =
        now === collection && now?.indexes === task.indexes ? plan : planQuery(engine, now, task.query);
      return inContext(CONTEXT, () => modify(request, now, task, current));
    });
  },
};

interface Task {
  namespace: string;
  query: Query & { filter: Document };
  collation: Collation | undefined;
  indexes: CollectionInfo['indexes'] | undefined;
  remove: boolean;
  upsert: boolean;
  /** Answer the document after the change, not before. */
  answersNew: boolean;
  update: CompiledUpdate | undefined;
  project: ((document: Document) => Document) | undefined;
}

function readTask(request: CommandRequest): Task {
  const { command, engine } = request;
  const namespace = namespaceOf(request);
  const collection = engine.catalogue.get(namespace);
  const filter = documentField(request, 'query') ?? {};
  const collation = collationFrom(documentField(request, 'collation'), collection);
  const variables = variablesOf(request);
  const remove = booleanField(request, 'remove');
  const upsert = booleanField(request, 'upsert');
  const answersNew = booleanField(request, 'new');
  checkCombination({ remove, upsert, answersNew, hasUpdate: command.update !== undefined });
  if (upsert) checkUpsertFilter(filter);
  const fields = documentField(request, 'fields');
  return {
    namespace,
    query: {
      filter,
      sort: documentField(request, 'sort'),
      limit: 1,
      collation,
      hint: command.hint,
      let: variables,
      deadline: request.deadline,
    },
    collation,
    indexes: collection?.indexes,
    remove,
    upsert,
    answersNew,
    update: remove ? undefined : compile(command, filter, collation, variables),
    project:
      fields && isDocument(fields) && Object.keys(fields).length > 0
        ? compileProjection(fields, { filter, collation, let: variables })
        : undefined,
  };
}

function checkCombination(found: {
  remove: boolean;
  upsert: boolean;
  answersNew: boolean;
  hasUpdate: boolean;
}): void {
  if (found.remove && found.hasUpdate) throw failedToParse('Cannot specify both an update and remove=true');
  if (found.remove && found.upsert) throw failedToParse('Cannot specify both upsert=true and remove=true');
  if (found.remove && found.answersNew)
    throw failedToParse(
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  if (!found.remove && !found.hasUpdate)
    throw failedToParse('Either an update or remove=true must be specified');
}

function compile(
  command: Document,
  filter: Document,
  collation: Collation | undefined,
  variables: Document | undefined,
): CompiledUpdate {
  const now = new Date();
  return compileUpdate(readUpdate(command.update), {
    arrayFilters: readArrayFilters(command.arrayFilters),
    filter,
    collation,
    now: () => now,
    let: variables,
  });
}

function find(
  request: CommandRequest,
  collection: CollectionInfo | undefined,
  task: Task,
  plan: Plan,
): StoredDocument | undefined {
  request.engine.counters.queries += 1;
  return first(new RunningQuery(request.engine, collection, task.query, plan));
}

function nothingFound(task: Task): Document {
  return { lastErrorObject: task.remove ? { n: 0 } : { n: 0, updatedExisting: false }, value: null };
}

function modify(
  request: CommandRequest,
  collection: CollectionInfo | undefined,
  task: Task,
  plan: Plan,
): Document {
  const { engine } = request;
  const stored = find(request, collection, task, plan);
  if (!stored || !collection)
    return task.upsert && task.update ? upsertAnswer(request, task, task.update) : nothingFound(task);
  if (!task.update) {
    engine.records.remove(collection, stored);
    engine.counters.deleted += 1;
    return { lastErrorObject: { n: 1 }, value: answer(task, stored.document, stored.bytes) };
  }
  const { doc, changed } = task.update.apply(stored.document, false);
  const bytes = changed ? engine.records.replace(collection, stored, doc) : stored.bytes;
  if (changed) engine.counters.updated += 1;
  const value = task.answersNew ? answer(task, doc, bytes) : answer(task, stored.document, stored.bytes);
  return { lastErrorObject: { n: 1, updatedExisting: true }, value };
}

function upsertAnswer(request: CommandRequest, task: Task, update: CompiledUpdate): Document {
  const { document, bytes } = insertUpsert(request, task.namespace, task.query.filter, update);
  return {
    lastErrorObject: { n: 1, updatedExisting: false, upserted: document._id },
    value: task.answersNew ? answer(task, document, bytes) : null,
  };
}

function answer(task: Task, document: Document, bytes: Uint8Array): RawDocument | Document {
  return task.project ? task.project(document) : new RawDocument(bytes);
}
