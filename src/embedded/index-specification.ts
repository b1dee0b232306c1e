// Reads an index of createIndexes, and refuses the kinds and options that this store does not have.
import { describeValue } from './bson/describe.ts';
import { type Document, isDocument } from './bson/types.ts';
import { refuseUnknownFields, toBoolean, toNumber } from './command.ts';
import { badValue, MongoError, notSupported, typeMismatch } from './errors.ts';
import { isTruthy } from './expression/truth.ts';
import { type IndexInfo, indexFromStored, SIMPLE_COLLATION } from './index-info.ts';
import { isIdPattern, keyPatternFault } from './index-key-pattern.ts';
import { compileFilter } from './matcher.ts';
import { completeCollation } from './order.ts';

const INDEX_FIELDS = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'hidden',
  'collation',
  'v',
  'background',
  'ns',
]);

/** What may be said of the index on `_id`, which every collection has. */
const ID_INDEX_FIELDS = new Set(['key', 'name', 'v', 'ns', 'collation']);

/**
 * Reads an index of createIndexes.
 * @param inherited the collection's collation, which an index takes over when it names none
 * @throws MongoError for kinds and options that are not supported
 */
export function readIndex(spec: Document, inherited: Document | undefined): Omit<IndexInfo, 'number'> {
  const { key, name, partialFilterExpression } = spec;
  if (!isDocument(key))
    throw wrong(spec, 9, "The 'key' field is a required property of an index specification");
  const fault = keyPatternFault(key);
  if (fault) throw wrong(spec, 67, fault);
  refuseUnknownFields(spec, INDEX_FIELDS, 'createIndexes.indexes');
  if (typeof name !== 'string')
    throw wrong(spec, 9, "The 'name' field is a required property of an index specification");
  checkName(spec, name, key);
  checkVersion(spec.v);
  if (partialFilterExpression !== undefined && !isDocument(partialFilterExpression)) {
    throw typeMismatch("The field 'partialFilterExpression' must be an object");
  }
  if (partialFilterExpression) checkPartialFilter(partialFilterExpression);
  const collation = readCollation(spec, inherited);
  if (isIdPattern(key)) checkIdIndex(spec, key, collation, inherited);
  const index = indexFromStored({
    number: 0,
    name,
    key,
    unique: readFlag(spec, 'unique'),
    sparse: readFlag(spec, 'sparse'),
    hidden: readFlag(spec, 'hidden'),
    background: spec.background === undefined ? undefined : readFlag(spec, 'background'),
    partialFilter: partialFilterExpression,
    expireAfterSeconds: readExpiry(spec, key),
    collation,
  });
  if (index.sparse && index.partialFilter)
    throw wrong({ ...spec, v: 2 }, 67, 'cannot mix "partialFilterExpression" and "sparse" options');
  return index;
}

/** The words that MongoDB puts around what is wrong with an index. It names the version once it has read each field. */
function wrong(spec: Document, code: number, reason: string): MongoError {
  return new MongoError(code, `Error in specification ${describeValue(spec)} :: caused by :: ${reason}`);
}

function readCollation(spec: Document, inherited: Document | undefined): Document | undefined {
  const { collation } = spec;
  if (collation === undefined) return inherited;
  if (!isDocument(collation)) throw typeMismatch("The field 'collation' must be an object");
  if (Object.keys(collation).length === 0)
    throw wrong(spec, 2, "The field 'collation' cannot be an empty object.");
  return completeCollation(collation) ?? (inherited && SIMPLE_COLLATION);
}

function checkName(spec: Document, name: string, key: Document): void {
  if (name === '') throw wrong({ ...spec, v: 2 }, 67, 'index name cannot be empty');
  if (name === '*') throw badValue("The index name '*' is not valid.");
  if (name === '_id_' && !isIdPattern(key))
    throw badValue(
      `The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found ${describeValue(key)}`,
    );
}

/** Version 2 is what every index here is like; version 1 differs in details that nobody asks for knowingly. */
function checkVersion(version: unknown): void {
  if (version !== undefined && toNumber(version) !== 2)
    throw notSupported(`Version ${String(version)} of an index`, 67);
}

function checkIdIndex(
  spec: Document,
  key: Document,
  collation: Document | undefined,
  inherited: Document | undefined,
): void {
  const stranger = Object.keys(spec).find((field) => !ID_INDEX_FIELDS.has(field));
  if (stranger !== undefined)
    throw new MongoError(
      197,
      `The field '${stranger}' is not valid for an _id index specification. Specification: ${describeValue({ ...spec, v: 2 })}`,
    );
  if (Number(key._id) !== 1)
    throw badValue(`The field 'key' for an _id index must be {_id: 1}, but got ${describeValue(key)}`);
  if (describeValue(collation) !== describeValue(inherited))
    throw badValue(
      `The _id index must have the same collation as the collection. Index collation: ${describeValue(collation ?? {})}, collection collation: ${describeValue(inherited ?? {})}`,
    );
}

/** MongoDB allows few operators here, so that it can tell from a query whether the index holds all of its results. */
function checkPartialFilter(filter: Document): void {
  compileFilter(filter);
  for (const [name, value] of Object.entries(filter)) {
    if (name === '$and' || name === '$or') {
      for (const part of Array.isArray(value) ? value : []) if (isDocument(part)) checkPartialFilter(part);
    } else if (name.startsWith('$') || (isDocument(value) && Object.entries(value).some(isNotPartial))) {
      throw new MongoError(67, `unsupported expression in partial index: ${name}`);
    }
  }
}

function isNotPartial([operator, operand]: [string, unknown]): boolean {
  // `$exists: false` is a negation, so it is not among them; read as strictly as the matcher reads it.
  if (operator === '$exists') return !isTruthy(operand);
  return operator.startsWith('$') && !PARTIAL_OPERATORS.has(operator);
}

const PARTIAL_OPERATORS = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$in']);

function readFlag(spec: Document, field: string): boolean {
  return toBoolean(spec[field], () =>
    typeMismatch(`The field '${field}' has value ${String(spec[field])}, which is not convertible to bool`),
  );
}

function readExpiry(spec: Document, key: Document): number | undefined {
  if (spec.expireAfterSeconds === undefined) return undefined;
  const seconds = toNumber(spec.expireAfterSeconds);
  if (seconds === undefined || !(seconds >= 0 && seconds <= 2147483647)) {
    throw new MongoError(
      67,
      `TTL index 'expireAfterSeconds' must be between 0 and 2147483647, found ${String(spec.expireAfterSeconds)}`,
    );
  }
  if (Object.keys(key).length > 1)
    throw new MongoError(
      67,
      `TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: ${describeValue(spec)}`,
    );
  return seconds;
}
