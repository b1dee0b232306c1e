// explain: how a find, count, distinct, aggregate, update, delete or findAndModify reaches its documents.

import { hostname } from 'node:os';
import { splitPipeline } from '../aggregator.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { type Command, type CommandRequest, namespaceOf, toNumber } from '../command.ts';
import { badValue, notSupported, typeMismatch } from '../errors.ts';
import { type ExplainedQuery, explainQuery, VERBOSITIES, type Verbosity } from '../explain.ts';
import { readFind } from './find.ts';
import { pipelineNamespace, pipelineQuery, readPipeline } from './pipeline-source.ts';
import { collationFrom } from './query-options.ts';

export const explain: Command = {
  name: 'explain',
  fields: ['verbosity'],
  run(request) {
    const inner = request.command.explain;
    if (!isDocument(inner))
      throw typeMismatch("BSON field 'explain.explain' must be an object: the command to explain");
    const wanted = request.command.verbosity ?? 'allPlansExecution';
    const verbosity = VERBOSITIES.find((name) => name === wanted);
    if (!verbosity) throw badValue(`verbosity is "${String(wanted)}", possible ${VERBOSITIES.join(', ')}`);
    return explainCommand({ ...request, command: inner, sequences: new Map() }, verbosity);
  },
};

function explainCommand(request: CommandRequest, verbosity: Verbosity): Document {
  const name = Object.keys(request.command)[0] ?? '';
  if (name === 'aggregate') return explainAggregate(request, verbosity);
  const namespace = namespaceOf(request);
  const collection = request.engine.catalogue.get(namespace);
  const query = readQuery(request, name, namespace);
  return {
    ...explainQuery(request.engine, namespace, collection, query, verbosity),
    ...surroundings(request),
  };
}

function readQuery(request: CommandRequest, name: string, namespace: string): ExplainedQuery {
  const { command } = request;
  const collation = (document: unknown) =>
    collationFrom(isDocument(document) ? document : undefined, request.engine.catalogue.get(namespace));
  switch (name) {
    case 'find':
      return readFind(request, namespace).query;
    case 'count':
    case 'distinct':
      return {
        filter: filterOf(command.query),
        hint: command.hint,
        limit: Math.abs(toNumber(command.limit) ?? 0),
        skip: toNumber(command.skip) ?? 0,
        counts: name === 'count',
        collation: collation(command.collation),
      };
    case 'findAndModify':
      return {
        filter: filterOf(command.query),
        sort: filterOf(command.sort),
        hint: command.hint,
        limit: 1,
        collation: collation(command.collation),
      };
    case 'update':
    case 'delete': {
      const statements = command[name === 'update' ? 'updates' : 'deletes'];
      const statement: unknown = Array.isArray(statements) ? statements[0] : undefined;
      if (!isDocument(statement)) throw badValue(`explain of ${name} needs one statement`);
      const all = name === 'update' ? statement.multi === true : toNumber(statement.limit) === 0;
      return {
        filter: filterOf(statement.q),
        hint: statement.hint,
        limit: all ? 0 : 1,
        collation: collation(statement.collation),
      };
    }
    default:
      throw notSupported(`explain of "${name}"`);
  }
}

function filterOf(value: unknown): Document {
  return isDocument(value) ? value : {};
}

/** The part of a pipeline that the planner serves, then the stages that follow it. */
export function explainAggregate(request: CommandRequest, verbosity: Verbosity): Document {
  const namespace = pipelineNamespace(request);
  const collection = request.engine.catalogue.get(namespace);
  const { filter, sort, rest } = splitPipeline(readPipeline(request));
  const explained = explainQuery(
    request.engine,
    namespace,
    collection,
    pipelineQuery(request, collection, filter, sort),
    verbosity,
  );
  const reply =
    rest.length === 0 ? explained : { explainVersion: '1', stages: [{ $cursor: explained }, ...rest] };
  return { ...reply, ...surroundings(request) };
}

function surroundings(request: CommandRequest): Document {
  return {
    command: { ...request.command, $db: request.database },
    serverInfo: { host: hostname(), port: 0, version: '7.0.0', gitVersion: 'embedded' },
    serverParameters: {},
  };
}
