/** Projections: which part of a document is answered. See projection/. */
import type { Document } from './bson/types.ts';
import { notSupported } from './errors.ts';

export interface ProjectionOptions {
  readonly filter?: Document | undefined;
  readonly let?: Document | undefined;
}

export function compileProjection(
  _projection: Document,
  _options: ProjectionOptions = {},
): (document: Document) => Document {
  throw notSupported('projector');
}
