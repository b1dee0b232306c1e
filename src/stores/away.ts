/** Tells errors that mean "the database cannot be reached" from all others, by the driver's own names. */

/**
 * https://mongodb.github.io/node-mongodb-native/ (classes of errors): no server found in time, a connection broken or closed, a pool or
 * client that is closed already, a time limit passed.
 */
const AWAY_NAMES: ReadonlySet<string> = new Set([
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoOperationTimeoutError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoServerClosedError',
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'MongoWaitQueueTimeoutError',
  'MongoClientClosedError',
]);

/**
 * Answers of a server that is shutting down or is no primary at the moment
 * (https://github.com/mongodb/specifications/blob/master/source/server-discovery-and-monitoring/server-discovery-and-monitoring.md).
 */
const AWAY_CODES: ReadonlySet<unknown> = new Set([91, 189, 10107, 11600, 11602, 13435, 13436]);

/** A connection that breaks while the driver writes to it: this one error it lets through as the socket gave it (seen with 7.8). */
const BROKEN_CODES: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET']);

/** Causes that are looked through: a file's error may wrap the store's, which wraps the driver's. */
const CAUSES_MAX = 5;

/** For errors that a store threw: others' broken connections would be taken for the database's. */
export function isDatabaseAway(error: unknown): boolean {
  if (isBrokenSocket(error)) return true;
  let found = error;
  for (let depth = 0; depth < CAUSES_MAX && found instanceof Error; depth += 1) {
    const { name, code } = found as Error & { readonly code?: unknown };
    if (AWAY_NAMES.has(name)) return true;
    if (name.startsWith('Mongo') && AWAY_CODES.has(code)) return true;
    // Mongoose looks at its connection before it asks the driver; commands are not queued here (`bufferCommands` is off).
    if (name === 'MongooseError' && found.message.includes('bufferCommands = false')) return true;
    found = found.cause;
  }
  return false;
}

function isBrokenSocket(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'Error') return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return BROKEN_CODES.has(code) && (syscall === 'write' || syscall === 'read');
}
