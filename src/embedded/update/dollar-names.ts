/**
 * Names at the top of a document that begin with a dollar. An insert may make them, an upsert that inserts too; an update
 * of a document that is there may not, except through a pipeline. It may change what is inside of one, and take it away.
 * Source: https://www.mongodb.com/docs/v7.0/core/dot-dollar-considerations/dollar-prefix/
 */
import { getField } from '../bson/fields.ts';
import type { Document } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import type { Branch } from './tree.ts';

/** @throws MongoError 52 for a name in a replacement */
export function refuseDollarNames(replacement: Document): void {
  const name = Object.keys(replacement).find((each) => each.startsWith('$'));
  if (name !== undefined) throw dollarName(name);
}

/** @returns a check of what a tree of operators has made of a document, which throws MongoError 52 */
export function compileDollarCheck({ children }: Branch): (before: Document, after: Document) => void {
  const suspects = [...children].filter(([name]) => name.startsWith('$'));
  return (before, after) => {
    for (const [name, node] of suspects) {
      const [was, is] = [getField(before, name), getField(after, name)];
      const isMade = 'leaf' in node || was === undefined;
      if (isMade && is !== undefined && is !== was) throw dollarName(name);
    }
  };
}

function dollarName(name: string): MongoError {
  return new MongoError(
    52,
    `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
  );
}
