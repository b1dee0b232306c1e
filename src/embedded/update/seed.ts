/** The document that an upsert begins with: the fields that the filter requires to be equal to a value. */

import { BSONRegExp } from 'bson';
import { getField, setField } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { isOperatorDocument } from '../matcher/operators.ts';

/**
 * Takes equalities from the filter, through `$and`, a single `$or` clause, `$eq`, and `$in` and `$all` of one value.
 * @throws MongoError 54 when a path would be set twice or inside another, 111 for a part of `_id`
 */
export function seedFromFilter(filter: Document): Document {
  const equalities = new Map<string, unknown>();
  collect(filter, equalities);
  const seed: Document = {};
  if (equalities.has('_id')) setField(seed, '_id', equalities.get('_id'));
  for (const [path, value] of equalities) {
    // The order of its parts would be anybody's guess, and counts.
    if (path.startsWith('_id.'))
      throw new MongoError(111, `field at '_id' must be exactly specified, field at sub-path '${path}'found`);
    setPath(seed, path.split('.'), value);
  }
  return seed;
}

function collect(filter: Document, equalities: Map<string, unknown>): void {
  for (const [name, condition] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(condition)) {
      for (const clause of condition) collect(clause, equalities);
    } else if (name === '$or' && Array.isArray(condition) && condition.length === 1) {
      collect(condition[0], equalities);
    } else if (!name.startsWith('$')) {
      for (const value of equalValuesOf(condition)) addEquality(equalities, name, value);
    }
  }
}

function equalValuesOf(condition: unknown): readonly unknown[] {
  if (condition instanceof BSONRegExp) return [];
  if (!isOperatorDocument(condition)) return [condition];
  return Object.entries(condition).flatMap(([operator, operand]) => {
    if (operator === '$eq') return [operand];
    if (operator === '$in' && Array.isArray(operand) && operand.length === 1)
      return operand.filter(isPlainValue);
    if (operator === '$all' && Array.isArray(operand)) return operand.filter(isPlainValue);
    return [];
  });
}

function isPlainValue(value: unknown): boolean {
  return !(value instanceof BSONRegExp) && !isOperatorDocument(value);
}

function addEquality(equalities: Map<string, unknown>, path: string, value: unknown): void {
  for (const other of equalities.keys()) {
    if (other === path) {
      throw new MongoError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    }
    if (other.startsWith(`${path}.`) || path.startsWith(`${other}.`)) {
      throw new MongoError(
        54,
        `cannot infer query fields to set, both paths '${other}' and '${path}' are matched`,
      );
    }
  }
  equalities.set(path, value);
}

function setPath(seed: Document, components: readonly string[], value: unknown): void {
  let document = seed;
  components.forEach((name, index) => {
    if (index === components.length - 1) {
      setField(document, name, value);
      return;
    }
    const present = getField(document, name);
    const child: Document = isDocument(present) ? present : {};
    setField(document, name, child);
    document = child;
  });
}
