// Reads an index of createIndexes, and refuses the kinds and options that this store does not have.
import { type Document, isDocument, isNumeric } from './bson/types.ts';
import { refuseUnknownFields, toBoolean, toNumber } from './command.ts';
import { MongoError, notSupported, typeMismatch } from './errors.ts';
import { isTruthy } from './expression/truth.ts';
import { type IndexInfo, indexFromStored } from './index-info.ts';
import { compileFilter } from './matcher.ts';
import { parseCollation } from './order.ts';

/** MongoDB's limit. https://www.mongodb.com/docs/manual/reference/limits/ */
const MOST_FIELDS = 32;

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

/**
 * Reads an index of createIndexes.
 * @throws MongoError for kinds and options that are not supported
 */
export function readIndex(spec: Document): Omit<IndexInfo, 'number'> {
  refuseUnknownFields(spec, INDEX_FIELDS, 'createIndexes.indexes');
  const { key, name, partialFilterExpression, collation } = spec;
  if (!isDocument(key))
    throw new MongoError(9, "The 'key' field is a required property of an index specification");
  if (typeof name !== 'string' || name === '')
    throw new MongoError(9, "The 'name' field is a required property of an index specification");
  checkKey(key);
  checkVersion(spec.v);
  if (partialFilterExpression !== undefined && !isDocument(partialFilterExpression)) {
    throw typeMismatch("The field 'partialFilterExpression' must be an object");
  }
  if (partialFilterExpression) checkPartialFilter(partialFilterExpression);
  const parsed = isDocument(collation) ? parseCollation(collation) : undefined;
  const index = indexFromStored({
    number: 0,
    name,
    key,
    unique: readFlag(spec, 'unique'),
    sparse: readFlag(spec, 'sparse'),
    hidden: readFlag(spec, 'hidden'),
    partialFilter: partialFilterExpression,
    expireAfterSeconds: readExpiry(spec, key),
    collation: parsed && isDocument(collation) ? collation : undefined,
  });
  if (index.sparse && index.partialFilter)
    throw new MongoError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  return index;
}

/** Version 2 is what every index here is like; version 1 differs in details that nobody asks for knowingly. */
function checkVersion(version: unknown): void {
  if (version !== undefined && toNumber(version) !== 2)
    throw notSupported(`Version ${String(version)} of an index`, 67);
}

function checkKey(key: Document): void {
  const fields = Object.entries(key);
  if (fields.length === 0) throw new MongoError(67, 'Index keys cannot be empty.');
  if (fields.length > MOST_FIELDS)
    throw new MongoError(67, `Index key pattern has ${fields.length} fields, at most ${MOST_FIELDS}`);
  for (const [path, direction] of fields) {
    if (typeof direction === 'string') throw notSupported(`An index of kind "${direction}"`, 67);
    if (path.includes('$**')) throw notSupported('A wildcard index', 67);
    const number = isNumeric(direction) ? Number(toNumber(direction)) : 0;
    if (number === 0 || Number.isNaN(number))
      throw new MongoError(67, `Values in the index key pattern must be 1 or -1: ${path}`);
    if (path === '' || path.split('.').some((part) => part === '' || part.startsWith('$'))) {
      throw new MongoError(67, `Index key contains an illegal field name: '${path}'`);
    }
  }
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
  if (Object.keys(key).length > 1 || '_id' in key) {
    throw new MongoError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  }
  return seconds;
}
