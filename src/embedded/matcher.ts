/** Filters: what a document must be like. See matcher/ for the operators. */
import type { Document } from './bson/types.ts';
import { notSupported } from './errors.ts';
import type { Collation } from './order/collation.ts';

export interface FilterOptions {
  readonly collation?: Collation | undefined;
  /** Variables of the command's `let`, already evaluated. */
  readonly let?: Document | undefined;
}

export type Matches = (document: Document) => boolean;

export function compileFilter(_filter: Document, _options: FilterOptions = {}): Matches {
  throw notSupported('matcher');
}

/** Index of the array element that made the filter match, for `$` in updates and projections. */
export function positionalMatch(
  _filter: Document,
  _document: Document,
  _options: FilterOptions = {},
): number | undefined {
  throw notSupported('matcher');
}
