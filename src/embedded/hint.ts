// Finds the index that a hint names, by its name or by its key pattern.
import { fieldEntries } from './bson/field-order.ts';
import { type Document, isDocument } from './bson/types.ts';
import { badValue } from './errors.ts';
import type { CollectionInfo, IndexInfo } from './index-info.ts';

/** @throws MongoError 2 when there is no such index, or it is hidden or not on disk yet */
export function findHintedIndex(collection: CollectionInfo, hint: unknown): IndexInfo | undefined {
  if (isDocument(hint) && Object.keys(hint).length === 0) return undefined;
  const index = collection.indexes.find((candidate) =>
    typeof hint === 'string' ? candidate.name === hint : samePattern(candidate.key, hint),
  );
  if (!index || index.hidden || index.isPending) {
    const known = collection.indexes.map((candidate) => candidate.name).join(', ');
    throw badValue(
      `hint provided does not correspond to an existing index: ${JSON.stringify(hint)}; indexes: ${known}`,
    );
  }
  return index;
}

/** Same fields in the same order with the same directions. */
export function samePattern(pattern: Document, other: unknown): boolean {
  if (!isDocument(other)) return false;
  const left = fieldEntries(pattern);
  const right = fieldEntries(other);
  return (
    left.length === right.length &&
    left.every(
      ([path, direction], index) =>
        right[index]?.[0] === path && Number(right[index]?.[1]) === Number(direction),
    )
  );
}
