/**
 * The errors that the store answers with: MongoDB's code, code name and message shape, so that drivers, Mongoose and
 * Agenda react as they do to a real server. Everything that the store cannot do exactly is an error from `notSupported`.
 */
import { describeValue } from './bson/describe.ts';
import type { Document } from './bson/types.ts';

/**
 * Names of the error codes in use; all others are "Location" and the number.
 * Source: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
 */
const CODE_NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  17: 'ProtocolError',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  34: 'CannotBackfillArray',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  79: 'UnknownReplWriteConcern',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  111: 'NotExactValueField',
  115: 'CommandNotSupported',
  117: 'ConflictingOperationInProgress',
  146: 'ExceededMemoryLimit',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  197: 'InvalidIndexSpecificationOption',
  224: 'QueryFeatureNotAllowed',
  241: 'ConversionFailure',
  261: 'TooManyLogicalSessions',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  322: 'APIVersionError',
  323: 'APIStrictError',
  352: 'UnsupportedOpQueryCommand',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  13113: 'MergeStageNoMatchingDocument',
  13297: 'DatabaseDifferCase',
  14031: 'OutOfDiskSpace',
  40414: 'IDLFailedToParse',
  40415: 'IDLUnknownField',
};

/** Ends every refusal, so that the person who meets it knows the way out. */
export const NOT_SUPPORTED_ADVICE = 'not supported by the embedded database; set MONGODB_URI';

export interface ErrorDetails {
  readonly keyPattern?: Document;
  readonly keyValue?: Document;
  readonly cause?: unknown;
}

/** An error that is sent to the client: `code` and `codeName` are MongoDB's. */
export class MongoError extends Error {
  override readonly name = 'MongoError';
  readonly code: number;
  readonly codeName: string;
  /** Only on duplicate keys: the index's key pattern and the offending values. */
  readonly keyPattern?: Document;
  readonly keyValue?: Document;

  constructor(code: number, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.codeName = CODE_NAMES[code] ?? `Location${code}`;
    if (details.keyPattern) this.keyPattern = details.keyPattern;
    if (details.keyValue) this.keyValue = details.keyValue;
  }
}

/** Runs a step of a command. What it refuses is told with the words that MongoDB puts before it. */
export function inContext<T>(context: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw new MongoError(error.code, `${context} :: caused by :: ${error.message}`, {
      ...(error.keyPattern ? { keyPattern: error.keyPattern } : {}),
      ...(error.keyValue ? { keyValue: error.keyValue } : {}),
      cause: error,
    });
  }
}

/** Code 2: a value that the command understands but cannot use. */
export function badValue(message: string): MongoError {
  return new MongoError(2, message);
}

/** Code 14: a value of the wrong BSON type. */
export function typeMismatch(message: string): MongoError {
  return new MongoError(14, message);
}

/** Code 9: a statement that cannot be read (unknown modifier, wrong shape). */
export function failedToParse(message: string): MongoError {
  return new MongoError(9, message);
}

/** Code 40: one update names the same path twice. */
export function conflictingPaths(path: string, conflict: string): MongoError {
  return new MongoError(40, `Updating the path '${path}' would create a conflict at '${conflict}'`);
}

/** Code 66: a change of `_id`. */
export function immutableField(message: string): MongoError {
  return new MongoError(66, message);
}

/** Code 28: a path that leads through a value which is neither a document nor an array. */
export function pathNotViable(message: string): MongoError {
  return new MongoError(28, message);
}

/** Code 11000 in MongoDB's message shape, which Mongoose and others read. `keyValue` has the index's field names. */
export function duplicateKey(
  namespace: string,
  indexName: string,
  keyPattern: Document,
  keyValue: Document,
): MongoError {
  const message = `E11000 duplicate key error collection: ${namespace} index: ${indexName} dup key: ${describeValue(keyValue)}`;
  return new MongoError(11000, message, { keyPattern, keyValue });
}

/**
 * A refusal. `what` names the thing in MongoDB's words ("$text", "capped collections").
 * Pass MongoDB's own code where it has one for this case; the default is 115, CommandNotSupported.
 */
export function notSupported(what: string, code = 115): MongoError {
  return new MongoError(code, `${what} ${isPlural(what) ? 'are' : 'is'} ${NOT_SUPPORTED_ADVICE}`);
}

/**
 * A name that neither this store nor, perhaps, MongoDB knows: an operator, a stage, an option. `message` is MongoDB's for
 * its code; the words tell that another server may know more.
 */
export function unknownName(code: number, message: string): MongoError {
  return new MongoError(code, `${message}: ${NOT_SUPPORTED_ADVICE}`);
}

function isPlural(what: string): boolean {
  return /^[a-z ]+s$/i.test(what) && !what.endsWith('ss');
}
