/** Updates: what becomes of a document. See update/ for the operators. */
import type { Document } from './bson/types.ts';
import { notSupported } from './errors.ts';
import type { Collation } from './order/collation.ts';

export interface UpdateOptions {
  readonly arrayFilters?: readonly Document[] | undefined;
  /** The filter that found the document; resolves `$`. */
  readonly filter?: Document | undefined;
  readonly collation?: Collation | undefined;
  readonly now: () => Date;
  readonly let?: Document | undefined;
}

export interface UpdateResult {
  /** The new document; the given one when nothing changed. */
  readonly doc: Document;
  readonly changed: boolean;
}

export interface CompiledUpdate {
  /** `isInsert`: the document is a seed of an upsert, `$setOnInsert` counts. The given document is never changed. */
  apply(document: Document, isInsert: boolean): UpdateResult;
}

export function compileUpdate(
  _update: Document | readonly Document[],
  _options: UpdateOptions,
): CompiledUpdate {
  throw notSupported('updater');
}

export function seedFromFilter(_filter: Document): Document {
  throw notSupported('updater');
}
