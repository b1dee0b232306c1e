/** Values that a dotted path reaches in a document, through arrays on the way. */
import { getField, isArrayIndex } from '../bson/fields.ts';
import { type Document, isDocument } from '../bson/types.ts';

/**
 * Values at the path: one for each way through arrays. An array at the end of the path counts as one value.
 * Ways that lead nowhere add nothing.
 */
export function valuesAtPath(document: Document, path: string): unknown[] {
  const found: unknown[] = [];
  collect(document, path.split('.'), 0, found);
  return found;
}

/** Whether any way through the document reaches a value (null counts). */
export function pathExists(document: Document, path: string): boolean {
  return valuesAtPath(document, path).length > 0;
}

/** What `distinct` looks at: arrays at the end of the path count by their elements. */
export function distinctValuesAtPath(document: Document, path: string): unknown[] {
  return valuesAtPath(document, path).flatMap((value) => (Array.isArray(value) ? value : [value]));
}

function collect(value: unknown, components: readonly string[], index: number, found: unknown[]): void {
  if (index === components.length) {
    if (value !== undefined) found.push(value);
    return;
  }
  const name = components[index] as string;
  if (Array.isArray(value)) {
    if (isArrayIndex(name)) collect(value[Number(name)], components, index + 1, found);
    // An array inside an array is entered by position only, never implicitly.
    for (const element of value) if (isDocument(element)) collect(element, components, index, found);
    return;
  }
  if (isDocument(value)) collect(getField(value, name), components, index + 1, found);
}
