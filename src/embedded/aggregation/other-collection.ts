/** What the stages that read other collections have in common. */
import { fieldPathComponents } from '../bson/field-path.ts';
import { type Document, isDocument, typeName, typeOf } from '../bson/types.ts';
import { MongoError, notSupported } from '../errors.ts';
import { addComputed, insertPath, newBranch } from '../projection/tree.ts';

/** Sets a possibly dotted field to a list of documents. */
export function setAs(
  path: unknown,
  compute: (document: Document) => Document[],
): (document: Document) => Document {
  if (typeof path !== 'string' || path === '')
    throw new MongoError(9, "the 'as' field must be a non-empty string");
  const tree = newBranch();
  insertPath(tree, path, { kind: 'compute', compute });
  return (document) => addComputed(tree, { ...document }, document);
}

export function collectionName(stage: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  if (isDocument(value)) throw notSupported(`A collection of another database in ${stage}`, 9);
  throw new MongoError(9, `${stage} argument 'from' must be a string`);
}

/** A path as an argument of a stage; undefined when it is not given. @throws MongoError `code`, those of a path */
export function pathArgument(stage: string, given: Document, argument: string, code = 9): string | undefined {
  const path: unknown = given[argument];
  if (path === undefined) return undefined;
  if (typeof path !== 'string')
    throw new MongoError(
      code,
      `${stage} argument '${argument}' must be a string, found ${typeName(typeOf(path))}`,
    );
  fieldPathComponents(path);
  return path;
}

/** @throws MongoError 9 when a stage that names no collection brings no documents of its own */
export function requireDocuments(stage: string, pipeline: unknown): void {
  const first: unknown = Array.isArray(pipeline) ? pipeline[0] : undefined;
  if (isDocument(first) && '$documents' in first) return;
  throw new MongoError(
    9,
    `${stage} stage without explicit collection must have a pipeline with $documents as first stage`,
  );
}
