/** Opens the one database connection of a process. Agenda and GridFS share it through `connection.db`. */
import mongoose from 'mongoose';
import { failure } from '../core/errors.ts';

export interface OpenOptions {
  /** How long to look for a server, at the start and for every later command, in milliseconds. */
  readonly timeoutMs: number;
  /** Reports each command to listeners of the client (`commandStarted`); for tests. */
  readonly monitorCommands?: boolean;
}

export interface OpenedDatabase {
  readonly connection: mongoose.Connection;
  close(): Promise<void>;
}

/** Used when the address names no database; MongoDB's own default would be `test`. */
const DEFAULT_DATABASE = 'carillon';

/** Scheme, hosts with credentials, and the database of a MongoDB address. */
const ADDRESS = /^mongodb(?:\+srv)?:\/\/(?:([^/?@]*)@)?[^/?]+(?:\/([^?]*))?(?:\?.*)?$/;

/** Errors by which the driver says that the address itself is wrong. */
const UNREADABLE_NAMES: readonly string[] = ['MongoParseError', 'MongoInvalidArgumentError', 'TypeError'];

/** MongoDB's codes for refused credentials and for a missing right. */
const REFUSED_CODES: readonly unknown[] = [18, 13, 8000];

/**
 * Connects and proves that the server answers. Errors: DATABASE_UNREACHABLE (not reachable, or it refuses the
 * credentials), CONFIG_INVALID (the address cannot be read). No message holds the password.
 */
export async function openDatabase(uri: string, options: OpenOptions): Promise<OpenedDatabase> {
  const address = ADDRESS.exec(uri);
  if (address === null) throw unreadable(uri);
  const connection = mongoose.createConnection();
  try {
    await connection.openUri(uri, {
      ...(address[2] ? {} : { dbName: DEFAULT_DATABASE }),
      serverSelectionTimeoutMS: options.timeoutMs,
      monitorCommands: options.monitorCommands ?? false,
      appName: 'carillon',
      // An attempt that is about to be sent must be on disk before it is sent; a standalone server would otherwise
      // acknowledge up to a tenth of a second before that (https://www.mongodb.com/docs/manual/reference/write-concern/).
      writeConcern: { w: 'majority', journal: true },
      // Indexes and collections are made by createIndexes() before the first use, not behind our back.
      autoIndex: false,
      autoCreate: false,
      // The driver waits for a server by itself; a second queue in Mongoose would only hide how long.
      bufferCommands: false,
      // The driver's default would store an undefined field as null.
      ignoreUndefined: true,
    });
  } catch (error) {
    await connection.close(true);
    throw unreachable(uri, error);
  }
  return { connection, close: () => connection.close() };
}

/** The address with the password replaced, for messages. */
export function maskAddress(uri: string): string {
  // Up to the last @, since a password that was not percent-encoded may hold one itself.
  return uri.replace(/^([a-z+]+:\/\/[^:/?]*):.*@/i, '$1:***@');
}

/** The text without the password of the address, in case a driver's message quotes it. */
function withoutPassword(text: string, uri: string): string {
  const password = /^[a-z+]+:\/\/[^:/?]*:(.*)@/i.exec(uri)?.[1];
  if (password === undefined || password === '') return text;
  return text.split(password).join('***').split(decoded(password)).join('***');
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch (error) {
    // A stray % is a fault of the address, told elsewhere; the raw text is then all there is to mask.
    if (error instanceof URIError) return password;
    throw error;
  }
}

function unreadable(uri: string, cause?: unknown): Error {
  return failure('ConfigError', {
    code: 'CONFIG_INVALID',
    message: `MONGODB_URI is no MongoDB address: ${maskAddress(uri)}`,
    hint: 'Write it like mongodb://user:password@host:27017/carillon, with special characters of the password percent-encoded; or unset it to use the embedded database.',
    cause,
  });
}

function unreachable(uri: string, error: unknown): Error {
  // Only the sentence is kept: the driver's error object carries the parsed options, credentials among them.
  const said = withoutPassword(error instanceof Error ? error.message : String(error), uri);
  const cause = new Error(said);
  // By name: the driver and its parser of addresses each have a class of this name.
  if (error instanceof Error && UNREADABLE_NAMES.includes(error.name)) return unreadable(uri, cause);
  const refused = error instanceof mongoose.mongo.MongoServerError && REFUSED_CODES.includes(error.code);
  return failure('ConfigError', {
    code: 'DATABASE_UNREACHABLE',
    message: refused
      ? `The database at ${maskAddress(uri)} refuses the credentials: ${said}`
      : `The database at ${maskAddress(uri)} does not answer: ${said}`,
    hint: refused
      ? 'Check the user, the password and authSource in MONGODB_URI, and that the user may read and write the database.'
      : 'Check that the server runs, that MONGODB_URI names its host and port, and that no firewall is between; or unset MONGODB_URI to use the embedded database.',
    cause,
  });
}
