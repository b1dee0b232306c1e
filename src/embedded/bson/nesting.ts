/** How deep a stored document may be. Messages may be deeper, since statements wrap documents. */
import { MongoError } from '../errors.ts';
import { type Document, isDocument } from './types.ts';

/**
 * MongoDB's limit for what it stores: 20 less than for a message. The manual promises 100 only.
 * Source: https://github.com/mongodb/mongo/blob/v7.0/src/mongo/bson/bson_depth.h
 */
export const MAX_STORED_NESTING = 180;
/** A level takes its length, its closing zero, and the type and name of the field it is in. */
const LEAST_LEVEL_BYTES = 7;

/**
 * @param bytes size of the document: short ones cannot be deep and are not looked at
 * @throws MongoError 15, Overflow
 */
export function checkNesting(document: Document, bytes: number): void {
  if (bytes > MAX_STORED_NESTING * LEAST_LEVEL_BYTES) checkLevel(document, 1);
}

function checkLevel(value: Document | readonly unknown[], level: number): void {
  const inner = Array.isArray(value) ? value : Object.values(value);
  // What is empty does not count.
  if (level > MAX_STORED_NESTING && inner.length > 0)
    throw new MongoError(
      15,
      `cannot insert document because it exceeds ${MAX_STORED_NESTING} levels of nesting`,
    );
  for (const each of inner) if (isDocument(each) || Array.isArray(each)) checkLevel(each, level + 1);
}
