/** Updates given as a pipeline: `$set`, `$unset`, `$project` and `$replaceWith` on one document. */
import type { Document } from '../bson/types.ts';
import { notSupported } from '../errors.ts';
import type { Collation } from '../order/collation.ts';

export interface PipelineUpdateOptions {
  readonly collation?: Collation | undefined;
  readonly now: () => Date;
  readonly let?: Document | undefined;
}

export function compilePipelineUpdate(
  _pipeline: readonly Document[],
  _options: PipelineUpdateOptions,
): (document: Document) => Document {
  throw notSupported('Pipeline updates');
}
