/** The document that an upsert begins with: the fields that the filter requires to be equal to a value. */

import { BSONRegExp } from 'bson';
import { getField, setField } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { isOperatorDocument } from '../matcher/operators.ts';

/**
 * Takes equalities from the filter, through `$and`, a single `$or` clause, `$eq`, and `$in` and `$all` of one value.
 * @throws MongoError 54 when a path would be set twice or inside another
 */
export function seedFromFilter(filter: Document): Document {
  return seedOf(equalitiesOf(filter));
}

/**
 * The same for a replacement, which takes nothing but `_id`.
 * @throws MongoError 54 when `_id` would be set twice, 111 for a part of it: the order of its parts would be anybody's guess
 */
export function seedIdFromFilter(filter: Document): Document {
  const equalities = equalitiesOf(filter, (path) => {
    if (path.startsWith('_id.'))
      throw new MongoError(111, `field at '_id' must be exactly specified, field at sub-path '${path}'found`);
    return path === '_id';
  });
  return seedOf(equalities);
}

/** @throws MongoError 224 for `$expr`, of which nobody could say what it makes equal */
export function checkUpsertFilter(filter: Document): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$expr')
      throw new MongoError(224, '$expr is not allowed in the query predicate for an upsert');
    if (!name.startsWith('$') || !Array.isArray(operand)) continue;
    for (const clause of operand) if (isDocument(clause)) checkUpsertFilter(clause);
  }
}

function seedOf(equalities: ReadonlyMap<string, unknown>): Document {
  const seed: Document = {};
  if (equalities.has('_id')) setField(seed, '_id', equalities.get('_id'));
  for (const [path, value] of equalities) setPath(seed, path.split('.'), value);
  return seed;
}

function equalitiesOf(filter: Document, isWanted = (_path: string) => true): ReadonlyMap<string, unknown> {
  const equalities = new Map<string, unknown>();
  const collect = (clause: Document): void => {
    for (const [name, condition] of Object.entries(clause)) {
      if (name === '$and' && Array.isArray(condition)) {
        condition.forEach(collect);
      } else if (name === '$or' && Array.isArray(condition) && condition.length === 1) {
        collect(condition[0]);
      } else if (!name.startsWith('$')) {
        for (const value of equalValuesOf(condition))
          if (isWanted(name)) addEquality(equalities, name, value);
      }
    }
  };
  collect(filter);
  return equalities;
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
