// find, getMore, killCursors: queries and what follows their first batch.
import { Long } from 'bson';
import { type Document, isDocument } from '../bson/types.ts';
import { encode } from '../codec.ts';
import {
  arrayField,
  booleanField,
  type Command,
  type CommandRequest,
  documentField,
  missingField,
  namespaceOf,
  numberField,
  stringField,
  toNumber,
} from '../command.ts';
import { type Batch, DEFAULT_FIRST_BATCH, type ResultSource, readBatch } from '../cursors.ts';
import { badValue, notSupported } from '../errors.ts';
import { compileProjection } from '../projector.ts';
import { type Query, startQuery } from '../query.ts';
import { cursorReply } from '../reply.ts';
import { QuerySource } from '../result-sources.ts';
import { collationFrom, variablesOf } from './query-options.ts';

export const FIND_FIELDS = [
  'filter',
  'sort',
  'projection',
  'hint',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'collation',
  'let',
  'allowDiskUse',
  'noCursorTimeout',
  'tailable',
  'awaitData',
  'allowPartialResults',
  'returnKey',
  'showRecordId',
  'min',
  'max',
] as const;

/** Options that change the answer and are not implemented. */
const REFUSED_OPTIONS = ['tailable', 'awaitData', 'returnKey', 'showRecordId', 'min', 'max'] as const;

export const find: Command = {
  name: 'find',
  fields: FIND_FIELDS,
  run(request) {
    const namespace = namespaceOf(request);
    const { query, project } = readFind(request, namespace);
    const running = startQuery(request.engine, request.engine.catalogue.get(namespace), query);
    return firstBatch(
      request,
      namespace,
      new QuerySource(running, project),
      booleanField(request, 'singleBatch'),
    );
  },
};

/** Reads the query of a find command. */
export function readFind(
  request: CommandRequest,
  namespace: string,
): { query: Query & { filter: Document }; project: ((document: Document) => Document) | undefined } {
  for (const option of REFUSED_OPTIONS) {
    const value = request.command[option];
    if (value !== undefined && value !== false) throw notSupported(`The find option "${option}"`, 2);
  }
  const limit = readLimit(request);
  const filter = documentField(request, 'filter') ?? {};
  const variables = variablesOf(request);
  const projection = documentField(request, 'projection');
  const collation = collationFrom(
    documentField(request, 'collation'),
    request.engine.catalogue.get(namespace),
  );
  const query = {
    filter,
    sort: documentField(request, 'sort'),
    skip: numberField(request, 'skip'),
    limit,
    collation,
    hint: request.command.hint,
    let: variables,
    deadline: request.deadline,
  };
  const project =
    projection && Object.keys(projection).length > 0
      ? compileProjection(projection, { filter, collation, let: variables })
      : undefined;
  return { query, project };
}

function readLimit(request: CommandRequest): number | undefined {
  return numberField(request, 'limit');
}

/** The reply with the first batch; a cursor is opened when more follows. */
export function firstBatch(
  request: CommandRequest,
  namespace: string,
  source: ResultSource,
  single = false,
  batchSize = numberField(request, 'batchSize'),
): Document {
  let batch: Batch;
  try {
    batch = readBatch(source, batchSize ?? DEFAULT_FIRST_BATCH);
  } finally {
    source.suspend();
  }
  if (batch.done || single) return cursorReply(namespace, 0n, batch.documents);
  const cursor = request.engine.cursors.add(namespace, source, {
    pending: batch.pending,
    session: sessionOf(request.command),
    keepsAlive: booleanField(request, 'noCursorTimeout'),
    timeLeft: request.deadline - performance.now(),
  });
  return cursorReply(namespace, cursor.id, batch.documents);
}

export const getMore: Command = {
  name: 'getMore',
  fields: ['collection', 'batchSize'],
  run(request) {
    const { engine } = request;
    engine.counters.getMores += 1;
    const id = cursorId(request.command.getMore);
    const collection = stringField(request, 'collection');
    if (collection === undefined) throw missingField('getMore.collection');
    const namespace = `${request.database}.${collection}`;
    const cursor = engine.cursors.get(id, namespace);
    const size = numberField(request, 'batchSize', 1) ?? Number.POSITIVE_INFINITY;
    let batch: Batch;
    const deadline = performance.now() + cursor.timeLeft;
    try {
      cursor.source.setDeadline?.(deadline);
      batch = readBatch(cursor.source, size, cursor.pending);
    } catch (error) {
      engine.cursors.kill(id);
      throw error;
    } finally {
      cursor.source.suspend();
    }
    cursor.pending = batch.pending;
    cursor.timeLeft = deadline - performance.now();
    if (batch.done) engine.cursors.kill(id);
    return cursorReply(namespace, batch.done ? 0n : id, batch.documents, 'nextBatch');
  },
};

export const killCursors: Command = {
  name: 'killCursors',
  fields: ['cursors'],
  run(request) {
    namespaceOf(request);
    const cursorsKilled: Long[] = [];
    const cursorsNotFound: Long[] = [];
    for (const value of arrayField(request, 'cursors') ?? []) {
      const id = cursorId(value);
      (request.engine.cursors.kill(id) ? cursorsKilled : cursorsNotFound).push(Long.fromBigInt(id));
    }
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
  },
};

function cursorId(value: unknown): bigint {
  if (value instanceof Long) return value.toBigInt();
  const number = toNumber(value);
  if (number === undefined || !Number.isInteger(number))
    throw badValue(`cursor id must be a 64-bit integer, found ${String(value)}`);
  return BigInt(number);
}

/** The session's id as text, to end its cursors with it. */
export function sessionOf(command: Document): string | undefined {
  return isDocument(command.lsid) ? encode(command.lsid).toString('base64') : undefined;
}
