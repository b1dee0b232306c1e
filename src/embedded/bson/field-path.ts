// Dotted paths as pipelines, projections and sorts may name them.
import { MongoError } from '../errors.ts';

/** Of the names that begin with a dollar, those of a reference to a document may be named. */
const REFERENCE_FIELDS: ReadonlySet<string> = new Set(['$ref', '$id', '$db']);

/**
 * The components of a path.
 * @throws MongoError 40352, 40353, 15998 for what is empty, 16410 for a name that begins with a dollar
 */
export function fieldPathComponents(path: string): readonly string[] {
  if (path === '') throw new MongoError(40352, 'FieldPath cannot be constructed with empty string');
  if (path.endsWith('.')) throw new MongoError(40353, "FieldPath must not end with a '.'.");
  const components = path.split('.');
  for (const name of components) {
    if (name === '') throw new MongoError(15998, 'FieldPath field names may not be empty strings.');
    if (name.startsWith('$') && !REFERENCE_FIELDS.has(name))
      throw new MongoError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField. Found '${name}'.`,
      );
  }
  return components;
}
