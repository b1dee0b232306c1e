// What a command is to the dispatcher, and strict reading of its fields: a field that is unknown or of the wrong type
// is refused in MongoDB's words, never ignored.
import { Decimal128, Double, Int32, Long } from 'bson';
import { type Document, isDocument, typeName, typeOf } from './bson/types.ts';
import { decode } from './codec.ts';
import type { Engine } from './engine.ts';
import { badValue, MongoError, NOT_SUPPORTED_ADVICE, typeMismatch } from './errors.ts';

export interface CommandRequest {
  engine: Engine;
  database: string;
  /** The decoded body. Its first field is the command's name. */
  command: Document;
  /** The body's bytes, from which stored documents are taken as they came. */
  body: Uint8Array;
  /** Documents that travelled outside the body, by field. */
  sequences: Map<string, Uint8Array[]>;
  connection: ConnectionState;
  /** Time of performance.now() after which a long read gives up (maxTimeMS); no change of the clock moves it. */
  deadline: number;
}

export interface ConnectionState {
  id: number;
  /** Where the client must prove a secret (loopback on Windows), whether it has. */
  authenticated: boolean;
  /** The running SCRAM conversation. */
  conversation?: unknown;
}

/** One command of the protocol. */
export interface Command {
  name: string;
  /** Fields that it understands, besides the generic ones that every command may carry. */
  fields: readonly string[];
  /** Answers; throws MongoError. A promise when it waits for the disk. */
  run(request: CommandRequest): Document | Promise<Document>;
}

/** A document with the bytes it arrived as, if it travelled in a sequence of its own. */
export interface ReceivedDocument {
  bytes: Uint8Array | undefined;
  document: Document;
}

/** The documents of an array field, wherever they travelled. */
export function receivedDocuments(request: CommandRequest, field: string): ReceivedDocument[] {
  const sequence = request.sequences.get(field);
  if (sequence) return sequence.map((bytes) => ({ bytes, document: decode(bytes) }));
  const value = request.command[field];
  if (value === undefined) throw missingField(pathOf(request, field));
  if (!Array.isArray(value)) throw wrongType(pathOf(request, field), value, 'array');
  return value.map((document: unknown, index) => {
    if (!isDocument(document)) throw wrongType(pathOf(request, `${field}.${index}`), document, 'object');
    return { bytes: undefined, document };
  });
}

export function commandNameOf(request: CommandRequest): string {
  return Object.keys(request.command)[0] ?? '';
}

/** The collection that the command names in its first field, as "database.collection". */
export function namespaceOf(request: CommandRequest, field = commandNameOf(request)): string {
  const name = request.command[field];
  if (typeof name !== 'string')
    throw new MongoError(73, `collection name has invalid type ${typeName(typeOf(name))}`);
  if (name === '') throw new MongoError(73, `Invalid namespace specified '${request.database}.'`);
  return `${request.database}.${name}`;
}

export function documentField(request: CommandRequest, field: string): Document | undefined {
  const value = request.command[field];
  if (value === undefined || value === null) return undefined;
  if (!isDocument(value)) throw wrongType(pathOf(request, field), value, 'object');
  return value;
}

/** The same of a nested statement. @param where as `refuseUnknownFields` */
export function statementDocument(statement: Document, field: string, where: string): Document | undefined {
  const value = statement[field];
  if (value === undefined || value === null) return undefined;
  if (!isDocument(value)) throw wrongType(`${where}.${field}`, value, 'object');
  return value;
}

/** MongoDB takes numbers for booleans in options, and so do old clients. */
export function booleanField(request: CommandRequest, field: string): boolean {
  return toBoolean(request.command[field], () =>
    wrongType(pathOf(request, field), request.command[field], 'bool'),
  );
}

export function toBoolean(value: unknown, fault: () => MongoError): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  const number = toNumber(value);
  if (number === undefined) throw fault();
  return number !== 0;
}

/** A whole number of at least `minimum`. */
export function numberField(request: CommandRequest, field: string, minimum = 0): number | undefined {
  const value = request.command[field];
  if (value === undefined || value === null) return undefined;
  const number = toNumber(value);
  if (number === undefined) throw wrongType(pathOf(request, field), value, 'number');
  if (!Number.isFinite(number))
    throw badValue(`BSON field '${field}' value must be a number, actual value '${number}'`);
  if (number < minimum)
    throw new MongoError(
      51024,
      `BSON field '${field}' value must be >= ${minimum}, actual value '${number}'`,
    );
  return Math.trunc(number);
}

export function stringField(request: CommandRequest, field: string): string | undefined {
  const value = request.command[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(pathOf(request, field), value, 'string');
  return value;
}

export function arrayField(request: CommandRequest, field: string): unknown[] | undefined {
  const value = request.command[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType(pathOf(request, field), value, 'array');
  return value;
}

/** A BSON number as a JavaScript number; undefined for anything else. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Double || value instanceof Int32) return value.valueOf();
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Decimal128) return Number(value.toString());
  if (typeof value === 'bigint') return Number(value);
  return undefined;
}

function wrongType(path: string, value: unknown, expected: string): MongoError {
  return typeMismatch(
    `BSON field '${path}' is the wrong type '${typeName(typeOf(value))}', expected type '${expected}'`,
  );
}

function pathOf(request: CommandRequest, field: string): string {
  return `${commandNameOf(request)}.${field}`;
}

/** Code 40414. @param path command and field, such as `distinct.key` */
export function missingField(path: string): MongoError {
  return new MongoError(40414, `BSON field '${path}' is missing but a required field`);
}

/**
 * Refuses fields of a nested statement (an entry of `updates`, an index) that are not known.
 * @param where name of the statement for the message, such as `update.updates`
 */
export function refuseUnknownFields(statement: Document, known: ReadonlySet<string>, where: string): void {
  for (const field of Object.keys(statement)) {
    if (!known.has(field)) throw unknownField(where, field);
  }
}

/** Code 40415, MongoDB's answer to a field that no version knows or that this store does not implement. */
export function unknownField(where: string, field: string): MongoError {
  return new MongoError(40415, `BSON field '${where}.${field}' is an unknown field: ${NOT_SUPPORTED_ADVICE}`);
}
