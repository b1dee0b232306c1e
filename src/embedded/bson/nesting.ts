/** How deep a stored document may be. Messages may be deeper, since statements wrap documents. */
import { MongoError } from '../errors.ts';
import { type Document, isDocument } from './types.ts';

/** MongoDB's limit. Source: https://www.mongodb.com/docs/manual/reference/limits/ */
export const MAX_STORED_NESTING = 100;
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
  if (level > MAX_STORED_NESTING)
    throw new MongoError(15, `the document to store exceeds ${MAX_STORED_NESTING} levels of nesting`);
  const inner = Array.isArray(value) ? value : Object.values(value);
  for (const each of inner) if (isDocument(each) || Array.isArray(each)) checkLevel(each, level + 1);
}
