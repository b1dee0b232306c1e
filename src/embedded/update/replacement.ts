/** Updates that replace the whole document and keep its `_id`. */
import { describeValue } from '../bson/describe.ts';
import { fieldNames, withFirst } from '../bson/field-order.ts';
import { BsonType, type Document, typeName, typeOf } from '../bson/types.ts';
import { immutableField, MongoError } from '../errors.ts';
import { equalValues } from '../order/compare.ts';

/** The replacement with the document's `_id` in first place. */
export function replaceDocument(original: Document, replacement: Document): Document {
  const id = original._id;
  const { _id: newId, ...fields } = replacement;
  if (id !== undefined && newId !== undefined && !equalValues(id, newId)) {
    throw immutableField(
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${describeValue(newId)}`,
    );
  }
  const kept = id ?? newId;
  return kept === undefined ? fields : withFirst(replacement, '_id', kept);
}

/**
 * Checks that an update left `_id` alone, and moves one that an upsert made into first place.
 * @throws MongoError 66 when `_id` changed, 53 when it has a type that no `_id` may have
 */
export function settleId(original: Document, updated: Document): Document {
  const before = original._id;
  const after = updated._id;
  if (before === after) return updated;
  if (before !== undefined && (after === undefined || !equalValues(before, after))) {
    throw immutableField("Performing an update on the path '_id' would modify the immutable field '_id'");
  }
  checkIdType(after);
  return fieldNames(updated)[0] === '_id' ? updated : withFirst(updated, '_id', after);
}

const TYPES_NOT_ALLOWED: readonly number[] = [BsonType.array, BsonType.regex, BsonType.undefined];

/** @throws MongoError 53 */
export function checkIdType(id: unknown): void {
  const type = typeOf(id);
  if (TYPES_NOT_ALLOWED.includes(type)) {
    throw new MongoError(53, `The '_id' value cannot be of type ${typeName(type)}`);
  }
}
