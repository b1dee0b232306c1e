/** What a document has to offer to a join: the values of `localField` and `connectFromField`. */
import { getField, isArrayIndex } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';

/**
 * Values at the path, through arrays of documents on the way; of an array at its end, the elements. A number is the position
 * in an array and then no name.
 * Source: https://github.com/mongodb/mongo/blob/v7.0/src/mongo/db/pipeline/document_path_support.cpp
 */
export function joinValuesAtPath(document: Document, components: readonly string[]): unknown[] {
  let value = getField(document, components[0] as string);
  let next = 1;
  while (next < components.length && Array.isArray(value) && isArrayIndex(components[next] as string))
    value = value[Number(components[next++])];
  const found: unknown[] = Array.isArray(value) ? value : [value];
  if (next === components.length) return found.filter((each) => each !== undefined);
  const rest = components.slice(next);
  return found.flatMap((each) => (isDocument(each) ? joinValuesAtPath(each, rest) : []));
}
