// From a request's bytes to its reply: finds the command, refuses what is unknown, runs it, turns errors into replies.
import { type Document, isDocument } from './bson/types.ts';
import { decode } from './codec.ts';
import {
  type Command,
  type CommandRequest,
  type ConnectionState,
  toNumber,
  unknownField,
} from './command.ts';
import { commands } from './commands/all.ts';
import type { Engine } from './engine.ts';
import { badValue, MongoError, unknownName } from './errors.ts';
import { checkGenericFields, GENERIC_FIELDS } from './generic-fields.ts';
import { encodeError, encodeReply } from './reply.ts';
import { commandName, type RequestMessage } from './wire.ts';

/** Commands that a client may send before it has proved the secret. */
const BEFORE_AUTHENTICATION = new Set([
  'hello',
  'ismaster',
  'isMaster',
  'saslStart',
  'saslContinue',
  'ping',
  'endSessions',
]);

const knownFields = new Map<Command, Set<string>>();

/**
 * Runs one request.
 * @returns the reply's BSON; never rejects
 */
export async function dispatch(
  engine: Engine,
  message: RequestMessage,
  connection: ConnectionState,
): Promise<Buffer> {
  try {
    const reply = run(engine, message, connection);
    return encodeReply(reply instanceof Promise ? await reply : reply);
  } catch (error) {
    if (!(error instanceof MongoError)) engine.reportFault(error);
    return encodeError(error);
  }
}

function run(
  engine: Engine,
  message: RequestMessage,
  connection: ConnectionState,
): Document | Promise<Document> {
  const body = decode(message.body);
  const name = commandName(body);
  const command = commands.get(name);
  if (!command) throw unknownName(59, `no such command: '${name}'`);
  if (!connection.authenticated && !BEFORE_AUTHENTICATION.has(name)) {
    throw new MongoError(13, `Command ${name} requires authentication`);
  }
  if (message.kind === 'query' && command.name !== 'hello') {
    throw new MongoError(
      352,
      `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
    );
  }
  const request: CommandRequest = {
    engine,
    database: message.database ?? databaseOf(body),
    command: body,
    body: message.body,
    sequences: message.sequences,
    connection,
    deadline: Number.POSITIVE_INFINITY,
  };
  checkFields(command, name, request);
  request.deadline = deadlineOf(request);
  engine.counters.commands += 1;
  engine.sessions.use(body.lsid, Date.now());
  return command.run(request);
}

function databaseOf(body: Document): string {
  const database = body.$db;
  if (typeof database !== 'string') throw new MongoError(40414, 'OP_MSG requests require a $db argument');
  if (database === '') throw new MongoError(73, "Invalid database name: ''");
  return database;
}

function checkFields(command: Command, name: string, request: CommandRequest): void {
  for (const field of Object.keys(request.command)) {
    if (field !== name && !fieldsOf(command).has(field) && !GENERIC_FIELDS.has(field))
      throw unknownField(name, field);
  }
  for (const field of request.sequences.keys()) {
    if (!fieldsOf(command).has(field)) throw unknownField(name, field);
    if (field in request.command)
      throw new MongoError(6, `'${field}' is in the body and in a document sequence`);
  }
  checkGenericFields(command.name, request.command);
  if (command.name === 'explain') checkExplained(request);
}

/** A command within explain is read as strictly as one that is to run. */
function checkExplained(request: CommandRequest): void {
  const inner = request.command.explain;
  if (!isDocument(inner)) return;
  const name = commandName(inner);
  const command = commands.get(name);
  if (!command) throw unknownName(59, `no such command: '${name}'`);
  if (command.name !== 'explain') checkFields(command, name, { ...request, command: inner });
}

function fieldsOf(command: Command): ReadonlySet<string> {
  let known = knownFields.get(command);
  if (!known) {
    known = new Set(command.fields);
    knownFields.set(command, known);
  }
  return known;
}

function deadlineOf(request: CommandRequest): number {
  const value = request.command.maxTimeMS;
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const milliseconds = toNumber(value);
  if (milliseconds === undefined || !Number.isInteger(milliseconds) || milliseconds < 0) {
    throw badValue(`maxTimeMS must be a whole number of milliseconds, found ${String(value)}`);
  }
  return milliseconds === 0 ? Number.POSITIVE_INFINITY : performance.now() + milliseconds;
}
