// What the key pattern of an index may be.
import { type Document, isNumeric, typeName, typeOf } from './bson/types.ts';
import { toNumber } from './command.ts';
import { notSupported } from './errors.ts';

/** MongoDB's limit. https://www.mongodb.com/docs/manual/reference/limits/ */
const MOST_FIELDS = 32;
/** https://www.mongodb.com/docs/v7.0/core/indexes/index-types/ */
const OTHER_KINDS = new Set(['text', '2d', '2dsphere', 'hashed', 'wildcard', 'columnstore']);
/** Of the names that begin with `$`, those of a reference to a document may be indexed. */
const REFERENCE_FIELDS = new Set(['$ref', '$id', '$db']);

/** Whether a pattern means the index on `_id`. As in MongoDB a descending one does, and is then refused. */
export function isIdPattern(key: Document): boolean {
  const fields = Object.keys(key);
  return fields.length === 1 && Math.abs(Number(toNumber(key._id))) === 1;
}

/**
 * What is wrong with a key pattern, in MongoDB's words; undefined when nothing is.
 * @throws MongoError 67 for a kind of index that MongoDB has and this store has not
 */
export function keyPatternFault(key: Document): string | undefined {
  const fields = Object.entries(key);
  if (fields.length === 0) return 'Index keys cannot be empty.';
  if (fields.length > MOST_FIELDS)
    return `Index key pattern has ${fields.length} fields, at most ${MOST_FIELDS}`;
  for (const [path, direction] of fields) {
    const fault = directionFault(direction) ?? pathFault(path);
    if (fault) return fault;
  }
  return undefined;
}

function directionFault(direction: unknown): string | undefined {
  if (typeof direction === 'string') {
    if (OTHER_KINDS.has(direction)) throw notSupported(`An index of kind "${direction}"`, 67);
    return `Unknown index plugin '${direction}'`;
  }
  if (!isNumeric(direction))
    return `Values in v:2 index key pattern cannot be of type ${typeName(typeOf(direction))}. Only numbers > 0, numbers < 0, and strings are allowed.`;
  const number = Number(toNumber(direction));
  if (Number.isNaN(number)) return 'Values in the index key pattern cannot be NaN.';
  return number === 0 ? 'Values in the index key pattern cannot be 0.' : undefined;
}

function pathFault(path: string): string | undefined {
  if (path === '') return 'Index keys cannot be an empty field.';
  const parts = path.split('.');
  if (parts.includes('')) return 'Index keys cannot contain an empty field.';
  if (parts.at(-1) === '$**') throw notSupported('A wildcard index', 67);
  const isAllowed = (part: string, position: number): boolean =>
    !part.startsWith('$') || (position > 0 && REFERENCE_FIELDS.has(part));
  return parts.every(isAllowed)
    ? undefined
    : "Index key contains an illegal field name: field name starts with '$'.";
}
